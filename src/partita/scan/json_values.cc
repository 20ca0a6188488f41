#include "partita/scan/json_values.h"

#include <cstddef>

#include <arrow/builder.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/scan/json_scalar.h"
#include "partita/scan/text_builder.h"

namespace partita {
namespace {

using Kind = JsonCursor::Kind;

arrow::Status WrongKind(const DataType& type, std::string_view found) {
  return Error(ErrorCode::kBadInput, "expected a value of type {}, but found {}",
               HiveTypeName(type), found);
}

arrow::Status AppendScalar(JsonCursor* cursor, Kind kind, const DataType& type,
                           arrow::ArrayBuilder* builder) {
  ARROW_ASSIGN_OR_RAISE(const std::string_view text,
                        kind == Kind::kString ? cursor->ReadString() : cursor->ReadRaw());
  return AppendJsonScalar(kind, text, type, builder);
}

arrow::Status AppendArray(JsonCursor* cursor, const DataType& type,
                          arrow::ListBuilder* builder) {
  ARROW_RETURN_NOT_OK(builder->Append());
  ARROW_RETURN_NOT_OK(cursor->Enter(Kind::kArray));
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const bool has_element, cursor->NextElement());
    if (!has_element) {
      return arrow::Status::OK();
    }
    ARROW_RETURN_NOT_OK(
        AppendJsonValue(cursor, type.children[0].type, builder->value_builder()));
  }
}

arrow::Status AppendMap(JsonCursor* cursor, const DataType& type,
                        arrow::MapBuilder* builder) {
  ARROW_RETURN_NOT_OK(builder->Append());
  ARROW_RETURN_NOT_OK(cursor->Enter(Kind::kObject));
  for (;;) {
    std::string_view key;
    ARROW_ASSIGN_OR_RAISE(const bool has_member, cursor->NextMember(&key));
    if (!has_member) {
      return arrow::Status::OK();
    }
    ARROW_RETURN_NOT_OK(AppendText(key, type.children[0].type, builder->key_builder()));
    ARROW_RETURN_NOT_OK(
        AppendJsonValue(cursor, type.children[1].type, builder->item_builder()));
  }
}

arrow::Status AppendStruct(JsonCursor* cursor, const DataType& type,
                           arrow::StructBuilder* builder) {
  ARROW_RETURN_NOT_OK(builder->Append());
  return AppendJsonMembers(cursor, type.children, FieldBuilders(builder));
}

}  // namespace

int FindJsonField(const std::vector<Field>& fields, std::string_view name) {
  int close = -1;
  for (size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) {
      return static_cast<int>(i);
    }
    if (close < 0 && EqualsIgnoringCase(fields[i].name, name)) {
      close = static_cast<int>(i);
    }
  }
  return close;
}

std::vector<arrow::ArrayBuilder*> FieldBuilders(arrow::StructBuilder* builder) {
  std::vector<arrow::ArrayBuilder*> builders;
  builders.reserve(static_cast<size_t>(builder->num_fields()));
  for (int i = 0; i < builder->num_fields(); ++i) {
    builders.push_back(builder->field_builder(i));
  }
  return builders;
}

arrow::Status AppendJsonMembers(JsonCursor* cursor, const std::vector<Field>& fields,
                                const std::vector<arrow::ArrayBuilder*>& builders) {
  std::vector<bool> is_filled(fields.size());
  ARROW_RETURN_NOT_OK(cursor->Enter(Kind::kObject));
  for (;;) {
    std::string_view name;
    ARROW_ASSIGN_OR_RAISE(const bool has_member, cursor->NextMember(&name));
    if (!has_member) {
      break;
    }
    const int index = FindJsonField(fields, name);
    if (index < 0) {
      ARROW_RETURN_NOT_OK(cursor->ReadRaw());
      continue;
    }
    const auto i = static_cast<size_t>(index);
    if (is_filled[i]) {
      return Error(ErrorCode::kBadInput, "an object names a member twice: {}", name);
    }
    const arrow::Status appended = AppendJsonValue(cursor, fields[i].type, builders[i]);
    if (!appended.ok()) {
      return WithContext(appended, "column " + fields[i].name);
    }
    is_filled[i] = true;
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    if (!is_filled[i]) {
      ARROW_RETURN_NOT_OK(builders[i]->AppendNull());
    }
  }
  return arrow::Status::OK();
}

arrow::Status AppendJsonValue(JsonCursor* cursor, const DataType& type,
                              arrow::ArrayBuilder* builder) {
  ARROW_ASSIGN_OR_RAISE(const Kind kind, cursor->Peek());
  if (kind == Kind::kNull) {
    ARROW_RETURN_NOT_OK(cursor->ReadToken());
    return builder->AppendNull();
  }
  if (type.id == TypeId::kArray) {
    return kind == Kind::kArray
               ? AppendArray(cursor, type, static_cast<arrow::ListBuilder*>(builder))
               : WrongKind(type, "something that is no array");
  }
  if (type.id != TypeId::kMap && type.id != TypeId::kStruct) {
    return AppendScalar(cursor, kind, type, builder);
  }
  if (kind != Kind::kObject) {
    return WrongKind(type, "something that is no object");
  }
  return type.id == TypeId::kMap
             ? AppendMap(cursor, type, static_cast<arrow::MapBuilder*>(builder))
             : AppendStruct(cursor, type, static_cast<arrow::StructBuilder*>(builder));
}

}  // namespace partita
