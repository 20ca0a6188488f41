#include "partita/filter/comparable_types.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include <arrow/compute/cast.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>
#include <arrow/util/decimal.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/model/arrow_types.h"
#include "partita/model/scalar_text.h"

namespace partita {
namespace {

constexpr int kMaxDecimalDigits = 38;

struct Digits {
  int whole = 0;
  int fraction = 0;
};

bool IsTime(const arrow::DataType& type) {
  return type.id() == arrow::Type::DATE32 || type.id() == arrow::Type::TIMESTAMP;
}

Digits DigitsOf(const arrow::DataType& type) {
  switch (type.id()) {
    case arrow::Type::INT8:
      return {.whole = 3};
    case arrow::Type::INT16:
      return {.whole = 5};
    case arrow::Type::INT32:
      return {.whole = 10};
    case arrow::Type::INT64:
      return {.whole = 19};
    default:
      break;
  }
  const auto& decimal = static_cast<const arrow::DecimalType&>(type);
  return {.whole = decimal.precision() - decimal.scale(), .fraction = decimal.scale()};
}

std::shared_ptr<arrow::DataType> ComparableNumber(const arrow::DataType& left,
                                                  const arrow::DataType& right) {
  if (arrow::is_floating(left.id()) || arrow::is_floating(right.id())) {
    return arrow::float64();
  }
  const Digits a = DigitsOf(left);
  const Digits b = DigitsOf(right);
  if (arrow::is_integer(left.id()) && arrow::is_integer(right.id())) {
    return (a.whole >= b.whole ? left : right).GetSharedPtr();
  }
  const int scale = std::max(a.fraction, b.fraction);
  const int precision = std::max(a.whole, b.whole) + scale;
  return precision <= kMaxDecimalDigits ? arrow::decimal128(precision, scale)
                                        : arrow::decimal256(precision, scale);
}

bool IsNumber(const arrow::DataType& type) {
  return arrow::is_integer(type.id()) || arrow::is_floating(type.id()) ||
         arrow::is_decimal(type.id());
}

std::shared_ptr<arrow::Scalar> IntegerScalar(int64_t value) {
  const auto fits = [value](auto low, auto high) {
    return value >= low && value <= high;
  };
  if (fits(INT8_MIN, INT8_MAX)) {
    return std::make_shared<arrow::Int8Scalar>(static_cast<int8_t>(value));
  }
  if (fits(INT16_MIN, INT16_MAX)) {
    return std::make_shared<arrow::Int16Scalar>(static_cast<int16_t>(value));
  }
  if (fits(INT32_MIN, INT32_MAX)) {
    return std::make_shared<arrow::Int32Scalar>(static_cast<int32_t>(value));
  }
  return std::make_shared<arrow::Int64Scalar>(value);
}

std::shared_ptr<arrow::Scalar> TimestampScalar(int64_t micros) {
  return std::make_shared<arrow::TimestampScalar>(
      micros, ToArrowType({.id = TypeId::kTimestamp}));
}

// Nothing for a text that is no number in decimal form, or has more than 38 digits.
std::shared_ptr<arrow::Scalar> DecimalScalar(std::string_view text) {
  arrow::Decimal128 value;
  int32_t precision = 0;
  int32_t scale = 0;
  if (!arrow::Decimal128::FromString(text, &value, &precision, &scale).ok() ||
      scale < 0) {
    return nullptr;
  }
  precision = std::max({precision, scale, 1});
  return precision <= kMaxDecimalDigits ? std::make_shared<arrow::Decimal128Scalar>(
                                              value, arrow::decimal128(precision, scale))
                                        : nullptr;
}

template <typename ScalarType, typename Value>
std::shared_ptr<arrow::Scalar> ScalarOf(const std::optional<Value>& value) {
  return value ? std::make_shared<ScalarType>(*value) : nullptr;
}

// ParseDouble() and the words that Spark's CAST takes in any case.
std::optional<double> CastDouble(std::string_view text) {
  if (const auto value = ParseDouble(text)) {
    return value;
  }
  const std::string word = LowerAscii(text);
  if (word == "nan") {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const bool is_negative = word.starts_with('-');
  const std::string_view name =
      std::string_view{word}.substr(is_negative || word.starts_with('+') ? 1 : 0);
  if (name != "inf" && name != "infinity") {
    return std::nullopt;
  }
  return is_negative ? -std::numeric_limits<double>::infinity()
                     : std::numeric_limits<double>::infinity();
}

std::shared_ptr<arrow::Scalar> WholeNumber(std::string_view text) {
  const auto value = ParseLong(text);
  return value ? IntegerScalar(*value) : nullptr;
}

arrow::Result<std::shared_ptr<arrow::Scalar>> OrError(
    std::shared_ptr<arrow::Scalar> scalar, std::string_view what) {
  if (scalar == nullptr) {
    return Error(ErrorCode::kInvalidConfig, "{}", what);
  }
  return scalar;
}

}  // namespace

std::shared_ptr<arrow::DataType> ComparableType(const arrow::DataType& left,
                                                const arrow::DataType& right) {
  if (left.id() == arrow::Type::NA || right.id() == arrow::Type::NA) {
    return (left.id() == arrow::Type::NA ? right : left).GetSharedPtr();
  }
  if (IsNumber(left) && IsNumber(right)) {
    return ComparableNumber(left, right);
  }
  if (IsTime(left) && IsTime(right)) {
    const bool are_dates =
        left.id() == arrow::Type::DATE32 && right.id() == arrow::Type::DATE32;
    return are_dates ? arrow::date32() : ToArrowType({.id = TypeId::kTimestamp});
  }
  const bool is_plain =
      left.id() == arrow::Type::STRING || left.id() == arrow::Type::BOOL;
  return is_plain && left.id() == right.id() ? left.GetSharedPtr() : nullptr;
}

arrow::Result<std::shared_ptr<arrow::Scalar>> LiteralValue(const Literal& literal) {
  switch (literal.kind) {
    case Literal::Kind::kNull:
      return std::make_shared<arrow::NullScalar>();
    case Literal::Kind::kBoolean:
      return std::make_shared<arrow::BooleanScalar>(literal.text == "true");
    case Literal::Kind::kInteger: {
      auto whole = WholeNumber(literal.text);
      return OrError(whole != nullptr ? std::move(whole) : DecimalScalar(literal.text),
                     "a number has over 38 digits");
    }
    case Literal::Kind::kDecimal:
      return OrError(DecimalScalar(literal.text), "a decimal number has over 38 digits");
    case Literal::Kind::kFloat: {
      const auto value = ParseFloat(literal.text);  // compared as the double it is
      return OrError(value ? std::make_shared<arrow::DoubleScalar>(*value) : nullptr,
                     "this is no number");
    }
    case Literal::Kind::kDouble:
      return OrError(ScalarOf<arrow::DoubleScalar>(ParseDouble(literal.text)),
                     "this is no number");
    case Literal::Kind::kString:
      return std::make_shared<arrow::StringScalar>(literal.text);
    case Literal::Kind::kDate:
      return OrError(ScalarOf<arrow::Date32Scalar>(ParseDate(literal.text)),
                     "a date is written DATE '2024-02-29'; this is none");
    case Literal::Kind::kTimestamp: {
      const auto micros = ParseTimestamp(literal.text);
      return OrError(
          micros ? TimestampScalar(*micros) : nullptr,
          "a timestamp is written TIMESTAMP '2024-02-29 12:00:00'; this is none");
    }
  }
  return Error(ErrorCode::kInternal, "a literal of no kind");
}

std::shared_ptr<arrow::Scalar> ReadAs(std::string_view text, const DataType& type) {
  switch (type.id) {
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
      return WholeNumber(text);
    case TypeId::kFloat:  // Spark compares it as a double, so that float 0.1 is not '0.1'
    case TypeId::kDouble:
      return ScalarOf<arrow::DoubleScalar>(CastDouble(text));
    case TypeId::kDecimal:
      return DecimalScalar(text);
    case TypeId::kBoolean:
      return ScalarOf<arrow::BooleanScalar>(ParseBoolean(text));
    case TypeId::kDate:
      return ScalarOf<arrow::Date32Scalar>(ParseDate(text));
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz: {
      const auto micros = ParseTimestamp(text);
      return micros ? TimestampScalar(*micros) : nullptr;
    }
    case TypeId::kString:
      return std::make_shared<arrow::StringScalar>(std::string(text));
    default:
      return nullptr;
  }
}

arrow::Result<std::shared_ptr<arrow::Scalar>> ValueAs(
    const std::shared_ptr<arrow::Scalar>& value,
    const std::shared_ptr<arrow::DataType>& type) {
  if (!value->is_valid) {
    return arrow::MakeNullScalar(type);
  }
  if (value->type->Equals(*type)) {
    return value;
  }
  ARROW_ASSIGN_OR_RAISE(
      const arrow::Datum cast,
      arrow::compute::Cast(value, arrow::compute::CastOptions::Unsafe(type)));
  return cast.scalar();
}

bool IsNan(const arrow::Scalar& value) {
  switch (value.type->id()) {
    case arrow::Type::FLOAT:
      return std::isnan(static_cast<const arrow::FloatScalar&>(value).value);
    case arrow::Type::DOUBLE:
      return std::isnan(static_cast<const arrow::DoubleScalar&>(value).value);
    default:
      return false;
  }
}

}  // namespace partita
