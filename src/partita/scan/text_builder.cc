#include "partita/scan/text_builder.h"

#include <arrow/builder.h>
#include <arrow/util/decimal.h>

#include "partita/base/error.h"
#include "partita/model/scalar_text.h"

namespace partita {
namespace {

arrow::Status Misfit(std::string_view text, const DataType& type) {
  constexpr size_t kShownBytes = 80;
  return Error(ErrorCode::kBadInput, "not a value of type {}: \"{}\"", HiveTypeName(type),
               text.substr(0, kShownBytes));
}

template <typename Builder, typename Value>
arrow::Status Append(std::string_view text, const DataType& type,
                     const std::optional<Value>& value, arrow::ArrayBuilder* builder) {
  return value ? static_cast<Builder*>(builder)->Append(*value) : Misfit(text, type);
}

// Whole numbers of every width; FitsType() knows their limits.
template <typename Builder>
arrow::Status AppendInteger(std::string_view text, const DataType& type,
                            arrow::ArrayBuilder* builder) {
  if (!FitsType(text, type)) {
    return Misfit(text, type);
  }
  using Value = typename Builder::value_type;
  return static_cast<Builder*>(builder)->Append(static_cast<Value>(*ParseLong(text)));
}

arrow::Status AppendDecimalText(std::string_view text, const DataType& type,
                                arrow::ArrayBuilder* builder) {
  const auto value = ParseDecimal(text, type.precision, type.scale);
  return value ? static_cast<arrow::Decimal128Builder*>(builder)->Append(
                     arrow::Decimal128(value->high, value->low))
               : Misfit(text, type);
}

}  // namespace

arrow::Status AppendText(std::string_view text, const DataType& type,
                         arrow::ArrayBuilder* builder) {
  switch (type.id) {
    case TypeId::kBoolean:
      return Append<arrow::BooleanBuilder>(text, type, ParseBoolean(text), builder);
    case TypeId::kByte:
      return AppendInteger<arrow::Int8Builder>(text, type, builder);
    case TypeId::kShort:
      return AppendInteger<arrow::Int16Builder>(text, type, builder);
    case TypeId::kInteger:
      return AppendInteger<arrow::Int32Builder>(text, type, builder);
    case TypeId::kLong:
      return AppendInteger<arrow::Int64Builder>(text, type, builder);
    case TypeId::kFloat:
      return Append<arrow::FloatBuilder>(text, type, ParseFloat(text), builder);
    case TypeId::kDouble:
      return Append<arrow::DoubleBuilder>(text, type, ParseDouble(text), builder);
    case TypeId::kDecimal:
      return AppendDecimalText(text, type, builder);
    case TypeId::kString:
      return static_cast<arrow::StringBuilder*>(builder)->Append(text);
    case TypeId::kBinary:
      return static_cast<arrow::BinaryBuilder*>(builder)->Append(text);
    case TypeId::kDate:
      return Append<arrow::Date32Builder>(text, type, ParseDate(text), builder);
    case TypeId::kTimestamp:
      return Append<arrow::TimestampBuilder>(text, type, ParseTimestamp(text), builder);
    case TypeId::kTimestampNtz:
      return Append<arrow::TimestampBuilder>(text, type, ParseTimestampNtz(text),
                                             builder);
    default:
      return Error(ErrorCode::kInternal, "text cannot be a value of type {}",
                   HiveTypeName(type));
  }
}

}  // namespace partita
