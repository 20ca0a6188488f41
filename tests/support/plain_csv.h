#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/util/utf8.h>

#include "partita/base/ascii.h"
#include "partita/model/column_names.h"
#include "partita/model/scalar_text.h"
#include "partita/scan/csv_options.h"

#include "support/plain_encoding.h"

namespace partita {

/// \brief A row's values; nothing is NULL.
using PlainRow = std::vector<std::optional<std::string>>;

/// \brief What PlainCsv read.
struct PlainCsvRows {
  std::vector<PlainRow> rows;  ///< all, or those before what was refused
  bool is_refused = false;
  int64_t record = 0;  ///< the one that was refused, from 1; 0: the file or its header
  int64_t line = 0;    ///< where it begins, from 1
  int64_t num_dropped = 0;
  int64_t num_with_nulls = 0;  ///< rows of malformed records
};

/// \brief Reads a text of CSV from its first byte to its last, one after the other: the twin of every faster reader, written from
/// docs/options.md. It knows all options but patterns of dates and times, and the most columns.
///
/// Ownership: borrows the dialect and schema. Thread safety: one thread at a time.
class PlainCsv {
 public:
  PlainCsv(std::string_view bytes, const CsvDialect& dialect, const Schema& schema)
      : text_(PlainUtf8(bytes, dialect.encoding)),
        dialect_(dialect),
        separator_(dialect.wide_separator.empty() ? std::string(1, dialect.separator)
                                                  : dialect.wide_separator) {
    arrow::util::InitializeUTF8();
    for (const Field& field : schema.fields) {
      const bool is_corrupt_record =
          schema.fields.size() > 1 && field.type.id == TypeId::kString &&
          !dialect.corrupt_record_column.empty() && !corrupt_record_ &&
          EqualsIgnoringCase(field.name, dialect.corrupt_record_column);
      if (is_corrupt_record) {
        corrupt_record_ = std::ssize(fields_);
      } else {
        places_.push_back(fields_.size());
        fields_.push_back(field);
      }
    }
  }

  PlainCsvRows Read() {
    if (!text_ || text_->starts_with("\xFF\xFE") || text_->starts_with("\xFE\xFF")) {
      return Refused({});
    }
    at_ = text_->starts_with("\xEF\xBB\xBF") ? 3 : 0;
    if (dialect_.header && FindRecord()) {
      const Record header = ReadRecord();
      if (!dialect_.enforce_schema && !PlaceFields(header)) {
        return Refused({});
      }
    }
    PlainCsvRows read;
    while (FindRecord()) {
      ++read.record;
      read.line = CountLineEnds() + 1;
      if (!AddRow(ReadRecord(), &read)) {
        return Refused(std::move(read));
      }
    }
    return read;
  }

 private:
  struct Cell {
    std::string text;
    bool is_quoted = false;
  };

  struct Record {
    std::vector<Cell> cells;
    std::string_view text;  // without its line end
    bool is_broken = false;
  };

  static PlainCsvRows Refused(PlainCsvRows read) {
    read.is_refused = true;
    return read;
  }

  bool IsAtEnd() const { return at_ == text_->size(); }

  char Here() const { return (*text_)[at_]; }

  bool IsHere(char c) const { return !IsAtEnd() && Here() == c; }

  bool IsHere(std::string_view mark) const {
    return std::string_view(*text_).substr(at_).starts_with(mark);
  }

  bool IsNext(char c) const { return at_ + 1 < text_->size() && (*text_)[at_ + 1] == c; }

  // Without a lineSep: LF ends a line, where lines end records CR and CRLF too.
  size_t LineEndHere() const {
    if (!dialect_.line_separator.empty()) {
      return IsHere(dialect_.line_separator) ? dialect_.line_separator.size() : 0;
    }
    if (!dialect_.multi_line && IsHere('\r')) {
      return IsNext('\n') ? 2 : 1;
    }
    return IsHere('\n') ? 1 : 0;
  }

  // Whether the CR of a CRLF is no text.
  bool DropsReturn() const {
    return dialect_.line_separator.empty() && dialect_.multi_line;
  }

  bool IsAtFieldEnd() const {
    return IsAtEnd() || IsHere(separator_) || LineEndHere() != 0;
  }

