#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "partita/scan/csv_options.h"

namespace partita {

/// \brief How a field ended.
enum class FieldEnd {
  kSeparator,
  kLineEnd,
  kTextEnd,         ///< the text ended, and with it the last record
  kIncomplete,      ///< the text ended and more of it is to come
  kTextAfterQuote,  ///< text stands behind a closing quote; at most up to the next
                    ///< separator or line end, where `next` stands
  kOpenQuote,       ///< the text ended within quotes
};

/// \brief One field as a RecordReader found it.
struct RecordField {
  FieldEnd end = FieldEnd::kIncomplete;
  size_t next = 0;         ///< offset behind the separator or line end
  bool is_quoted = false;  ///< its value stood in quotes
};

/// \brief Reads records of any CsvDialect, one byte after the other.
///
/// Serves what the fast path cannot: headers, dialects that are written anew, and finding
/// where records end when quotes stand anywhere. With an escape of its own (Spark's `\`)
/// it follows univocity as Spark sets it up: text behind a closing quote makes the field
/// an unquoted one, quotes and all; blanks there are dropped. Where quotes are doubled
/// (RFC 4180) such text is an error. NUL as quote or escape means there is none.
/// Thread safety: const members may be called from any thread.
class RecordReader {
 public:
  /// `num_columns` decides whether blank lines count, as for RowIndexer.
  RecordReader(const CsvDialect& dialect, size_t num_columns)
      : dialect_(dialect), num_columns_(num_columns) {}

  /// Reads the field that begins at `begin`; `value` gets its characters if not null.
  /// `is_final`: nothing follows `text`.
  RecordField ReadField(std::string_view text, size_t begin, bool is_final,
                        std::string* value) const;

  /// Offset behind the record that begins at `begin`, whatever is wrong in it; nothing if
  /// more text is needed to tell.
  std::optional<size_t> RecordEnd(std::string_view text, size_t begin,
                                  bool is_final) const;

  /// Offset of the first line at or behind `begin` that is not blank; `begin` itself
  /// where blank lines are rows or more text is needed to tell.
  size_t SkipBlankLines(std::string_view text, size_t begin, bool is_final) const;

 private:
  bool IsBlank(char c) const {
    return static_cast<unsigned char>(c) <= ' ' && c != '\n' && c != dialect_.separator;
  }

  bool EndsField(std::string_view text, size_t i) const {
    return i == text.size() || text[i] == '\n' || text[i] == dialect_.separator;
  }

  bool AllowsTextAfterQuote() const { return dialect_.escape != dialect_.quote; }

  RecordField EndAt(std::string_view text, size_t i, bool is_final) const;
  RecordField ReadUnquoted(std::string_view text, size_t begin, bool is_final,
                           std::string* value) const;
  RecordField ReadQuoted(std::string_view text, size_t begin, bool is_final,
                         std::string* value) const;
  RecordField EndQuoted(std::string_view text, size_t quote, bool is_final,
                        std::string* value) const;
  size_t FindSpecial(std::string_view text, size_t i) const;
  size_t SkipEscape(std::string_view text, size_t i, std::string* value) const;

  CsvDialect dialect_;
  size_t num_columns_;
};

}  // namespace partita
