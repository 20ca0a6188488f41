#include "partita/scan/batch_scan.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <arrow/array.h>
#include <arrow/compute/cast.h>
#include <arrow/datum.h>
#include <arrow/record_batch.h>
#include <arrow/util/byte_size.h>
#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/model/arrow_types.h"
#include "partita/model/batch_origin.h"
#include "partita/model/cell_text.h"
#include "partita/model/nested_text.h"
#include "partita/model/row_indexer.h"
#include "partita/scan/row_checks.h"
#include "partita/scan/segment_chain.h"
#include "partita/scan/segment_records.h"

namespace partita {
namespace {

constexpr size_t kBlockRows = 4096;
// Of rows whose text has not been seen yet.
constexpr double kFirstGuessBytes = 1024;

// Consecutive rows of one batch.
struct Part {
  std::shared_ptr<arrow::RecordBatch> rows;
  int64_t first_row = 0;  // over all batches, from 0
  BatchOrigin origin;     // of the first row; without a file for a program's own batches
};

// Some consecutive rows of the input, or why there are none.
struct Slice {
  arrow::Status status;
  std::vector<Part> parts;  // none behind the last row
  int64_t sequence = 0;
  int64_t first_row = 0;  // over all batches, from 0
  int64_t num_rows = 0;
};

// "file a.json, row 7" of a row counted over all batches, from 0.
std::string PlaceOf(const Part& part, int64_t row) {
  return part.origin.file.empty()
             ? fmt::format("row {} of the batches", row + 1)
             : fmt::format("file {}, row {}", part.origin.file,
                           part.origin.rows_before + (row - part.first_row) + 1);
}

std::string PlaceOf(const Slice& slice, int64_t row) {
  const auto next = std::ranges::upper_bound(slice.parts, row, {}, &Part::first_row);
  return PlaceOf(*std::prev(next), row);
}

// "rows 5 to 7 of …", for what cannot be said of one row alone.
std::string RowsOf(const Part& part) {
  const int64_t first =
      part.origin.file.empty() ? part.first_row : part.origin.rows_before;
  return fmt::format(
      "rows {} to {} of {}", first + 1, first + part.rows->num_rows(),
      part.origin.file.empty() ? "the batches" : "file " + part.origin.file);
}

// A field by RFC 4180; the empty string is told from NULL by its quotes.
void AppendQuoted(std::string_view text, std::string* out) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out->append(text);
    return;
  }
  out->push_back('"');
  for (const char c : text) {
    out->append(c == '"' ? 2 : 1, c);
  }
  out->push_back('"');
}

// What the texts of rows are checked as; those of nested values are written by their type.
Schema CheckedSchema(Schema schema) {
  for (Field& field : schema.fields) {
    field.type = IsNested(field.type) ? DataType() : field.type;
  }
  return schema;
}

class BatchScan : public RowScan {
 public:
  BatchScan(std::shared_ptr<arrow::RecordBatchReader> reader, Schema schema,
            size_t segment_size)
      : reader_(std::move(reader)),
        schema_(std::move(schema)),
        segment_size_(segment_size),
        indexer_(BatchRowFormat(), static_cast<int>(schema_.fields.size())),
        checks_(CheckedSchema(schema_), BatchRowFormat()) {}

  arrow::Result<Segment> NextSegment(std::stop_token stop, Buffer* buffer,
                                     const Visitor& visit) override {
    Slice slice = NextSlice();
    if (slice.status.ok() &&
        (stop.stop_requested() || chain_.HasFailedBefore(slice.sequence))) {
      slice.status = Error(ErrorCode::kCancelled, "stopped on request");
    }
    if (slice.status.ok() && slice.parts.empty()) {
      return Segment{};
    }
    arrow::Result<Segment> segment =
        slice.status.ok() ? ScanSlice(slice, buffer, visit) : slice.status;
    if (!segment.ok()) {
      return chain_.Fail(slice.sequence, segment.status(), stop);
    }
    chain_.Complete(slice.sequence);
    return segment;
  }

  RowFormat row_format() const override { return BatchRowFormat(); }

  arrow::Status RowError(const RowBatch& batch, size_t row, int column,
                         const std::string& what) override {
    Block block;
    {
      const std::lock_guard lock(places_mutex_);
      const auto found = blocks_.find(&batch);
      if (found == blocks_.end()) {
        return Error(ErrorCode::kBadInput, "{}", what);
      }
      block = found->second;
    }
    return Error(ErrorCode::kBadInput, "{}, column {}: {}",
                 PlaceOf(*block.slice, block.first_row + static_cast<int64_t>(row)),
                 schema_.fields[static_cast<size_t>(column)].name, what);
  }

