#include <array>
#include <charconv>
#include <limits>
#include <string>

#include "partita/model/scalar_text.h"

namespace partita {
namespace {

constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kDaysToEpoch = 719'528;  // from 0000-01-01 to 1970-01-01
constexpr int64_t kMaxZoneSeconds = 18 * int64_t{3600};

struct CivilDate {
  int64_t year = 0;
  int month = 1;
  int day = 1;
};

int64_t FloorDivide(int64_t value, int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

bool IsLeap(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// Days from 0000-01-01 to the first of January of `year`.
int64_t DaysBeforeYear(int64_t year) {
  const int64_t last = year - 1;
  return 365 * year + FloorDivide(last, 4) - FloorDivide(last, 100) +
         FloorDivide(last, 400) + 1;  // the year 0 is a leap year
}

int DaysBeforeMonth(int64_t year, int month) {
  constexpr std::array<int, 13> kDays = {0,   31,  59,  90,  120, 151, 181,
                                         212, 243, 273, 304, 334, 365};
  const auto index = static_cast<size_t>(month - 1);
  return kDays[index] + (month > 2 && IsLeap(year) ? 1 : 0);
}

bool IsValid(const CivilDate& date) {
  return date.month >= 1 && date.month <= 12 && date.day >= 1 &&
         date.day <= DaysBeforeMonth(date.year, date.month + 1) -
                         DaysBeforeMonth(date.year, date.month);
}

int64_t DaysSinceEpoch(const CivilDate& date) {
  return DaysBeforeYear(date.year) + DaysBeforeMonth(date.year, date.month) + date.day -
         1 - kDaysToEpoch;
}

CivilDate DateOfDay(int64_t days_since_epoch) {
  const int64_t days = days_since_epoch + kDaysToEpoch;
  CivilDate date;
  date.year = FloorDivide(days * 400, 146'097);  // at most one year off
  while (DaysBeforeYear(date.year) > days) {
    --date.year;
  }
  while (DaysBeforeYear(date.year + 1) <= days) {
    ++date.year;
  }
  const auto day_of_year = static_cast<int>(days - DaysBeforeYear(date.year));
  date.month = day_of_year / 32 + 1;  // the month or the one before it
  if (date.month < 12 && DaysBeforeMonth(date.year, date.month + 1) <= day_of_year) {
    ++date.month;
  }
  date.day = day_of_year - DaysBeforeMonth(date.year, date.month) + 1;
  return date;
}

// Reads a text from its front; a failed step leaves `ok` false.
class TextCursor {
 public:
  explicit TextCursor(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }

  std::string_view rest() const { return rest_; }

  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<int> TakeDigit() {
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') {
      return std::nullopt;
    }
    const int digit = rest_.front() - '0';
    rest_.remove_prefix(1);
    return digit;
  }

  // A number of `min_digits` to `max_digits` digits, no digit behind it.
  std::optional<int> TakeNumber(size_t min_digits, size_t max_digits) {
    int number = 0;
    size_t count = 0;
    while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') {
      if (++count > max_digits) {
        return std::nullopt;
      }
      number = number * 10 + (rest_[count - 1] - '0');
    }
    if (count < min_digits) {
      return std::nullopt;
    }
    rest_.remove_prefix(count);
    return number;
  }

 private:
  std::string_view rest_;
};

// Spark drops blanks and control characters around a date.
std::string_view TrimSpark(std::string_view text) {
  const auto is_blank = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
  };
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

// `[±]yyyy[-M[-d]]`; `is_full` says whether the day stood there.
std::optional<CivilDate> TakeDate(TextCursor* cursor, size_t max_year_digits,
                                  bool* is_full) {
  CivilDate date;
  const bool is_negative = cursor->Take('-');
  if (!is_negative) {
    cursor->Take('+');
  }
  const std::optional<int> year = cursor->TakeNumber(4, max_year_digits);
  if (!year) {
    return std::nullopt;
  }
  date.year = is_negative ? -*year : *year;
  *is_full = false;
  if (cursor->Take('-')) {
    const std::optional<int> month = cursor->TakeNumber(1, 2);
    if (!month) {
      return std::nullopt;
    }
    date.month = *month;
    if (cursor->Take('-')) {
      const std::optional<int> day = cursor->TakeNumber(1, 2);
      if (!day) {
        return std::nullopt;
      }
      date.day = *day;
      *is_full = true;
    }
  }
  return IsValid(date) ? std::optional(date) : std::nullopt;
}

struct TimeOfDay {
  int64_t seconds = 0;
  int64_t micros = 0;
  bool may_have_zone = false;  // Spark takes a zone only behind seconds
};

int64_t TakeFraction(TextCursor* cursor) {
  int64_t micros = 0;
  int64_t unit = kMicrosPerSecond / 10;
  while (const std::optional<int> digit = cursor->TakeDigit()) {
    micros += unit * *digit;
    unit /= 10;
  }
  return micros;
}

// `H[:m[:s[.f]]]`
std::optional<TimeOfDay> TakeTime(TextCursor* cursor) {
  TimeOfDay time;
  const std::optional<int> hour = cursor->TakeNumber(1, 2);
  if (!hour || *hour > 23) {
    return std::nullopt;
  }
  time.seconds = int64_t{3600} * *hour;
  for (const int64_t unit : {60, 1}) {
    if (!cursor->Take(':')) {
      return time;
    }
    const std::optional<int> number = cursor->TakeNumber(1, 2);
    if (!number || *number > 59) {
      return std::nullopt;
    }
    time.seconds += unit * *number;
  }
  time.may_have_zone = true;
  if (cursor->Take('.')) {
    time.micros = TakeFraction(cursor);
  }
  return time;
}

struct ZoneOffset {
  int64_t hours = 0;
  int64_t minutes = 0;
  int64_t seconds = 0;
};

// `h`, `hh`, `hhmm` or `hhmmss`.
std::optional<ZoneOffset> ReadCompactOffset(std::string_view text) {
  TextCursor cursor(text);
  const std::optional<int> digits = cursor.TakeNumber(1, 6);
  if (!digits || !cursor.at_end() || text.size() == 3 || text.size() == 5) {
    return std::nullopt;
  }
  const int unit = text.size() <= 2 ? 10'000 : text.size() == 4 ? 100 : 1;
  const int scaled = *digits * unit;
  return ZoneOffset{
      .hours = scaled / 10'000, .minutes = scaled / 100 % 100, .seconds = scaled % 100};
}

// `hh:mm` or `hh:mm:ss`; and what Spark mends before java.time sees it: one digit of hours,
// one of minutes at the end.
std::optional<ZoneOffset> ReadOffsetWithColons(std::string_view text) {
  TextCursor cursor(text);
  const std::optional<int> hours = cursor.TakeNumber(1, 2);
  if (!hours || !cursor.Take(':')) {
    return std::nullopt;
  }
  const bool has_seconds = cursor.rest().find(':') != std::string_view::npos;
  const std::optional<int> minutes = cursor.TakeNumber(has_seconds ? 2 : 1, 2);
  const std::optional<int> seconds =
      cursor.Take(':') ? cursor.TakeNumber(2, 2) : std::optional(0);
  if (!minutes || !seconds || !cursor.at_end()) {
    return std::nullopt;
  }
  return ZoneOffset{.hours = *hours, .minutes = *minutes, .seconds = *seconds};
}

// Seconds of what stands behind the sign.
std::optional<int64_t> ReadOffset(std::string_view text) {
  const bool has_colon = text.find(':') != std::string_view::npos;
  const std::optional<ZoneOffset> offset =
      has_colon ? ReadOffsetWithColons(text) : ReadCompactOffset(text);
  if (!offset || offset->minutes > 59 || offset->seconds > 59) {
    return std::nullopt;
  }
  const int64_t seconds = offset->hours * 3600 + offset->minutes * 60 + offset->seconds;
  return seconds <= kMaxZoneSeconds ? std::optional(seconds) : std::nullopt;
}

// Seconds east of UTC.
std::optional<int64_t> ReadZone(std::string_view text) {
  text = TrimSpark(text);
  if (text == "Z") {
    return 0;
  }
  for (const std::string_view name : {"UTC", "GMT", "UT"}) {
    if (text.starts_with(name)) {
      text.remove_prefix(name.size());
      if (text.empty()) {
        return 0;
      }
      break;
    }
  }
  if (text.empty() || (text.front() != '+' && text.front() != '-')) {
    return std::nullopt;
  }
  const std::optional<int64_t> offset = ReadOffset(text.substr(1));
  return offset && text.front() == '-' ? std::optional(-*offset) : offset;
}

std::optional<int64_t> MicrosOf(int64_t seconds, int64_t micros) {
  if (seconds < 0) {  // so that the lowest value does not overflow on the way
    ++seconds;
    micros -= kMicrosPerSecond;
  }
  int64_t result = 0;
  const bool overflows = __builtin_mul_overflow(seconds, kMicrosPerSecond, &result) ||
                         __builtin_add_overflow(result, micros, &result);
  return overflows ? std::nullopt : std::optional(result);
}

std::optional<int64_t> ReadTimestamp(std::string_view text, bool may_have_zone) {
  TextCursor cursor(TrimSpark(text));
  bool is_full = false;
  const std::optional<CivilDate> date = TakeDate(&cursor, 6, &is_full);
  if (!date) {
    return std::nullopt;
  }
  TimeOfDay time;
  if (is_full && (cursor.Take(' ') || cursor.Take('T'))) {
    const std::optional<TimeOfDay> taken = TakeTime(&cursor);
    if (!taken) {
      return std::nullopt;
    }
    time = *taken;
  }
  int64_t zone = 0;
  if (!cursor.at_end()) {
    const std::optional<int64_t> offset =
        may_have_zone && time.may_have_zone ? ReadZone(cursor.rest()) : std::nullopt;
    if (!offset) {
      return std::nullopt;
    }
    zone = *offset;
  }
  const int64_t seconds = DaysSinceEpoch(*date) * kSecondsPerDay + time.seconds - zone;
  return MicrosOf(seconds, time.micros);
}

// `number` with at least `width` digits.
void AppendPadded(int64_t number, size_t width, std::string* out) {
  char buffer[20];
  const char* end = std::to_chars(buffer, buffer + sizeof(buffer), number).ptr;
  const auto length = static_cast<size_t>(end - buffer);
  if (length < width) {
    out->append(width - length, '0');
  }
  out->append(buffer, length);
}

void AppendCivilDate(const CivilDate& date, std::string* out) {
  if (date.year < 0 || date.year > 9999) {
    out->push_back(date.year < 0 ? '-' : '+');
  }
  AppendPadded(date.year < 0 ? -date.year : date.year, 4, out);
  out->push_back('-');
  AppendPadded(date.month, 2, out);
  out->push_back('-');
  AppendPadded(date.day, 2, out);
}

}  // namespace

std::optional<int32_t> ParseDate(std::string_view text) {
  TextCursor cursor(TrimSpark(text));
  bool is_full = false;
  const std::optional<CivilDate> date = TakeDate(&cursor, 7, &is_full);
  const bool ends_well =
      cursor.at_end() || (is_full && (cursor.Take(' ') || cursor.Take('T')));
  if (!date || !ends_well) {
    return std::nullopt;
  }
  const int64_t days = DaysSinceEpoch(*date);
  const bool fits = days >= std::numeric_limits<int32_t>::min() &&
                    days <= std::numeric_limits<int32_t>::max();
  return fits ? std::optional(static_cast<int32_t>(days)) : std::nullopt;
}

std::optional<int64_t> ParseTimestamp(std::string_view text) {
  return ReadTimestamp(text, true);
}

std::optional<int64_t> ParseTimestampNtz(std::string_view text) {
  return ReadTimestamp(text, false);
}

void AppendDate(int32_t days, std::string* out) { AppendCivilDate(DateOfDay(days), out); }

void AppendTimestamp(int64_t micros, TypeId type, RenderStyle style, std::string* out) {
  const int64_t seconds = FloorDivide(micros, kMicrosPerSecond);
  const int64_t day = FloorDivide(seconds, kSecondsPerDay);
  const int64_t second = seconds - day * kSecondsPerDay;
  const bool is_cast = style == RenderStyle::kCast;
  AppendCivilDate(DateOfDay(day), out);
  out->push_back(is_cast ? ' ' : 'T');
  AppendPadded(second / 3600, 2, out);
  out->push_back(':');
  AppendPadded(second / 60 % 60, 2, out);
  out->push_back(':');
  AppendPadded(second % 60, 2, out);
  // Not micros - seconds * 1,000,000: that product overflows at the very first microseconds.
  int64_t fraction = micros % kMicrosPerSecond;
  fraction += fraction < 0 ? kMicrosPerSecond : 0;
  if (!is_cast) {
    out->push_back('.');
    AppendPadded(fraction / 1000, 3, out);
    out->append(type == TypeId::kTimestamp ? "Z" : "");
  } else if (fraction != 0) {
    size_t width = 6;
    for (; fraction % 10 == 0; fraction /= 10) {
      --width;
    }
    out->push_back('.');
    AppendPadded(fraction, width, out);
  }
}

}  // namespace partita
