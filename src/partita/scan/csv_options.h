#pragma once

#include <map>
#include <string>

#include <arrow/result.h>

#include "partita/model/row_format.h"

namespace partita {

/// \brief How CSV input is written; from Spark's reader options.
struct CsvDialect {
  char separator = ',';
  char quote = '"';
  char escape = '"';       ///< equal to `quote` means doubled quotes (RFC 4180)
  std::string null_value;  ///< text that means NULL, besides the empty field
  bool header = true;      ///< the first record of each file names the columns
  bool enforce_schema =
      false;  ///< names are taken by position; the header is not compared
  bool ignore_leading_white_space = false;
  bool ignore_trailing_white_space = false;
};

/// \brief True if the rows can be taken as they stand (RFC 4180, no null text, no
/// trimming): the fast path.
bool IsCanonicalDialect(const CsvDialect& dialect);

/// \brief The format rows of this dialect have once scanned.
RowFormat ScannedRowFormat(const CsvDialect& dialect);

/// \brief Applies read options (`sep`, `delimiter`, `quote`, `escape`, `header`,
/// `nullValue`, `enforceSchema`, `ignoreLeadingWhiteSpace`, …; any case) to `dialect`.
///
/// Errors: kInvalidConfig for an unknown option (naming the nearest) or a bad value.
arrow::Result<CsvDialect> ApplyReadOptions(
    CsvDialect dialect, const std::map<std::string, std::string>& options);

}  // namespace partita