  // White space for Java, unless it is a mark or begins one.
  bool IsBlank(char c) const {
    const char line_end =
        dialect_.line_separator.empty() ? '\n' : dialect_.line_separator[0];
    const bool is_return =
        c == '\r' && dialect_.line_separator.empty() && !dialect_.multi_line;
    return static_cast<unsigned char>(c) <= ' ' && c != line_end && c != separator_[0] &&
           !is_return;
  }

  bool DoublesQuotes() const { return dialect_.escape == dialect_.quote; }

  bool KeepsTextAfterQuote() const {
    return dialect_.keeps_text_after_quote.value_or(!DoublesQuotes());
  }

  void SkipLine() {
    while (!IsAtEnd() && LineEndHere() == 0) {
      ++at_;
    }
    at_ += LineEndHere();
  }

  // Whether nothing but blanks stands up to the end of the line.
  bool IsLineBlank() {
    const size_t begin = at_;
    while (!IsAtFieldEnd() &&
           std::string_view(" \t\r\n").find(Here()) != std::string_view::npos) {
      ++at_;
    }
    const bool is_blank = IsAtEnd() || (LineEndHere() != 0 && !IsHere(separator_));
    at_ = begin;
    return is_blank;
  }

  // Whether another record follows: no comment, and where there are two columns or more no blank line.
  bool FindRecord() {
    while (!IsAtEnd()) {
      const bool is_comment = dialect_.comment != '\0' && Here() == dialect_.comment;
      if (!is_comment && (fields_.size() < 2 || !IsLineBlank())) {
        return true;
      }
      SkipLine();
    }
    return false;
  }

  // Before the record that comes next.
  int64_t CountLineEnds() {
    const size_t end = std::exchange(at_, 0);
    int64_t count = 0;
    while (at_ < end) {
      // A CR within a record is none where LF is one.
      const size_t size = LineEndHere();
      count += size != 0 ? 1 : 0;
      at_ += std::max<size_t>(size, 1);
    }
    at_ = end;
    return count;
  }

  Record ReadRecord() {
    const size_t begin = at_;
    Record record;
    while (true) {
      record.cells.push_back(ReadCell(&record.is_broken));
      if (IsAtEnd() || LineEndHere() != 0) {
        break;
      }
      at_ += separator_.size();
    }
    record.text = std::string_view(*text_).substr(begin, at_ - begin);
    if (DropsReturn() && !IsAtEnd() && record.text.ends_with('\r')) {
      record.text.remove_suffix(1);
    }
    at_ += LineEndHere();
    return record;
  }

  // Ends at the separator or line end behind the cell, or at the text's end.
  Cell ReadCell(bool* is_broken) {
    while (dialect_.ignore_leading_white_space && !IsAtEnd() && IsBlank(Here())) {
      ++at_;
    }
    Cell cell;
    if (dialect_.quote != '\0' && IsHere(dialect_.quote)) {
      ++at_;
      cell = ReadQuoted(is_broken);
    } else {
      cell.text = ReadUnquoted();
    }
    *is_broken = *is_broken || IsTooLong(cell.text);
    return cell;
  }

  std::string ReadUnquoted() {
    std::string text;
    while (!IsAtFieldEnd()) {
      text += Here();
      ++at_;
    }
    const bool ends_line = LineEndHere() != 0 && !IsHere(separator_);
    if (ends_line && DropsReturn() && text.ends_with('\r')) {
      text.pop_back();
    }
    while (dialect_.ignore_trailing_white_space && !text.empty() &&
           IsBlank(text.back())) {
      text.pop_back();
    }
    return text;
  }

  Cell ReadQuoted(bool* is_broken) {
    Cell cell{.text = {}, .is_quoted = true};
    while (true) {
      if (!dialect_.multi_line && (IsAtEnd() || LineEndHere() != 0)) {
        // The record ends here all the same; of a quote alone that stays.
        cell.text = cell.text.empty() ? std::string(1, dialect_.quote) : cell.text;
        return cell;
      }
      if (IsAtEnd()) {
        *is_broken = true;  // the quote is never closed
        return cell;
      }
      const bool is_escape =
          !DoublesQuotes() && dialect_.escape != '\0' && Here() == dialect_.escape;
      if (is_escape && (IsNext(dialect_.quote) || IsNext(dialect_.escape))) {
        ++at_;
      } else if (Here() == dialect_.quote && !is_escape) {
        if (!IsNext(dialect_.quote)) {
          return EndQuoted(std::move(cell), is_broken);
        }
        // A quote before a quote is text. Where it is no escape, the one behind it may close the cell.
        at_ += DoublesQuotes() ? 1 : 0;
      }
      cell.text += Here();
      ++at_;
    }
  }