 private:
  // Rows that are visited.
  struct Block {
    const Slice* slice = nullptr;
    int64_t first_row = 0;  // over all batches, from 0
  };

  // Slices are numbered in the order they are taken in, so that errors have an order.
  Slice NextSlice() {
    const std::lock_guard lock(reader_mutex_);
    Slice slice{.sequence = next_sequence_, .first_row = next_row_};
    double bytes = 0;
    while (slice.status.ok() && bytes < static_cast<double>(segment_size_)) {
      if (batch_ == nullptr || batch_offset_ == batch_->num_rows()) {
        slice.status = NextBatch();
        if (batch_ == nullptr) {
          break;
        }
        continue;
      }
      const double row_bytes = std::max(batch_row_bytes_, text_row_bytes_);
      const double fitting =
          std::max((static_cast<double>(segment_size_) - bytes) / row_bytes, 1.0);
      const auto left = batch_->num_rows() - batch_offset_;
      const auto num_rows =
          static_cast<int64_t>(std::min(fitting, static_cast<double>(left)));
      BatchOrigin origin = batch_origin_;
      origin.rows_before += batch_offset_;
      slice.parts.push_back({.rows = batch_->Slice(batch_offset_, num_rows),
                             .first_row = next_row_ + slice.num_rows,
                             .origin = std::move(origin)});
      batch_offset_ += num_rows;
      slice.num_rows += num_rows;
      bytes += row_bytes * static_cast<double>(num_rows);
    }
    next_row_ += slice.num_rows;
    next_sequence_ += slice.parts.empty() && slice.status.ok() ? 0 : 1;
    return slice;
  }

  // A reader that has failed or ended is not asked again.
  arrow::Status NextBatch() {
    batch_.reset();
    batch_offset_ = 0;
    if (is_at_end_) {
      return arrow::Status::OK();
    }
    arrow::Status read = Classify(reader_->ReadNext(&batch_), ErrorCode::kBadInput);
    if (!read.ok()) {
      batch_.reset();
    }
    is_at_end_ = batch_ == nullptr;
    if (is_at_end_) {
      return read;
    }
    if (!batch_->schema()->Equals(*reader_->schema(), /*check_metadata=*/false)) {
      batch_.reset();
      is_at_end_ = true;
      return Error(ErrorCode::kBadInput,
                   "a batch has another schema than its reader; it begins at row {}",
                   next_row_ + 1);
    }
    batch_origin_ = OriginOf(*batch_).value_or(BatchOrigin());
    const auto referenced = arrow::util::ReferencedBufferSize(*batch_);
    batch_row_bytes_ =
        referenced.ok() && batch_->num_rows() > 0
            ? static_cast<double>(*referenced) / static_cast<double>(batch_->num_rows())
            : 0;
    return arrow::Status::OK();
  }

  arrow::Result<Segment> ScanSlice(const Slice& slice, Buffer* buffer,
                                   const Visitor& visit) {
    std::string text;
    for (const Part& part : slice.parts) {
      ARROW_RETURN_NOT_OK(AppendRows(part, &text));
    }
    if (text.size() > std::numeric_limits<uint32_t>::max()) {
      return Error(
          ErrorCode::kBadInput,
          "rows suddenly grow too long; hand them over in order of length, or in smaller "
          "batches: {}",
          RowsOf(slice.parts.back()));
    }
    if (buffer->size() < text.size()) {
      ARROW_ASSIGN_OR_RAISE(*buffer, Buffer::Make(std::max(text.size(), segment_size_)));
    }
    std::memcpy(buffer->data(), text.data(), text.size());
    NoteRowBytes(static_cast<double>(text.size()) / static_cast<double>(slice.num_rows));
    ARROW_RETURN_NOT_OK(VisitRows({buffer->data(), text.size()}, slice, visit));
    return Segment{.sequence = slice.sequence,
                   .bytes_read = static_cast<int64_t>(text.size()),
                   .num_rows = slice.num_rows};
  }

  void NoteRowBytes(double row_bytes) {
    const std::lock_guard lock(reader_mutex_);
    text_row_bytes_ = row_bytes;
  }

