#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/encode/parquet/column/rle.h"
#include "partita/encode/parquet/column/words.h"
#include "partita/encode/parquet/footer.h"
#include "partita/encode/parquet/options.h"
#include "partita/encode/parquet/page.h"
#include "partita/encode/parquet/schema.h"
#include "partita/model/row_batch.h"

namespace partita {

/// \brief What a leaf of a nested column holds in one place of a row.
struct ParquetEntry {
  uint32_t repetition = 0;  ///< 0 where a row begins
  uint32_t definition = 0;
  std::optional<std::string_view>
      text;  ///< the value; none where something around it is NULL or empty
};

/// \brief Encodes one leaf column of a row group: takes the fields of rows, or the entries that a NestedColumn finds in
/// them, and makes pages of them.
///
/// Life cycle:    Append… or AppendEntry…, FinishChunk, and so on.
/// Ownership:     borrows the PageWriter, where finished pages lie until it is cleared.
/// Thread safety: one thread at a time.
/// Errors:        kBadInput for a field that is no value of the column's type, or NULL in
/// a column without NULLs.
class ParquetColumn {
 public:
  virtual ~ParquetColumn() = default;

  /// Takes this column's fields of the rows from `begin` to `end`.
  virtual arrow::Status Append(const RowBatch& rows, size_t begin, size_t end) = 0;

  /// Takes an entry of a nested column; those of one row stay in one page.
  virtual arrow::Status AppendEntry(const ParquetEntry& entry) = 0;

  /// Ends the last page and tells what the chunk holds; the next chunk begins.
  virtual arrow::Status FinishChunk(ChunkSummary* chunk) = 0;

  /// Bytes of the chunk that are in no finished page yet, as they will be encoded.
  virtual int64_t open_bytes() const = 0;
};

/// \brief Where a column's fields lie in the rows, and how it is encoded.
struct ColumnSettings {
  ParquetField field;
  size_t index = 0;  ///< of the column in the rows
  RowFormat row_format;
  ParquetOptions options;
};

/// \brief Makes the encoder for a column.
std::unique_ptr<ParquetColumn> MakeParquetColumn(const ColumnSettings& settings,
                                                 PageWriter* writer);

/// \brief The pages of one column chunk: counts rows and NULLs of the open page, ends it,
/// remembers the finished ones.
///
/// Ownership:     borrows the writer and the field.
/// Thread safety: one thread at a time.
/// Errors:        as PageWriter.
class ColumnPages {
 public:
  ColumnPages(const ParquetField& field, PageWriter* writer)
      : field_(&field), writer_(writer) {}

  void AddNull() {
    if (levels_.empty()) {
      levels_.assign(num_rows_, 1);
    }
    levels_.push_back(0);
    ++num_rows_;
    ++num_nulls_;
  }

  void AddValue() {
    if (!levels_.empty()) {
      levels_.push_back(1);
    }
    ++num_rows_;
  }

  /// Nested columns: the levels of the entry that is counted next.
  void AddLevels(uint32_t repetition, uint32_t definition) {
    repetitions_.push_back(repetition);
    definitions_.push_back(definition);
    num_begun_rows_ += repetition == 0 ? 1 : 0;
  }

  /// Nested columns: counts an entry without a value.
  void AddEmptyEntry() {
    ++num_rows_;
    ++num_nulls_;
  }

  /// Counts a value if it fits the open page and does not fill it to `most_rows`; false,
  /// and nothing counted, otherwise.
  bool AddValueWithin(size_t most_rows) {
    if (num_rows_ + 1 >= most_rows) {
      return false;
    }
    AddValue();
    return true;
  }

  bool is_nested() const { return field_->is_nested(); }

  /// Rows of the open page, NULLs included; of a nested column its entries.
  size_t num_rows() const { return num_rows_; }

  /// Values of the open page; NULLs not included.
  size_t num_values() const { return num_rows_ - num_nulls_; }

  /// True if a finished page of the chunk holds codes of its dictionary.
  bool needs_dictionary() const { return chunk_.dictionary_coded_pages > 0; }

  /// True while no page of the chunk is finished.
  bool is_first() const { return chunk_.pages.empty(); }

  /// Memory for the body of a dictionary page.
  std::string* NewBody() { return writer_->NewBody(); }

