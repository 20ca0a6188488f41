#include "partita/model/scalar_text.h"

#include <limits>
#include <string>

#include "partita/base/ascii.h"

namespace partita {
namespace {

template <typename T>
bool FitsInteger(std::string_view text) {
  const std::optional<int64_t> value = ParseLong(text);
  return value && *value >= std::numeric_limits<T>::min() &&
         *value <= std::numeric_limits<T>::max();
}

// Any type of whole numbers; as long as the digits are too few to overflow it.
bool IsCanonicalInteger(std::string_view text, const DataType& type, size_t safe_digits) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || digits.front() == '0') {
    return text == "0";
  }
  if (digits.size() > safe_digits) {
    return digits.front() != '+' && FitsType(text, type);
  }
  for (const char c : digits) {
    if (c < '0' || c > '9') {
      return false;
    }
  }
  return true;
}

bool AreDigits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// `-12.50` in parts; `ok` is false for any other form.
struct PlainDecimal {
  bool ok = false;
  bool is_negative = false;
  std::string_view whole;
  std::string_view fraction;

  bool is_zero() const {
    return whole == "0" && fraction.find_first_not_of('0') == std::string_view::npos;
  }
};

// Takes `0` or a whole part without leading zero, and a point with digits unless
// `fraction_required` is false.
PlainDecimal SplitPlain(std::string_view text, bool fraction_required) {
  PlainDecimal parts;
  parts.is_negative = text.starts_with('-');
  text.remove_prefix(parts.is_negative ? 1 : 0);
  const size_t point = text.find('.');
  parts.whole = text.substr(0, point);
  if (point != std::string_view::npos) {
    parts.fraction = text.substr(point + 1);
  }
  const bool whole_ok =
      !parts.whole.empty() && (parts.whole.front() != '0' || parts.whole.size() == 1);
  const bool fraction_ok = point == std::string_view::npos
                               ? !fraction_required
                               : fraction_required && !parts.fraction.empty();
  parts.ok =
      whole_ok && fraction_ok && AreDigits(parts.whole) && AreDigits(parts.fraction);
  return parts;
}

// With so few digits each text stands for another number, so the shortest that reads back
// is the text itself.
bool IsCanonicalFloating(std::string_view text, size_t safe_digits) {
  const PlainDecimal parts = SplitPlain(text, true);
  if (!parts.ok || parts.whole.size() > 7 ||
      parts.whole.size() + parts.fraction.size() > safe_digits) {
    return false;
  }
  if (parts.fraction != "0" && parts.fraction.back() == '0') {
    return false;
  }
  const bool below_thousandth = parts.whole == "0" && parts.fraction.starts_with("000");
  return !below_thousandth;
}

bool IsCanonicalDecimal(std::string_view text, const DataType& type, RenderStyle style) {
  const PlainDecimal parts = SplitPlain(text, type.scale > 0);
  const auto scale = static_cast<size_t>(type.scale);
  const auto whole_digits = static_cast<size_t>(type.precision - type.scale);
  if (!parts.ok || parts.fraction.size() != scale ||
      (parts.whole != "0" && parts.whole.size() > whole_digits)) {
    return false;
  }
  if (parts.is_negative && parts.is_zero()) {
    return false;
  }
  // BigDecimal goes over to exponents below 10^-6.
  return style == RenderStyle::kCast || parts.whole != "0" || scale <= 6 ||
         !parts.fraction.starts_with("000000");
}

// `pattern` has 0 for a digit; other characters stand for themselves.
bool HasShape(std::string_view text, std::string_view pattern) {
  if (text.size() != pattern.size()) {
    return false;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    const bool matches =
        pattern[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == pattern[i];
    if (!matches) {
      return false;
    }
  }
  return true;
}

bool IsCanonicalTimestamp(std::string_view text, const DataType& type,
                          RenderStyle style) {
  constexpr std::string_view kCastShape = "0000-00-00 00:00:00.000000";
  constexpr std::string_view kFileShape = "0000-00-00T00:00:00.000Z";
  if (style == RenderStyle::kDataFile) {
    const size_t length = kFileShape.size() - (type.id == TypeId::kTimestamp ? 0 : 1);
    return HasShape(text, kFileShape.substr(0, length)) && FitsType(text, type);
  }
  const bool length_ok = text.size() == 19 || (text.size() >= 21 && text.back() != '0');
  return length_ok && HasShape(text, kCastShape.substr(0, text.size())) &&
         FitsType(text, type);
}

void AppendBinary(std::string_view bytes, std::string* out) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  out->push_back('[');
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (i > 0) {
      out->push_back(' ');
    }
    out->push_back(kHex[byte >> 4]);
    out->push_back(kHex[byte & 15]);
  }
  out->push_back(']');
}

}  // namespace

