#pragma once

#include <cstdint>
#include <string_view>

#include "partita/model/row_batch.h"

namespace partita {

/// \brief What stopped an indexing pass.
enum class RowFault {
  kNone,
  kTooFewFields,    ///< the row has fewer fields than columns
  kTooManyFields,   ///< the row has more fields than columns
  kTextAfterQuote,  ///< a closing quote is followed by neither separator nor line end
  kOpenQuote,       ///< the bytes end within quotes
  kFieldTooLong,    ///< of a scan alone: a field is longer than its reader allows
  kNotOfPattern,    ///< of a scan alone: a date is not written as its reader was told
  kNotUtf8,         ///< of a scan alone: a record that would be put aside is no text
};

/// \brief How far an indexing pass came.
struct RowIndexResult {
  size_t consumed = 0;  ///< bytes up to and with the last complete row's line end
  RowFault fault = RowFault::kNone;
  size_t fault_row_begin = 0;     ///< offset of the row at fault
  int fault_column = 0;           ///< its column, from 0; of too few the first that is
                                  ///< missing, of too many num_columns
  bool has_stray_quotes = false;  ///< a quote stood within an unquoted field: parity of
                                  ///< quotes does not tell where rows of this text end
};

/// \brief Finds the rows and fields of text by RowFormat, 64 bytes at a time.
///
/// A line with no characters is skipped where there are two columns or more (as Spark
/// skips blank lines), and so is one of blanks, tabs and CRs only; with one column it is
/// a row whose field is NULL. A row's end may be CRLF; a CR elsewhere is an ordinary
/// character. A quote within an unquoted field is an ordinary character. The fast pass
/// (AVX-512 or AVX2 where the machine has it, else plain 64-bit words) serves text whose quotes
/// stand by RFC 4180; a block that breaks this goes through IndexRowsPlainly() from the
/// row in question on, with the same results: that function is also the fast pass's twin
/// in tests. Thread safety: one thread at a time; different objects are independent.
class RowIndexer {
 public:
  RowIndexer(RowFormat format, int num_columns);

  /// Adds to `batch` (cleared first) the rows of `text`, stopping at `max_rows` or the
  /// first fault. A last row without line end counts only if `is_final`; else it is left
  /// unconsumed.
  RowIndexResult Index(std::string_view text, bool is_final, size_t max_rows,
                       RowBatch* batch) const;

 private:
  RowFormat format_;
  int num_columns_;
};

/// \brief The plain twin of RowIndexer::Index(): one byte at a time.
RowIndexResult IndexRowsPlainly(const RowFormat& format, int num_columns,
                                std::string_view text, bool is_final, size_t max_rows,
                                RowBatch* batch);

}  // namespace partita
