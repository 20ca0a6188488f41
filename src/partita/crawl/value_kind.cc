#include "partita/crawl/value_kind.h"

#include <array>
#include <charconv>
#include <string>

#include "partita/base/ascii.h"
#include "partita/model/scalar_text.h"

namespace partita {
namespace {

// Any decimal of so many digits survives the way to a double and back.
constexpr size_t kSafeDigits = 15;
// Within ±this power of ten a double of kSafeDigits digits is neither 0 nor infinite.
constexpr int kSafeExponent = 290;
constexpr int64_t kLargestExactLong = int64_t{1} << 53;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A number as it is written: [-] whole [. fraction] [e exponent]
struct NumberText {
  std::string_view whole;
  std::string_view fraction;
  int exponent = 0;
  bool is_integer = true;
};

std::string_view TakeDigits(std::string_view* text) {
  size_t count = 0;
  while (count < text->size() && IsDigit((*text)[count])) {
    ++count;
  }
  const std::string_view digits = text->substr(0, count);
  text->remove_prefix(count);
  return digits;
}

bool TakeExponent(std::string_view text, int* exponent) {
  if (!text.empty() && text[0] == '+') {
    text.remove_prefix(1);
    if (text.empty() || !IsDigit(text[0])) {
      return false;
    }
  }
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), *exponent);
  return error == std::errc() && end == text.data() + text.size();
}

bool SplitNumber(std::string_view text, NumberText* number) {
  if (!text.empty() && text[0] == '-') {
    text.remove_prefix(1);
  }
  number->whole = TakeDigits(&text);
  if (!text.empty() && text[0] == '.') {
    number->is_integer = false;
    text.remove_prefix(1);
    number->fraction = TakeDigits(&text);
  }
  if (number->whole.empty() && number->fraction.empty()) {
    return false;
  }
  if (!text.empty() && (text[0] == 'e' || text[0] == 'E')) {
    number->is_integer = false;
    return TakeExponent(text.substr(1), &number->exponent);
  }
  return text.empty();
}

// Digits without zeros at either end, and the power of ten of the first of them.
struct Significand {
  std::string digits;
  int exponent = 0;
};

Significand SignificandOf(const NumberText& number) {
  Significand result;
  result.digits.assign(number.whole).append(number.fraction);
  const size_t first = result.digits.find_first_not_of('0');
  if (first == std::string::npos) {
    return {};
  }
  result.exponent = number.exponent + static_cast<int>(number.whole.size()) - 1 -
                    static_cast<int>(first);
  result.digits.erase(result.digits.find_last_not_of('0') + 1);
  result.digits.erase(0, first);
  return result;
}

// Whether the shortest text of the double `text` becomes has the same digits.
bool SurvivesDouble(std::string_view text, const NumberText& number) {
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc()) {
    return false;
  }
  std::array<char, 32> shortest{};
  char* const end = shortest.data() + shortest.size();
  const auto usual = std::to_chars(shortest.data(), end, value);
  if (text == std::string_view(shortest.data(), usual.ptr)) {
    return true;  // as programs write doubles
  }
  const auto written =
      std::to_chars(shortest.data(), end, value, std::chars_format::scientific);
  NumberText back;
  if (!SplitNumber({shortest.data(), static_cast<size_t>(written.ptr - shortest.data())},
                   &back)) {
    return false;
  }
  const Significand before = SignificandOf(number);
  const Significand after = SignificandOf(back);
  return before.digits == after.digits && before.exponent == after.exponent;
}

ValueKind KindOfInteger(std::string_view text, const NumberText& number) {
  if (number.whole.size() <= kSafeDigits) {
    return text == "-0" ? kTextValue : kSmallLong;
  }
  int64_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) {
    return kTextValue;
  }
  return value >= -kLargestExactLong && value <= kLargestExactLong ? kSmallLong
                                                                   : kLargeLong;
}

ValueKind KindOfWord(std::string_view text) {
  return EqualsIgnoringCase(text, "true") || EqualsIgnoringCase(text, "false")
             ? kBooleanValue
             : kTextValue;
}

// By Glue's rules an integer that fits 64 bits is one, and every other number a double.
ValueKind KindOfGlueNumber(std::string_view text, const NumberText& number) {
  if (!number.is_integer) {
    return kDoubleValue;
  }
  int64_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? kSmallLong : kTextValue;
}

bool BeginsLikeNumber(std::string_view text) {
  return IsDigit(text[0]) || text[0] == '-' || text[0] == '.';
}

std::string_view TextReason(std::string_view text, const ValueRules& rules) {
  NumberText number;
  if (text.empty() || !BeginsLikeNumber(text) || !SplitNumber(text, &number)) {
    if (rules.dates == DateRules::kTyped && ParseTimestamp(text).has_value()) {
      return "text, as it would change if read as a date or timestamp";
    }
    return text.starts_with('+') ? "text, as it begins with +" : "text";
  }
  if (number.whole.size() > 1 && number.whole[0] == '0') {
    return "text, as it has a leading zero";
  }
  return number.is_integer && text != "-0"
             ? "text, as 64 bits do not hold it"
             : "text, as it would change if read as a number";
}

}  // namespace

ValueKind KindOfValue(std::string_view text, const ValueRules& rules) {
  if (text.empty()) {
    return kNoValue;
  }
  if (!BeginsLikeNumber(text)) {
    return KindOfWord(text);
  }
  if (rules.dates == DateRules::kTyped) {
    const TemporalFormat format = TemporalFormatOf(text);
    if (format != kNotTemporal) {
      return KindOfFormat(format);
    }
  }
  NumberText number;
  if (!SplitNumber(text, &number)) {
    return kTextValue;
  }
  if (rules.numbers == NumberRules::kGlues) {
    return KindOfGlueNumber(text, number);
  }
  if (number.whole.size() > 1 && number.whole[0] == '0') {
    return kTextValue;
  }
  if (number.is_integer) {
    return KindOfInteger(text, number);
  }
  const bool is_safe = number.whole.size() + number.fraction.size() <= kSafeDigits &&
                       number.exponent > -kSafeExponent &&
                       number.exponent < kSafeExponent;
  return is_safe || SurvivesDouble(text, number) ? kDoubleValue : kTextValue;
}

std::string_view KindReason(std::string_view text, ValueKind kind,
                            const ValueRules& rules) {
  switch (kind) {
    case kSmallLong:
      return "an integer";
    case kLargeLong:
      return "an integer that a double does not hold";
    case kDoubleValue:
      return "a number with point or exponent";
    case kBooleanValue:
      return "true or false";
    case kNoValue:
      return "no value";
    case kTextValue:
      return TextReason(text, rules);
  }
  return Describe(static_cast<TemporalFormat>(FormatsOf(kind)));
}

}  // namespace partita
