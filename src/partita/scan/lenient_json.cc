#include "partita/scan/lenient_json.h"

#include <algorithm>
#include <utility>

#include <arrow/builder.h>

#include "partita/base/error.h"
#include "partita/model/nested_text.h"
#include "partita/model/scalar_text.h"
#include "partita/scan/json_objects.h"
#include "partita/scan/json_scalar.h"
#include "partita/scan/json_values.h"
#include "partita/scan/text_builder.h"

namespace partita {
namespace {

using Kind = JsonCursor::Kind;

arrow::Status Misfit(const DataType& type, std::string_view found) {
  constexpr size_t kShownBytes = 80;
  return Error(ErrorCode::kBadInput, "not a value of type {}: {}", HiveTypeName(type),
               found.substr(0, kShownBytes));
}

bool IsOfKind(Kind kind, const DataType& type) {
  return kind == (type.id == TypeId::kArray ? Kind::kArray : Kind::kObject);
}

}  // namespace

LenientJsonRows::LenientJsonRows(const JsonOptions& options, Schema schema,
                                 std::vector<arrow::ArrayBuilder*> builders)
    : options_(options),
      fields_(std::move(schema.fields)),
      builders_(std::move(builders)) {
  const Schema all{.fields = fields_};
  const int found = options_.corrupt_record_column.empty()
                        ? -1
                        : all.Find(options_.corrupt_record_column);
  if (found >= 0 && fields_[static_cast<size_t>(found)].type.id == TypeId::kString) {
    corrupt_record_ =
        static_cast<arrow::StringBuilder*>(builders_[static_cast<size_t>(found)]);
    fields_.erase(fields_.begin() + found);
    builders_.erase(builders_.begin() + found);
  }
}

arrow::Result<LenientLine> LenientJsonRows::Append(std::string_view line) {
  ARROW_RETURN_NOT_OK(JsonCursor::Make(line).status());
  reason_ = arrow::Status::OK();
  ARROW_ASSIGN_OR_RAISE(const int64_t num_objects, CheckLine(line));
  const int64_t num_rows = reason_.ok() ? num_objects : std::max<int64_t>(num_objects, 1);
  LenientLine outcome{.num_rows = num_rows, .malformed = {}, .reason = reason_};
  if (!reason_.ok() && options_.malformed == MalformedRecords::kDrop) {
    outcome.num_rows = 0;
    outcome.malformed.num_dropped = num_rows;
    return outcome;
  }
  outcome.malformed.num_with_nulls = reason_.ok() ? 0 : num_rows;
  std::string_view text = line;
  text.remove_suffix(line.ends_with('\r') ? 1 : 0);  // which is of the line's end
  const std::string_view* malformed_text = reason_.ok() ? nullptr : &text;
  if (num_objects > 1) {
    ARROW_RETURN_NOT_OK(AppendObjects(line, malformed_text));
  } else if (num_rows == 1) {
    ARROW_RETURN_NOT_OK(AppendRow(row_, malformed_text));
  }
  return outcome;
}

arrow::Result<int64_t> LenientJsonRows::CheckLine(std::string_view line) {
  int64_t num_objects = 0;
  row_.assign(fields_.size(), std::nullopt);
  const arrow::Result<bool> is_whole =
      VisitLeadingJsonObjects(line, [&](JsonCursor* cursor) {
        ++num_objects;
        return CheckRow(cursor);
      });
  if (is_whole.ok()) {
    if (!*is_whole) {
      Note(NotOneJsonValue());
    }
    return num_objects;
  }
  if (CodeOf(is_whole.status()) != ErrorCode::kBadInput) {
    return is_whole.status();
  }
  reason_ = is_whole.status();
  row_.assign(fields_.size(), std::nullopt);
  return 0;
}

arrow::Status LenientJsonRows::CheckRow(JsonCursor* cursor) {
  row_.assign(fields_.size(), std::nullopt);
  return CheckObject(cursor, fields_, &row_).status();
}

arrow::Status LenientJsonRows::AppendObjects(std::string_view line,
                                             const std::string_view* malformed_text) {
  return VisitLeadingJsonObjects(line,
                                 [&](JsonCursor* cursor) {
                                   ARROW_RETURN_NOT_OK(CheckRow(cursor));
                                   return AppendRow(row_, malformed_text);
                                 })
      .status();
}

void LenientJsonRows::Note(const arrow::Status& reason) {
  if (reason_.ok()) {
    reason_ = reason;
  }
}

arrow::Result<LenientJsonRows::Fit> LenientJsonRows::Check(JsonCursor* cursor,
                                                           const DataType& type) {
  ARROW_ASSIGN_OR_RAISE(const Kind kind, cursor->Peek());
  if (kind == Kind::kNull) {
    ARROW_RETURN_NOT_OK(cursor->ReadToken());
    return Fit::kWhole;
  }
  if (!IsNested(type)) {
    return CheckScalar(cursor, kind, type);
  }
  if (!IsOfKind(kind, type)) {
    ARROW_ASSIGN_OR_RAISE(const std::string_view text, cursor->ReadRaw());
    Note(Misfit(type, text));
    return Fit::kNot;
  }
  if (type.id == TypeId::kArray) {
    return CheckArray(cursor, type);
  }
  if (type.id == TypeId::kMap) {
    return CheckMap(cursor, type);
  }
  Places places(type.children.size());
  return CheckObject(cursor, type.children, &places);
}

arrow::Result<LenientJsonRows::Fit> LenientJsonRows::CheckScalar(JsonCursor* cursor,
                                                                 Kind kind,
                                                                 const DataType& type) {
  ARROW_ASSIGN_OR_RAISE(const std::string_view text,
                        kind == Kind::kString ? cursor->ReadString() : cursor->ReadRaw());
  if (FitsJsonScalar(kind, text, type)) {
    return Fit::kWhole;
  }
  Note(Misfit(type, text));
  return Fit::kNot;
}

arrow::Result<LenientJsonRows::Fit> LenientJsonRows::CheckArray(JsonCursor* cursor,
                                                                const DataType& type) {
  Fit fit = Fit::kWhole;
  ARROW_RETURN_NOT_OK(cursor->Enter(Kind::kArray));
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const bool has_element, cursor->NextElement());
    if (!has_element) {
      return fit;
    }
    ARROW_ASSIGN_OR_RAISE(const Fit element, Check(cursor, type.children[0].type));
    fit = std::max(fit, element);
  }
}

