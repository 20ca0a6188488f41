#pragma once

#include <optional>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/encode/file_encoder.h"
#include "partita/encode/text/codec.h"

namespace partita {

/// \brief How CSV files are written: Spark's options, and its defaults but for blanks and
/// empty rows, which are kept.
///
/// Thread safety: as any value.
struct CsvWriteOptions {
  std::string separator = ",";
  char quote = '"';  ///< NUL where the option is empty, as in Spark
  char escape = '\\';
  std::optional<char> escape_of_escape;  ///< default: `escape` where it is not `quote`
  char comment = '#';                    ///< a first field that begins with it is quoted
  bool header = false;
  bool quote_all = false;
  bool escape_quotes = true;  ///< a quote within a field makes it quoted
  std::string null_value;
  std::string empty_value = "\"\"";
  std::string line_separator = "\n";
  bool trim_leading = false;
  bool trim_trailing = false;
  TextCodec codec = TextCodec::kNone;
  /// What Spark does though it loses data: rows without text are dropped, line feeds in
  /// fields follow a lineSep of two characters, header names lose single quotes.
  bool is_lossy_as_spark = false;
};

/// \brief Reads the options of a CSV output; names are Spark's, in any case.
///
/// Spark's `compat` mode turns trimming on; the options ignoreLeadingWhiteSpace and
/// ignoreTrailingWhiteSpace decide in any mode. Thread safety: pure. Errors:
/// kInvalidConfig for an unknown name or a value that is bad or asks for what is not
/// written (formats of dates and timestamps, other encodings).
arrow::Result<CsvWriteOptions> ParseCsvWriteOptions(const FormatOptions& options);

/// \brief The names of a CSV output's options. Pure.
std::vector<std::string> CsvWriteOptionNames();

}  // namespace partita