  // At the closing quote.
  Cell EndQuoted(Cell cell, bool* is_broken) {
    const size_t quote = at_++;
    if (KeepsTextAfterQuote() || dialect_.ignore_trailing_white_space) {
      while (!IsAtEnd() && IsBlank(Here())) {
        ++at_;
      }
    } else if (DropsReturn() && IsHere('\r') && IsNext('\n')) {
      ++at_;
    }
    if (!IsAtFieldEnd()) {  // an unquoted cell that begins with a quote, or none at all
      *is_broken = *is_broken || !KeepsTextAfterQuote();
      at_ = quote;
      cell = {.text = dialect_.quote + cell.text + ReadUnquoted()};
    }
    return cell;
  }

  // By UTF-16 units, of which there are no more than bytes.
  bool IsTooLong(std::string_view text) const {
    int64_t units = 0;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      units += byte >= 0xF0 ? 2 : (byte & 0xC0) == 0x80 ? 0 : 1;
    }
    return dialect_.max_field_characters > 0 &&
           std::min<int64_t>(units, std::ssize(text)) > dialect_.max_field_characters;
  }

  // By the names of a header, in whatever order they stand; false where they are others.
  bool PlaceFields(const Record& header) {
    std::vector<std::string> names;
    for (const Cell& cell : header.cells) {
      names.push_back(cell.text);
    }
    names = ColumnNamesFromHeader(names);
    const auto is_same = [](const std::string& name, const Field& field) {
      return EqualsIgnoringCase(name, field.name);
    };
    if (std::equal(names.begin(), names.end(), fields_.begin(), fields_.end(), is_same)) {
      return true;
    }
    std::vector<size_t> places;
    for (const std::string& name : names) {
      const auto column =
          std::find_if(fields_.begin(), fields_.end(),
                       [&](const Field& field) { return is_same(name, field); });
      places.push_back(static_cast<size_t>(column - fields_.begin()));
    }
    std::vector<size_t> sorted = places;
    std::sort(sorted.begin(), sorted.end());
    return sorted == std::exchange(places_, std::move(places));
  }

  // A cell's value; nothing where it is NULL.
  std::optional<std::string> ValueOf(const Cell& cell) const {
    const bool is_empty_string = cell.text.empty() && cell.is_quoted;
    const std::string& value = is_empty_string ? dialect_.empty_value : cell.text;
    const bool is_null =
        value == dialect_.null_value || (value.empty() && !cell.is_quoted);
    return is_null ? std::nullopt : std::optional(value);
  }

  // False where the record is refused.
  bool AddRow(const Record& record, PlainCsvRows* read) const {
    if (record.is_broken) {
      return false;
    }
    bool is_malformed = record.cells.size() != fields_.size();
    PlainRow row(fields_.size());
    for (size_t i = 0; i < std::min(record.cells.size(), fields_.size()); ++i) {
      std::optional<std::string>& value = row[places_[i]];
      value = ValueOf(record.cells[i]);
      if (value && !FitsType(*value, fields_[places_[i]].type)) {
        value = std::nullopt;
        is_malformed = true;
      }
    }
    if (is_malformed && dialect_.malformed != MalformedRecords::kNull) {
      ++read->num_dropped;
      return dialect_.malformed == MalformedRecords::kDrop;
    }
    if (corrupt_record_) {
      row.insert(row.begin() + *corrupt_record_,
                 is_malformed ? std::optional(std::string(record.text)) : std::nullopt);
    }
    read->num_with_nulls += is_malformed ? 1 : 0;
    const bool is_utf8 = std::all_of(row.begin(), row.end(), [](const auto& value) {
      return !value || arrow::util::ValidateUTF8(*value);
    });
    if (is_utf8) {
      read->rows.push_back(std::move(row));
    }
    return is_utf8;
  }

  const std::optional<std::string> text_;  // nothing: it is not of its encoding
  const CsvDialect& dialect_;
  const std::string separator_;
  std::vector<Field> fields_;                // of the file
  std::vector<size_t> places_;               // by cell, the column it belongs to
  std::optional<ptrdiff_t> corrupt_record_;  // where it stands in a row
  size_t at_ = 0;
};

}  // namespace partita