arrow::Result<LenientJsonRows::Fit> LenientJsonRows::CheckMap(JsonCursor* cursor,
                                                              const DataType& type) {
  Fit fit = Fit::kWhole;
  ARROW_RETURN_NOT_OK(cursor->Enter(Kind::kObject));
  for (;;) {
    std::string_view key;
    ARROW_ASSIGN_OR_RAISE(const bool has_member, cursor->NextMember(&key));
    if (!has_member) {
      return fit;
    }
    if (!FitsType(key, type.children[0].type)) {
      Note(Misfit(type.children[0].type, key));
      fit = Fit::kNot;
    }
    ARROW_ASSIGN_OR_RAISE(const Fit value, Check(cursor, type.children[1].type));
    fit = std::max(fit, value);
  }
}

arrow::Result<LenientJsonRows::Fit> LenientJsonRows::CheckObject(
    JsonCursor* cursor, const std::vector<Field>& fields, Places* places) {
  Fit fit = Fit::kWhole;
  std::vector<bool> is_named(fields.size());
  ARROW_RETURN_NOT_OK(cursor->Enter(Kind::kObject));
  for (;;) {
    std::string_view name;
    ARROW_ASSIGN_OR_RAISE(const bool has_member, cursor->NextMember(&name));
    if (!has_member) {
      return fit;
    }
    const int index = FindJsonField(fields, name);
    if (index < 0) {
      ARROW_RETURN_NOT_OK(cursor->ReadRaw());
      continue;
    }
    const auto i = static_cast<size_t>(index);
    if (is_named[i]) {
      Note(Error(ErrorCode::kBadInput, "an object names a member twice: {}", name));
      fit = Fit::kInPart;
    }
    is_named[i] = true;
    ARROW_ASSIGN_OR_RAISE(const Fit member,
                          CheckMember(cursor, fields[i], name, &(*places)[i]));
    fit = member == Fit::kWhole ? fit : Fit::kInPart;
  }
}

