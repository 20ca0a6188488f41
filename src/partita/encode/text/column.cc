#include "partita/encode/text/column.h"

#include "partita/base/error.h"

namespace partita {
namespace {

size_t SafeDigits(TypeId id) {
  switch (id) {
    case TypeId::kByte:
      return 2;
    case TypeId::kShort:
      return 4;
    case TypeId::kInteger:
      return 9;
    case TypeId::kLong:
      return 18;
    default:
      return 0;
  }
}

}  // namespace

arrow::Result<std::vector<TextColumn>> MakeTextColumns(const EncodeSchema& schema,
                                                       std::string_view format) {
  if (schema.data_columns.empty()) {
    return Error(ErrorCode::kInvalidConfig,
                 "cannot write {} without data columns: keep one out of the partition",
                 format);
  }
  std::vector<TextColumn> columns;
  for (const int index : schema.data_columns) {
    if (index < 0 || static_cast<size_t>(index) >= schema.columns.fields.size()) {
      return Error(ErrorCode::kInternal, "no column {} in a schema of {}", index,
                   schema.columns.fields.size());
    }
    const Field& field = schema.columns.fields[static_cast<size_t>(index)];
    if (field.type.id == TypeId::kNull) {
      return Error(ErrorCode::kInvalidConfig,
                   "the {} writer cannot hold the type of column \"{}\": {}", format,
                   field.name, HiveTypeName(field.type));
    }
    columns.push_back({.index = static_cast<size_t>(index),
                       .name = field.name,
                       .type = field.type,
                       .is_any_text = field.type.id == TypeId::kString,
                       .safe_digits = SafeDigits(field.type.id)});
  }
  return columns;
}

arrow::Result<std::string_view> RenderField(const TextColumn& column,
                                            std::string_view text, std::string* scratch) {
  if (column.is_any_text) {
    return text;
  }
  if (!FitsType(text, column.type)) {
    return Error(ErrorCode::kBadInput, "not a value of column \"{}\" of type {}: \"{}\"",
                 column.name, HiveTypeName(column.type), text);
  }
  scratch->clear();
  AppendRendered(text, column.type, RenderStyle::kDataFile, scratch);
  const std::string_view rendered = *scratch;
  return rendered;
}

}  // namespace partita
