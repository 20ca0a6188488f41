#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/model/row_format.h"
#include "partita/options.h"
#include "partita/scan/text_encoding.h"

namespace partita {

/// \brief What becomes of a record that has not as many fields as there are columns, or a
/// value that does not fit its type.
enum class MalformedRecords {
  kFail,  ///< Spark's FAILFAST: it is an error
  kDrop,  ///< DROPMALFORMED: it is left out, and counted
  kNull,  ///< PERMISSIVE: what is missing or does not fit is NULL, and the row is counted
  kNullValues,  ///< TypeMismatch::kNull: what does not fit is NULL, and the row is
                ///< counted; another number of fields is an error
  kPutAside,    ///< TypeMismatch::kQuarantine: it goes to CsvScan::Options::put_aside, or
                ///< is left out where there is none, and is counted
};

/// \brief How CSV input is written, and read; from Spark's reader options.
struct CsvDialect {  // NOLINT(clang-analyzer-optin.performance.Padding): few are made
  char separator = ',';
  char quote = '"';
  char escape = '"';       ///< equal to `quote` means doubled quotes (RFC 4180)
  std::string null_value;  ///< text that means NULL, besides the empty field
  bool header = true;      ///< the first record of each file names the columns
  bool enforce_schema =
      false;  ///< names are taken by position; the header is not compared
  bool ignore_leading_white_space = false;
  bool ignore_trailing_white_space = false;
  bool infer_schema = true;    ///< false: columns without declared types are strings
  std::string wide_separator;  ///< bytes that part fields in the file where that is not
                               ///< one ASCII character; `separator` does once scanned
  std::string line_separator;  ///< what ends a record; empty: LF, or CRLF
  char comment = '\0';         ///< lines that begin with it are skipped; NUL: none
  std::string empty_value;     ///< text that `""` stands for
  std::optional<bool>
      keeps_text_after_quote;  ///< text behind a closing quote makes the field an unquoted
                               ///< one; nothing: only where `escape` is not `quote`
  int64_t max_columns = 0;     ///< 0: any number
  int64_t max_field_characters = 0;             ///< as Java counts them; 0: any number
  TextEncoding encoding = TextEncoding::kUtf8;  ///< of the files
  bool multi_line =
      true;  ///< false: a line break, also a CR, ends a record even in quotes
  MalformedRecords malformed = MalformedRecords::kFail;
  std::string
      corrupt_record_column;  ///< of string, in no file: gets the text of malformed
                              ///< records where they become NULL; empty: none
  bool adds_corrupt_record_column = false;  ///< to columns that the files tell
  std::string date_format;       ///< DateTimePattern of date columns; empty: ParseDate()
  std::string timestamp_format;  ///< of timestamp columns; empty: ParseTimestamp()
  int64_t max_unpacked_bytes = 0;  ///< of a compressed file; 0: DefaultMaxUnpackedBytes()
  bool ignore_corrupt_files = false;  ///< files that cannot be read are left out
  EmptyStrings empty_strings =
      EmptyStrings::kAsSpark;  ///< of string columns; in others `""` is NULL if kept
};

/// \brief What InputSpec says of reading beside Spark's options.
struct InputRules {
  std::optional<TypeMismatch> on_type_mismatch;
  EmptyStrings empty_strings = EmptyStrings::kAsSpark;
};

/// \brief Fails with kInvalidConfig where an option of Spark's says something else about the same. Pure.
arrow::Status CheckRules(const InputRules& rules,
                         const std::map<std::string, std::string>& options);

/// \brief A dialect that the rules hold for; see CheckRules(). Pure.
CsvDialect WithRules(CsvDialect dialect, const InputRules& rules);

/// \brief What read options say of a file's shape; the rest is left to be found.
struct GivenShape {
  CsvDialect asked;  ///< with what is not found but only given: comments, line ends
  std::optional<char> separator;
  std::optional<char> quote;
  std::optional<char> escape;
  std::optional<bool> header;
};

/// \brief True if the rows can be taken as they stand (RFC 4180, no null text, no
/// trimming): the fast path.
bool IsCanonicalDialect(const CsvDialect& dialect);

/// \brief Whether a record may have any number of fields, and is read on. Pure.
bool TakesAnyNumberOfFields(const CsvDialect& dialect);

/// \brief What parts fields in the file. Pure.
std::string WrittenSeparator(const CsvDialect& dialect);

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
