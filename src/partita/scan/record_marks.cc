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

}  // namespace partita
