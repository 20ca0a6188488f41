#include "partita/scan/batch_scan.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/util/byte_size.h>
#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/model/cell_text.h"
#include "partita/model/row_indexer.h"
#include "partita/scan/row_checks.h"
#include "partita/scan/segment_chain.h"

namespace partita {
namespace {

constexpr size_t kBlockRows = 4096;

// Some consecutive rows of the input, or why there are none.
struct Slice {
  arrow::Status status;
  std::shared_ptr<arrow::RecordBatch> rows;  // null behind the last
  int64_t sequence = 0;
  int64_t first_row = 0;  // over all batches, from 0
};

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

class BatchScan : public RowScan {
 public:
  BatchScan(std::shared_ptr<arrow::RecordBatchReader> reader, Schema schema,
            size_t segment_size)
      : reader_(std::move(reader)),
        schema_(std::move(schema)),
        segment_size_(segment_size),
        indexer_(BatchRowFormat(), static_cast<int>(schema_.fields.size())),
        checks_(schema_, BatchRowFormat()) {}

  arrow::Result<Segment> NextSegment(std::stop_token stop, Buffer* buffer,
                                     const Visitor& visit) override {
    Slice slice = NextSlice();
    if (slice.status.ok() && (stop.stop_requested() || chain_.has_failed())) {
      slice.status = Error(ErrorCode::kCancelled, "stopped on request");
    }
    if (slice.status.ok() && slice.rows == nullptr) {
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
    int64_t first_row = 0;
    {
      const std::lock_guard lock(mutex_);
      const auto found = first_rows_.find(&batch);
      first_row = found == first_rows_.end() ? 0 : found->second;
    }
    return PlacedError(first_row + static_cast<int64_t>(row), column, what);
  }

 private:
  // Slices are numbered in the order they are taken in, so that errors have an order.
  Slice NextSlice() {
    const std::lock_guard lock(mutex_);
    Slice slice{.sequence = next_sequence_};
    while (!is_at_end_ && (batch_ == nullptr || batch_offset_ == batch_->num_rows())) {
      batch_offset_ = 0;
      slice.status = Classify(reader_->ReadNext(&batch_), ErrorCode::kBadInput);
      is_at_end_ = !slice.status.ok() || batch_ == nullptr;
    }
    next_sequence_ += is_at_end_ && slice.status.ok() ? 0 : 1;
    if (is_at_end_) {
      return slice;
    }
    const int64_t bytes = std::max<int64_t>(arrow::util::TotalBufferSize(*batch_), 1);
    const auto fitting = static_cast<int64_t>(static_cast<double>(segment_size_) /
                                              static_cast<double>(bytes) *
                                              static_cast<double>(batch_->num_rows()));
    const int64_t num_rows =
        std::clamp<int64_t>(fitting, 1, batch_->num_rows() - batch_offset_);
    slice.rows = batch_->Slice(batch_offset_, num_rows);
    slice.first_row = next_row_;
    batch_offset_ += num_rows;
    next_row_ += num_rows;
    return slice;
  }

  arrow::Result<Segment> ScanSlice(const Slice& slice, Buffer* buffer,
                                   const Visitor& visit) {
    ARROW_ASSIGN_OR_RAISE(const std::string text, TextOf(slice));
    if (buffer->size() < text.size()) {
      ARROW_ASSIGN_OR_RAISE(*buffer, Buffer::Make(std::max(text.size(), segment_size_)));
    }
    std::memcpy(buffer->data(), text.data(), text.size());
    ARROW_RETURN_NOT_OK(VisitRows({buffer->data(), text.size()}, slice.first_row, visit));
    return Segment{.sequence = slice.sequence,
                   .bytes_read = static_cast<int64_t>(text.size()),
                   .num_rows = slice.rows->num_rows()};
  }

  arrow::Result<std::string> TextOf(const Slice& slice) const {
    std::string text;
    std::string cell;
    for (int64_t row = 0; row < slice.rows->num_rows(); ++row) {
      for (size_t column = 0; column < schema_.fields.size(); ++column) {
        const arrow::Array& values = *slice.rows->column(static_cast<int>(column));
        text += column == 0 ? "" : ",";
        if (!values.IsNull(row)) {
          cell.clear();
          ARROW_RETURN_NOT_OK(AppendCell(values, row, &cell));
          AppendQuoted(cell, &text);
        }
      }
      text += '\n';
    }
    return text;
  }

  arrow::Status VisitRows(std::string_view text, int64_t first_row,
                          const Visitor& visit) {
    RowBatch batch;
    {
      const std::lock_guard lock(mutex_);
      first_rows_[&batch] = first_row;
    }
    arrow::Status status;
    while (status.ok() && !text.empty()) {
      const RowIndexResult result = indexer_.Index(text, true, kBlockRows, &batch);
      if (result.fault != RowFault::kNone || result.consumed == 0) {
        status = Error(ErrorCode::kInternal, "a batch's rows cannot be read as text");
        break;
      }
      status = VisitBlock(batch, visit);
      text.remove_prefix(result.consumed);
      const std::lock_guard lock(mutex_);
      first_rows_[&batch] += static_cast<int64_t>(batch.num_rows());
    }
    const std::lock_guard lock(mutex_);
    first_rows_.erase(&batch);
    return status;
  }

  arrow::Status VisitBlock(const RowBatch& batch, const Visitor& visit) {
    const std::optional<RowProblem> problem = checks_.Check(batch);
    return problem.has_value()
               ? RowError(batch, problem->row, problem->column, problem->what)
               : visit(batch);
  }

  arrow::Status PlacedError(int64_t row, int column, const std::string& what) const {
    return Error(ErrorCode::kBadInput, "row {} of the batches, column {}: {}", row + 1,
                 schema_.fields[static_cast<size_t>(column)].name, what);
  }

  std::shared_ptr<arrow::RecordBatchReader> reader_;
  Schema schema_;
  size_t segment_size_;
  RowIndexer indexer_;
  RowChecks checks_;
  std::mutex mutex_;
  std::shared_ptr<arrow::RecordBatch> batch_;
  int64_t batch_offset_ = 0;
  int64_t next_sequence_ = 0;
  int64_t next_row_ = 0;
  bool is_at_end_ = false;
  SegmentChain chain_;
  std::map<const RowBatch*, int64_t> first_rows_;  // of the batches in work
};

}  // namespace

RowFormat BatchRowFormat() { return {.separator = ',', .quoted_empty_is_null = false}; }

arrow::Result<std::unique_ptr<RowScan>> ScanBatches(
    std::shared_ptr<arrow::RecordBatchReader> reader, const Schema& schema,
    size_t segment_size) {
  for (const Field& field : schema.fields) {
    const TypeId type = field.type.id;
    if (type == TypeId::kBinary || type == TypeId::kArray || type == TypeId::kMap ||
        type == TypeId::kStruct || type == TypeId::kNull) {
      return Error(ErrorCode::kBadInput,
                   "a write takes columns of Spark's simple types; column {} is {}",
                   field.name, HiveTypeName(field.type));
    }
  }
  return std::make_unique<BatchScan>(std::move(reader), schema, segment_size);
}

}  // namespace partita
