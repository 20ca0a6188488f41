#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "partita/scan/csv_options.h"
#include "partita/scan/record_marks.h"

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
  size_t next = 0;           ///< offset behind the separator or line end
  bool is_quoted = false;    ///< its value stood in quotes
  bool ends_record = false;  ///< nothing of the record follows
};

/// \brief Where a record begins.
struct RecordBegin {
  size_t offset = 0;      ///< of the record, or of the first line that may be skipped yet
  bool is_known = false;  ///< false: more text is needed to tell
};

/// \brief Reads records of any CsvDialect, one byte after the other.
///
/// Serves what the fast path cannot: headers, dialects that are written anew, and finding
/// where records end when quotes stand anywhere. With an escape of its own (Spark's `\`)
/// it follows univocity as Spark sets it up: text behind a closing quote makes the field
/// an unquoted one, quotes and all; blanks there are dropped. Where quotes are doubled
/// (RFC 4180) such text is an error, unless the dialect says otherwise. NUL as quote or
/// escape means there is none.
/// Thread safety: const members may be called from any thread.
class RecordReader {
 public:
  /// `num_columns` decides whether blank lines count, as for RowIndexer.
  RecordReader(const CsvDialect& dialect, size_t num_columns)
      : dialect_(dialect), marks_(dialect), num_columns_(num_columns) {}

  /// Reads the field that begins at `begin`; `value` gets its characters if not null.
  /// `is_final`: nothing follows `text`.
  RecordField ReadField(std::string_view text, size_t begin, bool is_final,
                        std::string* value) const;

  /// Offset behind the record that begins at `begin`, whatever is wrong in it; nothing if
  /// more text is needed to tell.
  std::optional<size_t> RecordEnd(std::string_view text, size_t begin,
                                  bool is_final) const;

  /// The first line at or behind `begin` that is a record: neither a comment nor, with two
  /// columns or more, blank. The text's end where there is none and nothing follows.
  RecordBegin NextRecord(std::string_view text, size_t begin, bool is_final) const;

  const RecordMarks& marks() const { return marks_; }

 private:
  // Behind that, what stands there may depend on text that is not there.
  size_t Reach(std::string_view text, bool is_final) const;

  bool EndsField(std::string_view text, size_t i, bool is_final) const {
    return i >= Reach(text, is_final) || marks_.SeparatorAt(text, i) != 0 ||
           marks_.LineEndAt(text, i) != 0;
  }

  bool HasOwnEscape() const { return dialect_.escape != dialect_.quote; }

  bool KeepsTextAfterQuote() const {
    return dialect_.keeps_text_after_quote.value_or(HasOwnEscape());
  }

  RecordField EndAt(std::string_view text, size_t i, bool is_final) const;
  RecordField ReadUnquoted(std::string_view text, size_t begin, bool is_final,
                           std::string* value) const;
  RecordField ReadQuoted(std::string_view text, size_t begin, bool is_final,
                         std::string* value) const;
  RecordField EndQuoted(std::string_view text, size_t quote, bool is_final,
                        std::string* value) const;
  RecordField EndOpenQuote(std::string_view text, size_t i, bool is_final,
                           std::string* value) const;
  size_t FindSpecial(std::string_view text, size_t i) const;
  size_t SkipEscape(std::string_view text, size_t i, std::string* value) const;
  size_t FindLineEnd(std::string_view text, size_t i, bool is_final) const;
  size_t SkipBlanks(std::string_view text, size_t i) const;

  CsvDialect dialect_;
  RecordMarks marks_;
  size_t num_columns_;
};

}  // namespace partita
