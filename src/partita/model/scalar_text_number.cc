#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <system_error>

#include "partita/model/scalar_text.h"

namespace partita {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Java's String.trim().
std::string_view TrimJava(std::string_view text) {
  const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

size_t CountDigits(std::string_view text, size_t from) {
  size_t end = from;
  while (end < text.size() && IsDigit(text[end])) {
    ++end;
  }
  return end - from;
}

// A long exponent is cut: any of that size is far out of every range.
int64_t ReadExponent(std::string_view digits, bool is_negative) {
  int64_t exponent = 0;
  for (const char c : digits) {
    exponent = std::min<int64_t>(exponent * 10 + (c - '0'), 1'000'000'000'000);
  }
  return is_negative ? -exponent : exponent;
}

// An unsigned number split into its parts; `text` is the whole without a d or f.
struct NumberShape {
  std::string_view text;
  std::string_view whole;
  std::string_view fraction;
  int64_t exponent = 0;
};

// Reads `123.45e-6`; nothing if the text is not of that form.
std::optional<NumberShape> SplitDecimal(std::string_view text) {
  NumberShape shape;
  size_t at = CountDigits(text, 0);
  shape.whole = text.substr(0, at);
  if (at < text.size() && text[at] == '.') {
    const size_t digits = CountDigits(text, at + 1);
    shape.fraction = text.substr(at + 1, digits);
    at += 1 + digits;
  }
  if (shape.whole.empty() && shape.fraction.empty()) {
    return std::nullopt;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool has_sign = at < text.size() && (text[at] == '+' || text[at] == '-');
    const bool is_negative = has_sign && text[at] == '-';
    at += has_sign ? 1 : 0;
    const size_t digits = CountDigits(text, at);
    if (digits == 0) {
      return std::nullopt;
    }
    shape.exponent = ReadExponent(text.substr(at, digits), is_negative);
    at += digits;
  }
  shape.text = text.substr(0, at);
  const std::string_view rest = text.substr(at);
  const bool has_suffix = rest.size() == 1 && std::string_view("dDfF").find(rest[0]) !=
                                                  std::string_view::npos;
  return rest.empty() || has_suffix ? std::optional(shape) : std::nullopt;
}

// Whether a number out of range is so because it is too large: its first digit that is
// not zero stands above the point.
bool IsHuge(const NumberShape& shape) {
  const size_t in_whole = shape.whole.find_first_not_of('0');
  if (in_whole != std::string_view::npos) {
    return static_cast<int64_t>(shape.whole.size() - in_whole) + shape.exponent > 0;
  }
  const size_t in_fraction = shape.fraction.find_first_not_of('0');
  return in_fraction != std::string_view::npos &&
         shape.exponent - static_cast<int64_t>(in_fraction) > 0;
}

template <typename T>
std::optional<T> ReadDecimal(std::string_view text) {
  const std::optional<NumberShape> shape = SplitDecimal(text);
  if (!shape) {
    return std::nullopt;
  }
  T value = 0;
  const char* end = shape->text.data() + shape->text.size();
  const auto [stop, error] = std::from_chars(shape->text.data(), end, value);
  if (error == std::errc::result_out_of_range) {
    return IsHuge(*shape) ? std::numeric_limits<T>::infinity() : T{0};
  }
  return value;
}

// Reads `1.8p1`, the part behind `0x`, as Java does: the exponent is required.
template <typename T>
std::optional<T> ReadHexadecimal(std::string_view text) {
  const size_t mark = text.find_first_of("pP");
  if (mark == std::string_view::npos) {
    return std::nullopt;
  }
  if (std::string_view("dDfF").find(text.back()) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  const bool has_plus = mark + 1 < text.size() && text[mark + 1] == '+';
  const bool has_sign = has_plus || (mark + 1 < text.size() && text[mark + 1] == '-');
  const size_t digits = CountDigits(text, mark + 1 + (has_sign ? 1 : 0));
  if (digits == 0 || mark + 1 + (has_sign ? 1 : 0) + digits != text.size()) {
    return std::nullopt;
  }
  T value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] =
      std::from_chars(text.data(), end, value, std::chars_format::hex);
  if (error == std::errc::result_out_of_range) {
    return text[mark + 1] == '-' ? T{0} : std::numeric_limits<T>::infinity();
  }
  return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

template <typename T>
std::optional<T> ReadFloating(std::string_view text) {
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  if (text == "Inf" || text == "-Inf") {
    return text.front() == '-' ? -kInfinity : kInfinity;
  }
  text = TrimJava(text);
  const bool is_negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (is_negative || text.front() == '+')) {
    text.remove_prefix(1);
  }
  std::optional<T> magnitude;
  if (text == "NaN") {
    return std::numeric_limits<T>::quiet_NaN();
  }
  if (text == "Infinity") {
    magnitude = kInfinity;
  } else if (text.starts_with("0x") || text.starts_with("0X")) {
    magnitude = ReadHexadecimal<T>(text.substr(2));
  } else {
    magnitude = ReadDecimal<T>(text);
  }
  return magnitude && is_negative ? std::optional(-*magnitude) : magnitude;
}

// `d.ddde±x` as std::to_chars writes it. A single digit gets a second one where the value
// is so small that the second says something: the smallest double is 4.9E-324 in Java.
template <typename T, size_t N>
std::string_view WriteScientific(T value, char (&buffer)[N]) {
  char* end = std::to_chars(buffer, buffer + N, value, std::chars_format::scientific).ptr;
  if (buffer[1] == 'e' && std::fpclassify(value) == FP_SUBNORMAL) {
    char longer[N];
    char* longer_end =
        std::to_chars(longer, longer + N, value, std::chars_format::scientific, 1).ptr;
    T again = 0;
    std::from_chars(longer, longer_end, again);
    if (again == value) {
      end = std::copy(longer, longer_end, buffer);
    }
  }
  return {buffer, static_cast<size_t>(end - buffer)};
}

// The digits of 0.001 ≤ value < 10^7, with the point where it belongs.
void AppendPlain(std::string_view digits, int exponent, std::string* out) {
  if (exponent < 0) {
    out->append("0.").append(static_cast<size_t>(-exponent - 1), '0').append(digits);
    return;
  }
  const auto whole = static_cast<size_t>(exponent) + 1;
  if (digits.size() <= whole) {
    out->append(digits).append(whole - digits.size(), '0').append(".0");
    return;
  }
  out->append(digits.substr(0, whole)).append(".").append(digits.substr(whole));
}

template <typename T>
void AppendFloating(T value, std::string* out) {
  if (std::isnan(value)) {
    out->append("NaN");
    return;
  }
  if (std::signbit(value)) {
    out->push_back('-');
    value = -value;
  }
  if (std::isinf(value) || value == 0) {
    out->append(value == 0 ? "0.0" : "Infinity");
    return;
  }
  char buffer[40];
  const std::string_view text = WriteScientific(value, buffer);
  const size_t mark = text.find('e');
  int exponent = 0;
  const char* exponent_begin = text.data() + mark + (text[mark + 1] == '+' ? 2 : 1);
  std::from_chars(exponent_begin, text.data() + text.size(), exponent);
  if (exponent < -3 || exponent >= 7) {
    out->append(text.substr(0, mark)).append(mark == 1 ? ".0E" : "E");
    out->append(std::to_string(exponent));
    return;
  }
  if (mark > 1) {
    buffer[1] = buffer[0];  // the digits without the point
  }
  AppendPlain(text.substr(mark > 1 ? 1 : 0, mark > 1 ? mark - 1 : 1), exponent, out);
}

}  // namespace

std::optional<int64_t> ParseLong(std::string_view text) {
  const bool is_negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (is_negative || text.front() == '+')) {
    text.remove_prefix(1);
  }
  if (text.empty()) {
    return std::nullopt;
  }
  uint64_t magnitude = 0;
  for (const char c : text) {
    const auto digit = static_cast<unsigned char>(c - '0');
    if (digit > 9 || magnitude > (uint64_t{1} << 63) / 10) {
      return std::nullopt;
    }
    magnitude = magnitude * 10 + digit;
  }
  const uint64_t limit = (uint64_t{1} << 63) - (is_negative ? 0 : 1);
  if (magnitude > limit) {
    return std::nullopt;
  }
  return static_cast<int64_t>(is_negative ? ~magnitude + 1 : magnitude);
}

std::optional<double> ParseDouble(std::string_view text) {
  return ReadFloating<double>(text);
}

std::optional<float> ParseFloat(std::string_view text) {
  return ReadFloating<float>(text);
}

void AppendDouble(double value, std::string* out) { AppendFloating(value, out); }

void AppendFloat(float value, std::string* out) { AppendFloating(value, out); }

}  // namespace partita
