#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/util/utf8.h>

#include "partita/base/ascii.h"
#include "partita/model/column_names.h"
#include "partita/model/scalar_text.h"
#include "partita/scan/csv_options.h"

namespace partita {

/// \brief A row's values; nothing is NULL.
using PlainRow = std::vector<std::optional<std::string>>;

/// \brief What PlainCsv read.
struct PlainCsvRows {
  std::vector<PlainRow> rows;  ///< all, or those before what was refused
  bool is_refused = false;
  int64_t row = 0;   ///< the one that was refused, from 1; 0: the file or its header
  int64_t line = 0;  ///< where it begins, from 1
};

/// \brief Reads a text of CSV from its first byte to its last, one after the other: the twin of every faster reader, written from
/// docs/options.md alone.
///
/// Ownership: borrows the text. Thread safety: one thread at a time.
class PlainCsv {
 public:
  PlainCsv(std::string_view text, const CsvDialect& dialect, const Schema& schema)
      : text_(text), dialect_(dialect), schema_(schema) {
    arrow::util::InitializeUTF8();
  }

  PlainCsvRows Read() {
    if (text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF")) {
      return Refused({});
    }
    at_ = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    if (dialect_.header && FindRecord()) {
      const Record header = ReadRecord();
      if (!dialect_.enforce_schema && !NamesColumns(header)) {
        return Refused({});
      }
    }
    PlainCsvRows read;
    while (FindRecord()) {
      read.line = std::count(text_.begin(), text_.begin() + at_, '\n') + 1;
      const Record record = ReadRecord();
      PlainRow row;
      if (record.is_broken || !ToRow(record, &row)) {
        read.row = static_cast<int64_t>(read.rows.size()) + 1;
        return Refused(std::move(read));
      }
      read.rows.push_back(std::move(row));
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
    bool is_broken = false;
  };

  static PlainCsvRows Refused(PlainCsvRows read) {
    read.is_refused = true;
    return read;
  }

  bool IsAtEnd() const { return at_ == std::ssize(text_); }

  char Here() const { return text_[static_cast<size_t>(at_)]; }

  bool IsHere(char c) const { return !IsAtEnd() && Here() == c; }

  bool IsNext(char c) const {
    return at_ + 1 < std::ssize(text_) && text_[static_cast<size_t>(at_ + 1)] == c;
  }

  bool IsAtFieldEnd() const {
    return IsAtEnd() || Here() == '\n' || Here() == dialect_.separator;
  }

  bool IsBlank(char c) const {
    return static_cast<unsigned char>(c) <= ' ' && c != '\n' && c != dialect_.separator;
  }

  bool HasQuote() const { return dialect_.quote != '\0'; }

  bool DoublesQuotes() const { return dialect_.escape == dialect_.quote; }

  // Whether another record follows; lines that are blank are no records where there are two columns or more.
  bool FindRecord() {
    while (schema_.fields.size() > 1) {
      std::string_view line = text_.substr(static_cast<size_t>(at_));
      line = line.substr(0, std::min(line.find('\n'), line.size()));
      const bool is_blank = std::all_of(line.begin(), line.end(), [this](char c) {
        return (c == ' ' || c == '\t' || c == '\r') && c != dialect_.separator;
      });
      if (!is_blank || IsAtEnd()) {
        break;
      }
      at_ = std::min(at_ + std::ssize(line) + 1, std::ssize(text_));
    }
    return !IsAtEnd();
  }

  Record ReadRecord() {
    Record record;
    while (true) {
      record.cells.push_back(ReadCell(&record.is_broken));
      if (IsAtEnd()) {
        return record;
      }
      const bool ends_record = Here() == '\n';
      ++at_;
      if (ends_record) {
        return record;
      }
    }
  }

  // Ends at the separator or line end behind the cell, or at the text's end.
  Cell ReadCell(bool* is_broken) {
    while (dialect_.ignore_leading_white_space && !IsAtEnd() && IsBlank(Here())) {
      ++at_;
    }
    if (HasQuote() && IsHere(dialect_.quote)) {
      ++at_;
      return ReadQuoted(is_broken);
    }
    return {.text = ReadUnquoted()};
  }

  std::string ReadUnquoted() {
    std::string text;
    while (!IsAtFieldEnd()) {
      text += Here();
      ++at_;
    }
    if (IsHere('\n') && text.ends_with('\r')) {
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
    const ptrdiff_t quote = at_++;
    if (!DoublesQuotes() || dialect_.ignore_trailing_white_space) {
      while (!IsAtEnd() && IsBlank(Here())) {
        ++at_;
      }
    } else if (IsHere('\r') && IsNext('\n')) {
      ++at_;
    }
    if (!IsAtFieldEnd()) {  // an unquoted cell that begins with a quote, or none at all
      *is_broken = *is_broken || DoublesQuotes();
      at_ = quote;
      cell = {.text = dialect_.quote + cell.text + ReadUnquoted()};
    }
    return cell;
  }

  bool NamesColumns(const Record& header) const {
    std::vector<std::string> names;
    for (const Cell& cell : header.cells) {
      names.push_back(cell.text);
    }
    names = ColumnNamesFromHeader(names);
    return std::equal(names.begin(), names.end(), schema_.fields.begin(),
                      schema_.fields.end(),
                      [](const std::string& name, const Field& field) {
                        return EqualsIgnoringCase(name, field.name);
                      });
  }

  // False where the record does not fit the columns.
  bool ToRow(const Record& record, PlainRow* row) const {
    if (record.cells.size() != schema_.fields.size()) {
      return false;
    }
    for (size_t i = 0; i < record.cells.size(); ++i) {
      const Cell& cell = record.cells[i];
      const bool is_null =
          cell.text == dialect_.null_value || (cell.text.empty() && !cell.is_quoted);
      if (!is_null && (!arrow::util::ValidateUTF8(cell.text) ||
                       !FitsType(cell.text, schema_.fields[i].type))) {
        return false;
      }
      row->push_back(is_null ? std::nullopt : std::optional(cell.text));
    }
    return true;
  }

  std::string_view text_;
  const CsvDialect& dialect_;
  const Schema& schema_;
  ptrdiff_t at_ = 0;
};

}  // namespace partita
