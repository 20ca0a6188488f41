#include "partita/encode/text/json_value_writer.h"

#include "partita/base/error.h"
#include "partita/encode/text/json_string.h"
#include "partita/model/scalar_text.h"

namespace partita {
namespace {

// NaN and infinities.
bool IsNoJsonNumber(TypeId type, std::string_view text) {
  return (type == TypeId::kFloat || type == TypeId::kDouble) &&
         text.find_first_of("0123456789") == std::string_view::npos;
}

}  // namespace

bool IsQuotedInJson(TypeId type) {
  return type == TypeId::kString || type == TypeId::kBinary || type == TypeId::kDate ||
         type == TypeId::kTimestamp || type == TypeId::kTimestampNtz;
}

void AppendJsonScalar(TypeId type, std::string_view rendered, std::string* out) {
  if (IsQuotedInJson(type) || IsNoJsonNumber(type, rendered)) {
    AppendJsonString(rendered, out);
  } else {
    out->append(rendered);
  }
}

arrow::Status CheckJsonKeys(const DataType& type) {
  if (type.id == TypeId::kMap && IsNested(type.children[0].type)) {
    return Error(ErrorCode::kInvalidConfig,
                 "JSON has no text for a map's keys of type {}; write Parquet, or select "
                 "other columns",
                 HiveTypeName(type.children[0].type));
  }
  for (const Field& child : type.children) {
    ARROW_RETURN_NOT_OK(CheckJsonKeys(child.type));
  }
  return arrow::Status::OK();
}

arrow::Status JsonValueWriter::Append(std::string_view text, const DataType& type,
                                      std::string* out) {
  NestedTextReader reader(text);
  AppendValue(type, &reader, out);
  return reader.Finish();
}

void JsonValueWriter::AppendNullable(const DataType& type, NestedTextReader* text,
                                     std::string* out) {
  if (text->TakeNull()) {
    out->append("null");
  } else {
    AppendValue(type, text, out);
  }
}

void JsonValueWriter::AppendValue(const DataType& type, NestedTextReader* text,
                                  std::string* out) {
  switch (type.id) {
    case TypeId::kStruct:
      return AppendStruct(type, text, out);
    case TypeId::kArray:
      return AppendArray(type, text, out);
    case TypeId::kMap:
      return AppendMap(type, text, out);
    default:
      return AppendScalar(type, text->TakeScalar(), out);
  }
}

void JsonValueWriter::AppendStruct(const DataType& type, NestedTextReader* text,
                                   std::string* out) {
  text->EnterStruct();
  char separator = '{';
  for (const Field& member : type.children) {
    const bool is_null = text->TakeNull();
    if (is_null && options_->ignore_null_fields) {
      continue;
    }
    out->push_back(separator);
    separator = ',';
    AppendJsonString(member.name, out);
    out->push_back(':');
    if (is_null) {
      out->append("null");
    } else {
      AppendValue(member.type, text, out);
    }
  }
  out->append(separator == '{' ? "{}" : "}");
}

void JsonValueWriter::AppendArray(const DataType& type, NestedTextReader* text,
                                  std::string* out) {
  out->push_back('[');
  const size_t count = text->EnterArray();
  for (size_t i = 0; i < count; ++i) {
    out->append(i == 0 ? "" : ",");
    AppendNullable(type.children[0].type, text, out);
  }
  out->push_back(']');
}

void JsonValueWriter::AppendMap(const DataType& type, NestedTextReader* text,
                                std::string* out) {
  out->push_back('{');
  const size_t count = text->EnterMap();
  for (size_t i = 0; i < count; ++i) {
    out->append(i == 0 ? "" : ",");
    AppendKey(type.children[0].type, text->TakeScalar(), out);
    out->push_back(':');
    AppendNullable(type.children[1].type, text, out);
  }
  out->push_back('}');
}

void JsonValueWriter::AppendScalar(const DataType& type, std::string_view text,
                                   std::string* out) {
  // Binary is in base64 already.
  if (type.id == TypeId::kBinary || IsCanonical(text, type, RenderStyle::kDataFile)) {
    return AppendJsonScalar(type.id, text, out);
  }
  rendered_.clear();
  AppendRendered(text, type, RenderStyle::kDataFile, &rendered_);
  AppendJsonScalar(type.id, rendered_, out);
}

void JsonValueWriter::AppendKey(const DataType& type, std::string_view text,
                                std::string* out) {
  rendered_.clear();
  switch (type.id) {
    case TypeId::kString:
    case TypeId::kBinary:
      return AppendJsonString(text, out);
    case TypeId::kDate:
      rendered_ = std::to_string(ParseDate(text).value_or(0));
      break;
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
      rendered_ = std::to_string(ParseTimestamp(text).value_or(0));
      break;
    default:
      AppendRendered(text, type, RenderStyle::kDataFile, &rendered_);
      break;
  }
  AppendJsonString(rendered_, out);
}

}  // namespace partita
