#include <algorithm>
#include <string>

#include "partita/model/scalar_text.h"

namespace partita {
namespace {

__extension__ using UInt128 = unsigned __int128;

constexpr int kMaxPrecision = 38;

// What stands in the text before the decimals are counted: its digits without point, sign
// and exponent are whole + fraction.
struct DecimalShape {
  bool is_negative = false;
  std::string_view whole;
  std::string_view fraction;
  int64_t exponent = 0;

  int64_t num_digits() const {
    return static_cast<int64_t>(whole.size() + fraction.size());
  }

  char digit(int64_t i) const {
    const auto at = static_cast<size_t>(i);
    return at < whole.size() ? whole[at] : fraction[at - whole.size()];
  }
};

std::string_view TakeDigits(std::string_view* text) {
  const size_t count = std::min(text->find_first_not_of("0123456789"), text->size());
  const std::string_view digits = text->substr(0, count);
  text->remove_prefix(count);
  return digits;
}

bool TakeSign(std::string_view* text) {
  const bool is_negative = !text->empty() && text->front() == '-';
  if (!text->empty() && (is_negative || text->front() == '+')) {
    text->remove_prefix(1);
  }
  return is_negative;
}

// Java keeps exponents in an int.
std::optional<int64_t> ReadExponent(std::string_view text) {
  const std::optional<int64_t> exponent = ParseLong(text);
  const bool fits = exponent && *exponent >= INT32_MIN && *exponent <= INT32_MAX;
  return fits ? exponent : std::nullopt;
}

std::optional<DecimalShape> SplitDecimal(std::string_view text) {
  DecimalShape shape;
  shape.is_negative = TakeSign(&text);
  shape.whole = TakeDigits(&text);
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    shape.fraction = TakeDigits(&text);
  }
  if (shape.num_digits() == 0) {
    return std::nullopt;
  }
  if (text.empty()) {
    return shape;
  }
  if (text.front() != 'e' && text.front() != 'E') {
    return std::nullopt;
  }
  const std::optional<int64_t> exponent = ReadExponent(text.substr(1));
  if (!exponent) {
    return std::nullopt;
  }
  shape.exponent = *exponent;
  return shape;
}

UInt128 PowerOfTen(int exponent) {
  UInt128 power = 1;
  for (int i = 0; i < exponent; ++i) {
    power *= 10;
  }
  return power;
}

// The magnitude times 10^scale, rounded half up; nothing if it needs over 38 digits.
std::optional<UInt128> ScaledMagnitude(const DecimalShape& shape, int scale) {
  const int64_t num_digits = shape.num_digits();
  int64_t first = 0;
  while (first < num_digits && shape.digit(first) == '0') {
    ++first;
  }
  if (first == num_digits) {
    return UInt128{0};
  }
  const int64_t kept = static_cast<int64_t>(shape.whole.size()) + shape.exponent + scale;
  if (kept - first > kMaxPrecision) {
    return std::nullopt;
  }
  UInt128 magnitude = 0;
  for (int64_t i = first; i < kept; ++i) {
    const int digit = i < num_digits ? shape.digit(i) - '0' : 0;
    magnitude = magnitude * 10 + static_cast<unsigned>(digit);
  }
  if (kept >= first && kept < num_digits && shape.digit(kept) >= '5') {
    ++magnitude;
  }
  return magnitude;
}

std::string DigitsOf(UInt128 magnitude) {
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(magnitude % 10)));
    magnitude /= 10;
  } while (magnitude != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace

std::optional<Decimal128Parts> ParseDecimal(std::string_view text, int precision,
                                            int scale) {
  std::string without_commas;
  if (text.find(',') != std::string_view::npos) {
    without_commas = text;
    std::erase(without_commas, ',');
    text = without_commas;
  }
  const std::optional<DecimalShape> shape = SplitDecimal(text);
  if (!shape) {
    return std::nullopt;
  }
  const std::optional<UInt128> magnitude = ScaledMagnitude(*shape, scale);
  if (!magnitude || *magnitude >= PowerOfTen(std::min(precision, kMaxPrecision))) {
    return std::nullopt;
  }
  const UInt128 value = shape->is_negative ? ~*magnitude + 1 : *magnitude;
  return Decimal128Parts{.high = static_cast<int64_t>(value >> 64),
                         .low = static_cast<uint64_t>(value)};
}

void AppendDecimal(Decimal128Parts unscaled, int scale, RenderStyle style,
                   std::string* out) {
  UInt128 magnitude =
      static_cast<UInt128>(static_cast<uint64_t>(unscaled.high)) << 64 | unscaled.low;
  if (unscaled.high < 0) {
    out->push_back('-');
    magnitude = ~magnitude + 1;
  }
  std::string digits = DigitsOf(magnitude);
  const int exponent = static_cast<int>(digits.size()) - 1 - scale;
  if (style == RenderStyle::kDataFile && exponent < -6) {
    out->append(digits, 0, 1);
    if (digits.size() > 1) {
      out->append(".").append(digits, 1);
    }
    out->append("E").append(std::to_string(exponent));
    return;
  }
  const auto places = static_cast<size_t>(scale);
  if (digits.size() <= places) {
    digits.insert(0, places + 1 - digits.size(), '0');
  }
  out->append(digits, 0, digits.size() - places);
  if (places > 0) {
    out->append(".").append(digits, digits.size() - places);
  }
}

}  // namespace partita
