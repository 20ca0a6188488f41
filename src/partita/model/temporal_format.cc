#include "partita/model/temporal_format.h"

#include <array>
#include <bit>
#include <cstring>

namespace partita {
namespace {

constexpr size_t kDateSize = 10;
constexpr size_t kTimeBegin = kDateSize + 1;
constexpr size_t kTimeEnd = kTimeBegin + 8;
constexpr size_t kKeptFraction = 3;   // digits of milliseconds
constexpr uint64_t kAllBits = 0xFF;   // a byte that must be as it is in the pattern
constexpr uint64_t kHighBits = 0xF0;  // a byte that must be a digit

// Eight characters, of which '0' stands for any digit.
struct Pattern {
  uint64_t text = 0;
  uint64_t must_be_zero = 0;  // of the difference between a text and the pattern
  uint64_t beyond_nine = 0;   // added to digits so that those over 9 show
};

uint64_t Load(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

constexpr Pattern PatternOf(const char (&text)[9]) {
  Pattern pattern;
  for (size_t i = 0; i < 8; ++i) {
    const size_t shift = 8 * (std::endian::native == std::endian::little ? i : 7 - i);
    pattern.text |= static_cast<uint64_t>(text[i]) << shift;
    pattern.must_be_zero |= (text[i] == '0' ? kHighBits : kAllBits) << shift;
    pattern.beyond_nine |= (text[i] == '0' ? uint64_t{6} : 0) << shift;
  }
  return pattern;
}

constexpr Pattern kYearAndMonth = PatternOf("0000-00-");
constexpr Pattern kTime = PatternOf("00:00:00");

bool Matches(const char* text, const Pattern& pattern) {
  const uint64_t difference = Load(text) ^ pattern.text;
  return ((difference | (difference + pattern.beyond_nine)) & pattern.must_be_zero) == 0;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

int TwoDigits(const char* text) { return 10 * (text[0] - '0') + (text[1] - '0'); }

bool IsLeap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

// Ten characters at least.
bool BeginsWithDate(const char* text) {
  if (!Matches(text, kYearAndMonth) || !IsDigit(text[8]) || !IsDigit(text[9])) {
    return false;
  }
  constexpr std::array<int, 13> kDays = {0,  31, 29, 31, 30, 31, 30,
                                         31, 31, 30, 31, 30, 31};
  const int year = 100 * TwoDigits(text) + TwoDigits(text + 2);
  const int month = TwoDigits(text + 5);
  const int day = TwoDigits(text + 8);
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
         day <= kDays[static_cast<size_t>(month)] &&
         (month != 2 || day <= 28 || IsLeap(year));
}

// Eight characters at least.
bool BeginsWithTime(const char* text) {
  return Matches(text, kTime) && TwoDigits(text) <= 23 && text[3] <= '5' &&
         text[6] <= '5';
}

// Drops a fraction from the text's front; false where milliseconds do not hold it.
bool DropFraction(std::string_view* text) {
  if (!text->starts_with('.')) {
    return true;
  }
  size_t num_digits = 0;
  while (num_digits + 1 < text->size() && IsDigit((*text)[num_digits + 1])) {
    if (++num_digits > kKeptFraction && (*text)[num_digits] != '0') {
      return false;
    }
  }
  text->remove_prefix(num_digits + 1);
  return (num_digits >= 1 && num_digits <= kKeptFraction) || num_digits == 6 ||
         num_digits == 9;
}

TemporalFormat FormatOfTimestamp(char between, std::string_view zone) {
  if (between != ' ' && between != 'T') {
    return kNotTemporal;
  }
  if (zone.empty()) {
    return between == ' ' ? kTimestampFormat : kTimestampTFormat;
  }
  if (zone == "Z") {
    return between == ' ' ? kTimestampZFormat : kTimestampTZFormat;
  }
  if (zone == "+00:00") {
    return between == ' ' ? kTimestampOffsetFormat : kTimestampTOffsetFormat;
  }
  return kNotTemporal;
}

}  // namespace

TemporalFormat TemporalFormatOf(std::string_view text) {
  if (text.size() < kDateSize || !BeginsWithDate(text.data())) {
    return kNotTemporal;
  }
  if (text.size() == kDateSize) {
    return kDateFormat;
  }
  if (text.size() < kTimeEnd || !BeginsWithTime(text.data() + kTimeBegin)) {
    return kNotTemporal;
  }
  std::string_view rest = text.substr(kTimeEnd);
  return DropFraction(&rest) ? FormatOfTimestamp(text[kDateSize], rest) : kNotTemporal;
}

std::optional<DataType> TypeOfFormats(uint8_t formats) {
  if (std::popcount(formats) != 1 || formats == kNotTemporal) {
    return std::nullopt;
  }
  return DataType{.id = formats == kDateFormat ? TypeId::kDate : TypeId::kTimestamp};
}

std::string_view Describe(TemporalFormat format) {
  switch (format) {
    case kDateFormat:
      return "a date like 2024-01-31";
    case kTimestampFormat:
      return "a timestamp like 2024-01-31 10:30:00";
    case kTimestampTFormat:
      return "a timestamp like 2024-01-31T10:30:00";
    case kTimestampZFormat:
      return "a timestamp like 2024-01-31 10:30:00Z";
    case kTimestampTZFormat:
      return "a timestamp like 2024-01-31T10:30:00Z";
    case kTimestampOffsetFormat:
      return "a timestamp like 2024-01-31 10:30:00+00:00";
    case kTimestampTOffsetFormat:
      return "a timestamp like 2024-01-31T10:30:00+00:00";
    case kNotTemporal:
      break;
  }
  return "text";
}

}  // namespace partita