arrow::Result<LenientJsonRows::Fit> LenientJsonRows::CheckMember(
    JsonCursor* cursor, const Field& field, std::string_view name,
    std::optional<Place>* place) {
  const bool is_exact = name == field.name;  // before the name's bytes are re-used
  const JsonCursor begin = *cursor;
  const bool was_sound = reason_.ok();
  ARROW_ASSIGN_OR_RAISE(const Fit fit, Check(cursor, field.type));
  if (was_sound && !reason_.ok()) {
    reason_ = WithContext(reason_, "column " + field.name);
  }
  const bool is_better = !place->has_value() || is_exact || !(*place)->has_exact_name;
  if (fit != Fit::kNot && is_better) {
    *place = Place{.cursor = begin, .fit = fit, .has_exact_name = is_exact};
  }
  return fit;
}

arrow::Status LenientJsonRows::AppendPlace(const std::optional<Place>& place,
                                           const DataType& type,
                                           arrow::ArrayBuilder* builder) {
  if (!place.has_value()) {
    return builder->AppendNull();
  }
  JsonCursor cursor = place->cursor;
  return place->fit == Fit::kWhole ? AppendJsonValue(&cursor, type, builder)
                                   : AppendPart(&cursor, type, builder);
}

arrow::Status LenientJsonRows::AppendElement(JsonCursor* cursor, const DataType& type,
                                             arrow::ArrayBuilder* builder) {
  JsonCursor ahead = *cursor;
  ARROW_ASSIGN_OR_RAISE(const Fit fit, Check(&ahead, type));
  ARROW_RETURN_NOT_OK(AppendPlace(Place{.cursor = *cursor, .fit = fit}, type, builder));
  *cursor = std::move(ahead);
  return arrow::Status::OK();
}

arrow::Status LenientJsonRows::AppendPart(JsonCursor* cursor, const DataType& type,
                                          arrow::ArrayBuilder* builder) {
  if (type.id == TypeId::kStruct) {
    auto* parts = static_cast<arrow::StructBuilder*>(builder);
    ARROW_RETURN_NOT_OK(parts->Append());
    Places places(type.children.size());
    ARROW_RETURN_NOT_OK(CheckObject(cursor, type.children, &places));
    for (size_t i = 0; i < places.size(); ++i) {
      ARROW_RETURN_NOT_OK(AppendPlace(places[i], type.children[i].type,
                                      parts->field_builder(static_cast<int>(i))));
    }
    return arrow::Status::OK();
  }
  if (type.id == TypeId::kArray) {
    auto* list = static_cast<arrow::ListBuilder*>(builder);
    ARROW_RETURN_NOT_OK(list->Append());
    ARROW_RETURN_NOT_OK(cursor->Enter(Kind::kArray));
    for (;;) {
      ARROW_ASSIGN_OR_RAISE(const bool has_element, cursor->NextElement());
      if (!has_element) {
        return arrow::Status::OK();
      }
      ARROW_RETURN_NOT_OK(
          AppendElement(cursor, type.children[0].type, list->value_builder()));
    }
  }
  auto* map = static_cast<arrow::MapBuilder*>(builder);
  ARROW_RETURN_NOT_OK(map->Append());
  ARROW_RETURN_NOT_OK(cursor->Enter(Kind::kObject));
  for (;;) {
    std::string_view key;
    ARROW_ASSIGN_OR_RAISE(const bool has_member, cursor->NextMember(&key));
    if (!has_member) {
      return arrow::Status::OK();
    }
    ARROW_RETURN_NOT_OK(AppendText(key, type.children[0].type, map->key_builder()));
    ARROW_RETURN_NOT_OK(
        AppendElement(cursor, type.children[1].type, map->item_builder()));
  }
}

arrow::Status LenientJsonRows::AppendRow(const Places& row,
                                         const std::string_view* malformed_text) {
  for (size_t i = 0; i < row.size(); ++i) {
    ARROW_RETURN_NOT_OK(AppendPlace(row[i], fields_[i].type, builders_[i]));
  }
  if (corrupt_record_ == nullptr) {
    return arrow::Status::OK();
  }
  return malformed_text == nullptr ? corrupt_record_->AppendNull()
                                   : corrupt_record_->Append(*malformed_text);
}

}  // namespace partita
