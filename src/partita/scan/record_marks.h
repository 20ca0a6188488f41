#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "partita/scan/csv_options.h"

namespace partita {

/// \brief Tells where the fields, records and comments of a CsvDialect end and begin.
///
/// Ownership:     copies the dialect.
/// Thread safety: const members may be called from any thread.
class RecordMarks {
 public:
  explicit RecordMarks(const CsvDialect& dialect);

  /// Bytes of the separator that stands at `i`; 0 where none does, or the text ends.
  size_t SeparatorAt(std::string_view text, size_t i) const {
    if (i >= text.size() || text[i] != first_of_separator_) {
      return 0;
    }
    return wide_separator_.empty() ? 1 : SizeOfMarkAt(text, i, wide_separator_);
  }

  /// Bytes of the line end that stands at `i`; 0 where none does, or the text ends.
  size_t LineEndAt(std::string_view text, size_t i) const {
    if (i >= text.size()) {
      return 0;
    }
    if (ends_at_carriage_return_ && text[i] == '\r') {
      return text.substr(i + 1).starts_with('\n') ? 2 : 1;
    }
    if (text[i] != first_of_line_end_) {
      return 0;
    }
    return line_separator_.empty() ? 1 : SizeOfMarkAt(text, i, line_separator_);
  }

  /// How many there are.
  int64_t CountLineEnds(std::string_view text) const;

  /// False if neither a separator nor a line end begins with `c`.
  bool MayBegin(char c) const {
    return c == first_of_separator_ || c == first_of_line_end_ ||
           (ends_at_carriage_return_ && c == '\r');
  }

  /// Whether a CR before a line end belongs to it, and ends no line by itself.
  bool takes_carriage_returns() const {
    return line_separator_.empty() && !ends_at_carriage_return_;
  }

  /// Whether a line end within quotes ends the record too.
  bool cuts_quotes() const { return cuts_quotes_; }

  /// Whether a line that begins at `i` is a comment.
  bool IsComment(std::string_view text, size_t i) const {
    return comment_ != '\0' && i < text.size() && text[i] == comment_;
  }

  /// Whether `c` is white space for Spark, and neither parts fields nor ends lines.
  bool IsBlank(char c) const {
    return static_cast<unsigned char>(c) <= ' ' && c != first_of_line_end_ &&
           c != first_of_separator_ && !(ends_at_carriage_return_ && c == '\r');
  }

  /// So many bytes behind a place must be there to tell what stands at it, unless the text
  /// ends with them.
  size_t lookahead() const { return lookahead_; }

 private:
  static size_t SizeOfMarkAt(std::string_view text, size_t i, std::string_view mark) {
    return text.substr(i).starts_with(mark) ? mark.size() : 0;
  }

  std::string wide_separator_;
  std::string line_separator_;
  char first_of_separator_;
  char first_of_line_end_;
  char comment_;
  bool cuts_quotes_;
  bool ends_at_carriage_return_;
  size_t lookahead_;
};

}  // namespace partita
