#include "partita/store/s3/s3_time.h"

#include <string>

namespace partita {
namespace {

// A text in which digits stand at fixed places.
class Digits {
 public:
  explicit Digits(std::string_view text) : text_(text) {}

  // The number of `count` digits at `begin`; -1 where there is something else.
  int At(size_t begin, size_t count) const {
    if (text_.size() < begin + count) {
      return -1;
    }
    int number = 0;
    for (const char c : text_.substr(begin, count)) {
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + (c - '0');
    }
    return number;
  }

  // Of `HH:MM:SS` at `begin`.
  std::optional<std::chrono::seconds> TimeAt(size_t begin) const {
    const int hour = At(begin, 2);
    const int minute = At(begin + 3, 2);
    const int second = At(begin + 6, 2);
    const bool is_time = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 &&
                         second >= 0 && second <= 60 && text_[begin + 2] == ':' &&
                         text_[begin + 5] == ':';
    if (!is_time) {
      return std::nullopt;
    }
    return std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
  }

 private:
  std::string_view text_;
};

std::optional<std::chrono::seconds> Join(int year, int month, int day,
                                         std::optional<std::chrono::seconds> time) {
  if (year < 0 || month < 1 || day < 1 || !time) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) {
    return std::nullopt;
  }
  return std::chrono::sys_days{date}.time_since_epoch() + *time;
}

}  // namespace

std::optional<std::chrono::seconds> ParseHttpDate(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  constexpr size_t kLength = std::string_view("Wed, 21 Oct 2015 07:28:00 GMT").size();
  if (text.size() != kLength || !text.ends_with(" GMT")) {
    return std::nullopt;
  }
  const size_t month = kMonths.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) {
    return std::nullopt;
  }
  const Digits digits(text);
  return Join(digits.At(12, 4), static_cast<int>(month / 3) + 1, digits.At(5, 2),
              digits.TimeAt(17));
}

std::optional<std::chrono::seconds> ParseIsoTime(std::string_view text) {
  if (text.size() < std::string_view("2015-10-21T07:28:00Z").size() ||
      !text.ends_with('Z') || text[4] != '-' || text[7] != '-' || text[10] != 'T') {
    return std::nullopt;
  }
  const Digits digits(text);
  return Join(digits.At(0, 4), digits.At(5, 2), digits.At(8, 2), digits.TimeAt(11));
}

}  // namespace partita
