#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/result.h>

#include "partita/scan/csv_options.h"

namespace partita {

/// \brief What the beginning of a CSV file tells about its shape.
struct SniffedCsv {
  CsvDialect dialect;  ///< separator, quote, escape and header are found or given
  std::vector<std::string> names;      ///< one per column, in the header's letter case;
                                       ///< col0, col1, … where there is none
  std::vector<std::string> first_row;  ///< its cells, header or not
  bool are_columns_quoted = false;     ///< every cell of the data is in quotes
};

/// \brief What SniffCsv() looks at.
struct CsvHead {
  std::string path;       ///< for messages; a file called *.csv may have a single column
  std::string_view text;  ///< the first bytes of the file: 1 MiB is plenty
  bool is_whole_file = false;
  GivenShape given;  ///< the user's word, which wins over what the text shows
};

/// \brief Finds separator (comma, pipe, tab, semicolon, Ctrl-A), quoting, header and
/// column names.
///
/// The separator is the one that gives most records the same number of fields, at least
/// two. The first row is a header if no cell of it is a value (number, boolean, date), no
/// cell but the last has 150 bytes or more, names are mostly distinct, and it differs
/// from the data: some column holds values, or, where all is text, no cell is blank (the
/// last may be) and none appears again in its column. So a file of text alone keeps its
/// header, other than with Glue; one without header loses its first row to the names
/// where it looks like one.
/// Thread safety: pure.
/// Errors:        kBadInput for a file that is empty, no CSV (compressed, JSON, UTF-16, …),
///                without a separator, or whose first record does not end within `text`.
arrow::Result<SniffedCsv> SniffCsv(const CsvHead& head);

/// \brief How the names in headers have to agree.
enum class HeaderOrder {
  kSame,     ///< the same names in the same order
  kAny,      ///< the same names
  kIgnored,  ///< not at all: columns go by position
};

/// \brief One shape for all files of a table.
///
/// A file whose first row equals another's header, or has its names in an order that may be,
/// has that header too, even if nothing else in it shows it.
/// Thread safety: pure.
/// Errors:        kBadInput naming two files that differ in separator, quoting, header or
///                names (letter case ignored), and how. `files` must not be empty.
arrow::Result<SniffedCsv> AgreeOnCsv(
    const std::vector<std::pair<std::string, SniffedCsv>>& files, HeaderOrder order);

/// \brief What was found, for people: `CSV: header (guessed), 3 columns, separator ';'`.
///
/// `given` tells what was not guessed. Thread safety: pure.
std::string Describe(const SniffedCsv& csv, const GivenShape& given);

}  // namespace partita
