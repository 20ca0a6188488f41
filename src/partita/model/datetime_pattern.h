#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

namespace partita {

/// \brief How dates and times are written in text, by some letters of Java's DateTimeFormatter.
///
/// `yyyy` (0001 to 9999), `MM`, `dd`, `HH`, `mm`, `ss` and `SSS` stand for so many digits (of a second's fraction one to
/// three), each at most once; text in `'…'` and all that is no letter stands for itself. As with Spark, parts that do not stand there are those of
/// 1970-01-01 00:00:00, and a value must be written as the pattern says from its first character to its last.
/// Thread safety: const members may be called from any thread.
class DateTimePattern {
 public:
  /// Errors: kInvalidConfig for another letter or number of them, a part that stands twice, an open quote, or no part.
  static arrow::Result<DateTimePattern> Make(std::string_view pattern);

  /// The date and, if the pattern has parts of it, the time, as ParseDate() and ParseTimestamp() read them; nothing if
  /// `text` is not written so, or there is no such day or time.
  std::optional<std::string> ToIso(std::string_view text) const;

  bool has_date() const;

 private:
  enum Field { kYear, kMonth, kDay, kHour, kMinute, kSecond, kMillis, kNumFields };

  struct Part {
    Field field = kNumFields;  ///< kNumFields: a literal
    std::string literal;
  };

  bool Has(Field field) const;

  std::vector<Part> parts_;
};

}  // namespace partita