std::optional<bool> ParseBoolean(std::string_view text) {
  if (EqualsIgnoringCase(text, "true")) {
    return true;
  }
  return EqualsIgnoringCase(text, "false") ? std::optional(false) : std::nullopt;
}

bool FitsType(std::string_view text, const DataType& type) {
  switch (type.id) {
    case TypeId::kString:
    case TypeId::kBinary:
      return true;
    case TypeId::kLong:
      return ParseLong(text).has_value();
    case TypeId::kInteger:
      return FitsInteger<int32_t>(text);
    case TypeId::kShort:
      return FitsInteger<int16_t>(text);
    case TypeId::kByte:
      return FitsInteger<int8_t>(text);
    case TypeId::kBoolean:
      return ParseBoolean(text).has_value();
    case TypeId::kFloat:
      return ParseFloat(text).has_value();
    case TypeId::kDouble:
      return ParseDouble(text).has_value();
    case TypeId::kDecimal:
      return ParseDecimal(text, type.precision, type.scale).has_value();
    case TypeId::kDate:
      return ParseDate(text).has_value();
    case TypeId::kTimestamp:
      return ParseTimestamp(text).has_value();
    case TypeId::kTimestampNtz:
      return ParseTimestampNtz(text).has_value();
    case TypeId::kNull:
    case TypeId::kArray:
    case TypeId::kMap:
    case TypeId::kStruct:
      break;
  }
  return false;
}

bool IsCanonical(std::string_view text, const DataType& type, RenderStyle style) {
  switch (type.id) {
    case TypeId::kString:
      return true;
    case TypeId::kBinary:
      return style == RenderStyle::kCast;
    case TypeId::kLong:
      return IsCanonicalInteger(text, type, 18);
    case TypeId::kInteger:
      return IsCanonicalInteger(text, type, 9);
    case TypeId::kShort:
      return IsCanonicalInteger(text, type, 4);
    case TypeId::kByte:
      return IsCanonicalInteger(text, type, 2);
    case TypeId::kBoolean:
      return text == "true" || text == "false";
    case TypeId::kFloat:
      return IsCanonicalFloating(text, 6);
    case TypeId::kDouble:
      return IsCanonicalFloating(text, 15);
    case TypeId::kDecimal:
      return IsCanonicalDecimal(text, type, style);
    case TypeId::kDate:
      return HasShape(text, "0000-00-00") && FitsType(text, type);
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
      return IsCanonicalTimestamp(text, type, style);
    case TypeId::kNull:
    case TypeId::kArray:
    case TypeId::kMap:
    case TypeId::kStruct:
      break;
  }
  return false;
}

void AppendRendered(std::string_view text, const DataType& type, RenderStyle style,
                    std::string* out) {
  switch (type.id) {
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
      out->append(std::to_string(ParseLong(text).value_or(0)));
      return;
    case TypeId::kBoolean:
      out->append(ParseBoolean(text).value_or(false) ? "true" : "false");
      return;
    case TypeId::kFloat:
      AppendFloat(ParseFloat(text).value_or(0), out);
      return;
    case TypeId::kDouble:
      AppendDouble(ParseDouble(text).value_or(0), out);
      return;
    case TypeId::kDecimal:
      AppendDecimal(
          ParseDecimal(text, type.precision, type.scale).value_or(Decimal128Parts{}),
          type.scale, style, out);
      return;
    case TypeId::kDate:
      AppendDate(ParseDate(text).value_or(0), out);
      return;
    case TypeId::kTimestamp:
      AppendTimestamp(ParseTimestamp(text).value_or(0), type.id, style, out);
      return;
    case TypeId::kTimestampNtz:
      AppendTimestamp(ParseTimestampNtz(text).value_or(0), type.id, style, out);
      return;
    case TypeId::kBinary:
      if (style == RenderStyle::kDataFile) {
        AppendBinary(text, out);
        return;
      }
      break;
    case TypeId::kString:
    case TypeId::kNull:
    case TypeId::kArray:
    case TypeId::kMap:
    case TypeId::kStruct:
      break;
  }
  out->append(text);
}

}  // namespace partita
