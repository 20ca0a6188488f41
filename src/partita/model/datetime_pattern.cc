#include "partita/model/datetime_pattern.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/model/scalar_text.h"

namespace partita {
namespace {

// In the order of the fields, with the least and the largest value of each.
struct Letters {
  std::string_view text;
  int least = 0;
  int most = 0;
  int missing = 0;  // its value where it does not stand there
};

constexpr std::array<Letters, 7> kLetters{{{"yyyy", 1, 9999, 1970},
                                           {"MM", 1, 12, 1},
                                           {"dd", 1, 31, 1},
                                           {"HH", 0, 23, 0},
                                           {"mm", 0, 59, 0},
                                           {"ss", 0, 59, 0},
                                           {"SSS", 0, 999, 0}}};

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr size_t kMillisLetters = 3;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

arrow::Status BadPattern(std::string_view what, std::string_view pattern) {
  return Error(
      ErrorCode::kInvalidConfig,
      "{}; a pattern is made of yyyy, MM, dd, HH, mm, ss and SSS, each once, and "
      "of text in '…': \"{}\"",
      what, pattern);
}

// The digits at the beginning of `text` that are a value of the part; of a fraction of a
// second one is enough, as for Spark.
std::optional<std::string_view> DigitsOf(std::string_view text, const Letters& letters) {
  const size_t most = std::min(letters.text.size(), text.size());
  const size_t least = letters.text.size() == kMillisLetters ? 1 : letters.text.size();
  size_t size = 0;
  while (size < most && IsDigit(text[size])) {
    ++size;
  }
  return size < least ? std::nullopt : std::optional(text.substr(0, size));
}

// What they stand for: digits of a fraction from its left.
int ValueOf(std::string_view digits, const Letters& letters) {
  int value = 0;
  for (size_t i = 0; i < letters.text.size(); ++i) {
    value = 10 * value + (i < digits.size() ? digits[i] - '0' : 0);
  }
  return value;
}

// The text of a quote that opens at `*i`, which moves behind it; `''` is a quote.
std::optional<std::string> TakeQuoted(std::string_view pattern, size_t* i) {
  std::string text;
  const size_t begin = *i + 1;
  for (size_t at = begin; at < pattern.size(); ++at) {
    if (pattern[at] != '\'') {
      text += pattern[at];
    } else if (pattern.substr(at + 1).starts_with('\'') && at > begin) {
      text += pattern[at++];
    } else {
      *i = at + 1;
      return at == begin ? "'" : text;
    }
  }
  return std::nullopt;
}

}  // namespace

arrow::Result<DateTimePattern> DateTimePattern::Make(std::string_view pattern) {
  DateTimePattern made;
  for (size_t i = 0; i < pattern.size();) {
    if (pattern[i] == '\'') {
      std::optional<std::string> text = TakeQuoted(pattern, &i);
      if (!text) {
        return BadPattern("a quote stays open", pattern);
      }
      made.parts_.push_back({.literal = *std::move(text)});
    } else if (IsLetter(pattern[i])) {
      const size_t end =
          std::min(pattern.find_first_not_of(pattern[i], i), pattern.size());
      const auto* const found =
          std::ranges::find(kLetters, pattern.substr(i, end - i), &Letters::text);
      if (found == kLetters.end()) {
        return BadPattern("a part is none that is known", pattern);
      }
      const auto field = static_cast<Field>(found - kLetters.begin());
      if (made.Has(field)) {
        return BadPattern("a part stands twice", pattern);
      }
      made.parts_.push_back({.field = field, .literal = {}});
      i = end;
    } else if (std::string_view("[]{}#").find(pattern[i]) != std::string_view::npos) {
      return BadPattern("[ ] { } and # mean something else to Java", pattern);
    } else {
      made.parts_.push_back({.literal = std::string(1, pattern[i++])});
    }
  }
  const bool has_field = std::ranges::any_of(
      made.parts_, [](const Part& part) { return part.field != kNumFields; });
  if (!has_field) {
    return BadPattern("there is no part of a date or time", pattern);
  }
  return made;
}

bool DateTimePattern::Has(Field field) const {
  return std::ranges::any_of(parts_,
                             [field](const Part& part) { return part.field == field; });
}

bool DateTimePattern::has_date() const { return Has(kYear) || Has(kMonth) || Has(kDay); }

std::optional<std::string> DateTimePattern::ToIso(std::string_view text) const {
  std::array<int, kNumFields> values{};
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = kLetters[i].missing;
  }
  bool has_time = false;
  for (const Part& part : parts_) {
    if (part.field == kNumFields) {
      if (!text.starts_with(part.literal)) {
        return std::nullopt;
      }
      text.remove_prefix(part.literal.size());
      continue;
    }
    const Letters& letters = kLetters[part.field];
    const std::optional<std::string_view> digits = DigitsOf(text, letters);
    const int value = digits ? ValueOf(*digits, letters) : -1;
    if (value < letters.least || value > letters.most) {
      return std::nullopt;
    }
    values[part.field] = value;
    has_time = has_time || part.field >= kHour;
    text.remove_prefix(digits->size());
  }
  std::string iso =
      fmt::format("{:04}-{:02}-{:02}", values[kYear], values[kMonth], values[kDay]);
  if (!text.empty() || !ParseDate(iso)) {
    return std::nullopt;
  }
  if (has_time) {
    iso += fmt::format(" {:02}:{:02}:{:02}.{:03}", values[kHour], values[kMinute],
                       values[kSecond], values[kMillis]);
  }
  return iso;
}

}  // namespace partita