  arrow::Status AppendRows(const Part& part, std::string* text) const {
    arrow::ArrayVector columns;
    for (int column = 0; column < part.rows->num_columns(); ++column) {
      ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), SparkColumn(part, column));
    }
    std::string cell;
    for (int64_t row = 0; row < part.rows->num_rows(); ++row) {
      const size_t begin = text->size();
      for (size_t column = 0; column < columns.size(); ++column) {
        *text += column == 0 ? "" : ",";
        if (!columns[column]->IsNull(row)) {
          cell.clear();
          ARROW_RETURN_NOT_OK(AppendValue(part, *columns[column], row, column, &cell));
          AppendQuoted(cell, text);
        }
      }
      *text += '\n';
      if (text->size() - begin > kMaxRecordBytes) {
        return Error(ErrorCode::kBadInput, "{}: the row is longer than {} MiB; split it",
                     PlaceOf(part, part.first_row + row), kMaxRecordBytes >> 20);
      }
    }
    return arrow::Status::OK();
  }

  arrow::Status AppendValue(const Part& part, const arrow::Array& values, int64_t row,
                            size_t column, std::string* cell) const {
    const Field& field = schema_.fields[column];
    if (!IsNested(field.type)) {
      return AppendCell(values, row, cell);
    }
    const arrow::Status appended = AppendNestedText(values, row, field.type, cell);
    return appended.ok() ? appended
                         : WithContext(appended, PlaceOf(part, part.first_row + row) +
                                                     ", column " + field.name);
  }

  // The column in the type that Spark has for it; what does not fit there is no value of Spark's.
  arrow::Result<std::shared_ptr<arrow::Array>> SparkColumn(const Part& part,
                                                           int column) const {
    const Field& field = schema_.fields[static_cast<size_t>(column)];
    const auto type = ToArrowType(field.type);
    const auto& array = part.rows->column(column);
    if (array->type()->Equals(*type)) {
      return array;
    }
    const auto cast =
        arrow::compute::Cast(array, arrow::compute::CastOptions::Safe(type));
    if (!cast.ok()) {
      return Error(
          ErrorCode::kBadInput, "a value is none of Spark's {}; column {}, {}: {}",
          HiveTypeName(field.type), field.name, RowsOf(part), cast.status().message());
    }
    return cast->make_array();
  }

  arrow::Status VisitRows(std::string_view text, const Slice& slice,
                          const Visitor& visit) {
    int64_t first_row = slice.first_row;
    RowBatch batch;
    arrow::Status status;
    while (status.ok() && !text.empty()) {
      const RowIndexResult result = indexer_.Index(text, true, kBlockRows, &batch);
      if (result.fault != RowFault::kNone || result.consumed == 0) {
        return Error(ErrorCode::kInternal, "a batch's rows cannot be read as text");
      }
      {
        const std::lock_guard lock(places_mutex_);
        blocks_[&batch] = {.slice = &slice, .first_row = first_row};
      }
      status = VisitBlock(batch, visit);
      text.remove_prefix(result.consumed);
      first_row += static_cast<int64_t>(batch.num_rows());
    }
    const std::lock_guard lock(places_mutex_);
    blocks_.erase(&batch);
    return status;
  }

  arrow::Status VisitBlock(const RowBatch& batch, const Visitor& visit) {
    const std::optional<RowProblem> problem = checks_.Check(batch);
    return problem.has_value()
               ? RowError(batch, problem->row, problem->column, problem->what)
               : visit(batch);
  }

  std::shared_ptr<arrow::RecordBatchReader> reader_;
  Schema schema_;
  size_t segment_size_;
  RowIndexer indexer_;
  RowChecks checks_;
  SegmentChain chain_;
  std::mutex reader_mutex_;  // of all up to the next blank line
  std::shared_ptr<arrow::RecordBatch> batch_;
  BatchOrigin batch_origin_;
  int64_t batch_offset_ = 0;
  double batch_row_bytes_ = 0;                // in Arrow's form
  double text_row_bytes_ = kFirstGuessBytes;  // as last seen
  int64_t next_sequence_ = 0;
  int64_t next_row_ = 0;
  bool is_at_end_ = false;

  std::mutex places_mutex_;
  std::map<const RowBatch*, Block> blocks_;  // in work
};

arrow::Status CheckColumn(const Field& field) {
  arrow::Status fits = CheckNestedType(field.type);
  if (fits.ok() && field.type.id != TypeId::kBinary) {
    return fits;
  }
  return Error(ErrorCode::kBadInput,
               "a write takes columns of Spark's types, binary and void apart; select "
               "others: column {} is {}{}",
               field.name, HiveTypeName(field.type),
               IsNested(field.type) ? ": " + fits.message() : "");
}

}  // namespace

RowFormat BatchRowFormat() { return {.separator = ',', .quoted_empty_is_null = false}; }

arrow::Result<std::unique_ptr<RowScan>> ScanBatches(
    std::shared_ptr<arrow::RecordBatchReader> reader, const Schema& schema,
    size_t segment_size) {
  for (const Field& field : schema.fields) {
    ARROW_RETURN_NOT_OK(CheckColumn(field));
  }
  return std::make_unique<BatchScan>(std::move(reader), schema, segment_size);
}

}  // namespace partita
