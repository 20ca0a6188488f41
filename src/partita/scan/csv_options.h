#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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
  bool infer_schema = true;        ///< false: columns without declared types are strings
  int64_t max_unpacked_bytes = 0;  ///< of a compressed file; 0: DefaultMaxUnpackedBytes()
  bool ignore_corrupt_files = false;  ///< files that cannot be read are left out
};

/// \brief What read options say of a file's shape; the rest is left to be found.
struct GivenShape {
  std::optional<char> separator;
  std::optional<char> quote;
  std::optional<char> escape;
  std::optional<bool> header;
};

/// \brief True if the rows can be taken as they stand (RFC 4180, no null text, no
/// trimming): the fast path.
bool IsCanonicalDialect(const CsvDialect& dialect);

/// \brief The format rows of this dialect have once scanned.
RowFormat ScannedRowFormat(const CsvDialect& dialect);

/// \brief Applies read options (`sep`, `delimiter`, `quote`, `escape`, `header`,
/// `nullValue`, `enforceSchema`, `inferSchema`, …; any case: docs/options.md) to `dialect`.
///
/// Errors: kInvalidConfig for an unknown option (naming the nearest) or a bad value.
arrow::Result<CsvDialect> ApplyReadOptions(
    CsvDialect dialect, const std::map<std::string, std::string>& options);

/// \brief What `options` give of the shape. Errors: as ApplyReadOptions().
arrow::Result<GivenShape> ShapeGivenBy(const std::map<std::string, std::string>& options);

/// \brief Whether a read option concerns files of any format. Pure.
bool IsFileOption(std::string_view name);

/// \brief The names ApplyReadOptions() knows, in Spark's spelling.
std::vector<std::string> ReadOptionNames();

}  // namespace partita