  /// The open page's body, to which its values are to be appended.
  std::string* BeginBody();

  /// Ends the open page, whose values have been appended to BeginBody(). `bounds` are
  /// those of its values and `value_bytes` the bytes of its strings.
  arrow::Status EndPage(ParquetEncoding encoding, const ParquetBounds& bounds,
                        int64_t value_bytes);

  /// Writes the chunk's dictionary page.
  arrow::Status AddDictionary(std::string_view body, size_t num_values);

  /// Hands over what the chunk holds, and forgets it.
  void Take(const ParquetBounds& bounds, ChunkSummary* chunk);

 private:
  const ParquetField* field_;
  PageWriter* writer_;
  ChunkSummary chunk_;
  std::vector<uint8_t> levels_;        // flat; empty while the open page has no NULL
  std::vector<uint32_t> repetitions_;  // nested, of each entry
  std::vector<uint32_t> definitions_;
  int64_t num_begun_rows_ = 0;  // nested
  size_t num_rows_ = 0;
  size_t num_nulls_ = 0;
  int64_t first_row_ = 0;
};

/// \brief The failure for a field that is no value of its column's type.
arrow::Status NotOfType(const ParquetField& field, std::string_view text);

/// \brief The failure for NULL in a column declared without NULLs.
arrow::Status UnexpectedNull(const ParquetField& field);

/// \brief Goes through the raw fields of one column, row by row.
///
/// Ownership:     borrows the rows.
/// Thread safety: one thread at a time.
class FieldCursor {
 public:
  FieldCursor(const RowBatch& rows, size_t row, size_t column)
      : bytes_(rows.bytes.data()),
        step_(static_cast<size_t>(rows.num_columns)),
        ends_(rows.field_ends.data() + row * step_ + column) {
    // A field starts where its row does, or behind the separator that ends the one
    // before.
    if (column == 0) {
      begins_ = rows.row_begins.data() + row;
      begin_step_ = 1;
    } else {
      begins_ = ends_ - 1;
      begin_step_ = step_;
      behind_separator_ = 1;
    }
  }

  /// The field of the next row, quotes included.
  std::string_view Next() {
    const uint32_t begin = *begins_ + behind_separator_;
    const std::string_view raw(bytes_ + begin, *ends_ - begin);
    begins_ += begin_step_;
    ends_ += step_;
    return raw;
  }

 private:
  const char* bytes_;
  size_t step_;
  const uint32_t* ends_;
  const uint32_t* begins_ = nullptr;
  size_t begin_step_ = 0;
  uint32_t behind_separator_ = 0;
};

/// \brief Hands each field of a column to `column`: Add(text) for a value, AddNull() for
/// NULL; both return false on failure, which error() then tells.
///
/// Where a field is the same as the value before it, Repeat() is asked first; it returns
/// false if Add() has to do it after all. This pays in columns of one value, so it is
/// given up for the rest of the call if the first rows seldom repeat.
/// Thread safety: that of its arguments.
template <typename Column>
arrow::Status ForEachField(const RowBatch& rows, size_t begin, size_t end,
                           const ColumnSettings& settings, Column* column) {
  constexpr size_t kTrialRows = 64;
  constexpr size_t kLeastRepeats = 24;
  FieldCursor fields(rows, begin, settings.index);
  std::string scratch;
  std::string_view before;  // the last field that was no NULL
  size_t repeats = 0;
  bool may_repeat = true;
  for (size_t row = begin; row < end; ++row) {
    const std::string_view raw = fields.Next();
    if (may_repeat && !raw.empty() && SameBytes(raw, before)) {
      ++repeats;
      if (column->Repeat()) {
        continue;
      }
    }
    may_repeat = may_repeat && (repeats >= kLeastRepeats || row - begin < kTrialRows);
    FieldValue value{.is_null = raw.empty(), .text = raw};
    if (!value.is_null && raw.front() == '"') {
      value = ReadField(raw, settings.row_format, &scratch);
    }
    if (!(value.is_null ? column->AddNull() : column->Add(value.text))) {
      return column->error();
    }
    before = value.is_null ? before : raw;
  }
  return arrow::Status::OK();
}

}  // namespace partita
