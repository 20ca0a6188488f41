#include "partita/scan/record_marks.h"

#include <algorithm>

namespace partita {

RecordMarks::RecordMarks(const CsvDialect& dialect)
    : wide_separator_(dialect.wide_separator),
      line_separator_(dialect.line_separator),
      first_of_separator_(wide_separator_.empty() ? dialect.separator
                                                  : wide_separator_.front()),
      first_of_line_end_(line_separator_.empty() ? '\n' : line_separator_.front()),
      comment_(dialect.comment),
      cuts_quotes_(!dialect.multi_line),
      ends_at_carriage_return_(cuts_quotes_ && line_separator_.empty()),
      lookahead_(std::max({size_t{ends_at_carriage_return_ ? 2U : 1U},
                           wide_separator_.size(), line_separator_.size()}) -
                 1) {}

int64_t RecordMarks::CountLineEnds(std::string_view text) const {
  if (takes_carriage_returns()) {
    return std::count(text.begin(), text.end(), '\n');
  }
  int64_t count = 0;
  for (size_t i = 0; i < text.size();) {
    const size_t size = LineEndAt(text, i);
    count += size != 0 ? 1 : 0;
    i += std::max<size_t>(size, 1);
  }
  return count;
}

}  // namespace partita
