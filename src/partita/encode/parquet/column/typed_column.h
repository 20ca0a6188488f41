#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include <arrow/status.h>

#include "partita/encode/parquet/column/column.h"

namespace partita {

/// \brief What columns of every type share: the way of the fields to `Column`, NULLs, full
/// pages, and the first failure, which is the one told.
///
/// `Column` is the class that derives from this. It has Add(text) and Repeat() for
/// ForEachField(), WritePage() for the values of the open page, ChunkBounds() and
/// ForgetChunk(), and WriteDictionary() where its pages may need one.
/// Ownership:     borrows the writer.
/// Thread safety: one thread at a time.
/// Cost:          no virtual call per row or page.
template <typename Column>
class TypedColumn : public ParquetColumn {
 public:
  TypedColumn(const ColumnSettings& settings, size_t page_rows, PageWriter* writer)
      : settings_(settings), pages_(settings_.field, writer), page_rows_(page_rows) {}

  TypedColumn(const TypedColumn&) = delete;
  TypedColumn& operator=(const TypedColumn&) = delete;
  ~TypedColumn() override = default;

  arrow::Status Append(const RowBatch& rows, size_t begin, size_t end) override {
    return ForEachField(rows, begin, end, settings_, column());
  }

  arrow::Status AppendEntry(const ParquetEntry& entry) override {
    if (entry.repetition == 0 && is_page_full_ && !EndWholePage()) {
      return error_;
    }
    pages_.AddLevels(entry.repetition, entry.definition);
    if (!entry.text.has_value()) {
      pages_.AddEmptyEntry();
      is_page_full_ = is_page_full_ || pages_.num_rows() >= page_rows_;
      return error_;
    }
    return column()->Add(*entry.text) ? arrow::Status::OK() : error_;
  }

  arrow::Status FinishChunk(ChunkSummary* chunk) override {
    if (pages_.num_rows() > 0 && !EndWholePage()) {
      return error_;
    }
    if (pages_.needs_dictionary()) {
      ARROW_RETURN_NOT_OK(column()->WriteDictionary());
    }
    pages_.Take(column()->ChunkBounds(), chunk);
    column()->ForgetChunk();
    return arrow::Status::OK();
  }

  bool AddNull() {
    if (!settings_.field.is_optional) {
      return Fail(UnexpectedNull(settings_.field));
    }
    pages_.AddNull();
    return EndPageIfFull();
  }

  const arrow::Status& error() const { return error_; }

 protected:
  const ColumnSettings& settings() const { return settings_; }

  ColumnPages& pages() { return pages_; }

  size_t page_rows() const { return page_rows_; }

  /// Remembers a failure, if it is the first; false.
  bool Fail(arrow::Status status) {
    if (error_.ok()) {
      error_ = std::move(status);
    }
    return false;
  }

  /// Ends the open page, of a nested column once its row is whole; false where that, or anything before it, has failed.
  bool EndPage() {
    if (pages_.is_nested()) {
      is_page_full_ = true;
      return error_.ok();
    }
    return EndWholePage();
  }

  bool EndPageIfFull() { return pages_.num_rows() < page_rows_ || EndPage(); }

 private:
  Column* column() { return static_cast<Column*>(this); }

  bool EndWholePage() {
    is_page_full_ = false;
    if (error_.ok()) {
      error_ = column()->WritePage();
    }
    return error_.ok();
  }

  ColumnSettings settings_;
  ColumnPages pages_;
  size_t page_rows_;
  bool is_page_full_ = false;  // nested
  arrow::Status error_;
};

}  // namespace partita
