#include "partita/scan/batch_scan.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
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
#include "partita/model/cell_text.h"
#include "partita/model/row_indexer.h"
#include "partita/scan/row_checks.h"
#include "partita/scan/segment_chain.h"
#include "partita/scan/segment_records.h"

namespace partita {
namespace {

constexpr size_t kBlockRows = 4096;
// Of rows whose text has not been seen yet.
constexpr double kFirstGuessBytes = 1024;

// Some consecutive rows of the input, or why there are none.
struct Slice {
  arrow::Status status;
  std::vector<std::shared_ptr<arrow::RecordBatch>> parts;  // none behind the last row
  int64_t sequence = 0;
  int64_t first_row = 0;  // over all batches, from 0
  int64_t num_rows = 0;
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
    int64_t first_row = 0;
    {
      const std::lock_guard lock(places_mutex_);
      const auto found = first_rows_.find(&batch);
      first_row = found == first_rows_.end() ? 0 : found->second;
    }
    return PlacedError(first_row + static_cast<int64_t>(row), column, what);
  }

 private:
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
      slice.parts.push_back(batch_->Slice(batch_offset_, num_rows));
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
    for (const auto& part : slice.parts) {
      ARROW_RETURN_NOT_OK(AppendRows(*part, slice, &text));
    }
    if (text.size() > std::numeric_limits<uint32_t>::max()) {
      return Error(
          ErrorCode::kBadInput,
          "rows of the batches suddenly grow too long; hand them over in order of "
          "length, or in smaller batches: rows from {}",
          slice.first_row + 1);
    }
    if (buffer->size() < text.size()) {
      ARROW_ASSIGN_OR_RAISE(*buffer, Buffer::Make(std::max(text.size(), segment_size_)));
    }
    std::memcpy(buffer->data(), text.data(), text.size());
    NoteRowBytes(static_cast<double>(text.size()) / static_cast<double>(slice.num_rows));
    ARROW_RETURN_NOT_OK(VisitRows({buffer->data(), text.size()}, slice.first_row, visit));
    return Segment{.sequence = slice.sequence,
                   .bytes_read = static_cast<int64_t>(text.size()),
                   .num_rows = slice.num_rows};
  }

  void NoteRowBytes(double row_bytes) {
    const std::lock_guard lock(reader_mutex_);
    text_row_bytes_ = row_bytes;
  }

  arrow::Status AppendRows(const arrow::RecordBatch& part, const Slice& slice,
                           std::string* text) const {
    arrow::ArrayVector columns;
    for (int column = 0; column < part.num_columns(); ++column) {
      ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), SparkColumn(part, column, slice));
    }
    std::string cell;
    for (int64_t row = 0; row < part.num_rows(); ++row) {
      const size_t begin = text->size();
      for (size_t column = 0; column < columns.size(); ++column) {
        *text += column == 0 ? "" : ",";
        if (!columns[column]->IsNull(row)) {
          cell.clear();
          ARROW_RETURN_NOT_OK(AppendCell(*columns[column], row, &cell));
          AppendQuoted(cell, text);
        }
      }
      *text += '\n';
      if (text->size() - begin > kMaxRecordBytes) {
        return Error(
            ErrorCode::kBadInput,
            "a row of the batches is longer than {} MiB; it is one of those from "
            "row {} on",
            kMaxRecordBytes >> 20, slice.first_row + 1);
      }
    }
    return arrow::Status::OK();
  }

  // The column in the type that Spark has for it; what does not fit there is no value of Spark's.
  arrow::Result<std::shared_ptr<arrow::Array>> SparkColumn(const arrow::RecordBatch& part,
                                                           int column,
                                                           const Slice& slice) const {
    const Field& field = schema_.fields[static_cast<size_t>(column)];
    const auto type = ToArrowType(field.type);
    if (part.column(column)->type()->Equals(*type)) {
      return part.column(column);
    }
    const auto cast = arrow::compute::Cast(part.column(column),
                                           arrow::compute::CastOptions::Safe(type));
    if (!cast.ok()) {
      return Error(ErrorCode::kBadInput,
                   "a value is none of Spark's {}; column {}, rows {} to {} of the "
                   "batches: {}",
                   HiveTypeName(field.type), field.name, slice.first_row + 1,
                   slice.first_row + slice.num_rows, cast.status().message());
    }
    return cast->make_array();
  }

  arrow::Status VisitRows(std::string_view text, int64_t first_row,
                          const Visitor& visit) {
    RowBatch batch;
    arrow::Status status;
    while (status.ok() && !text.empty()) {
      const RowIndexResult result = indexer_.Index(text, true, kBlockRows, &batch);
      if (result.fault != RowFault::kNone || result.consumed == 0) {
        return Error(ErrorCode::kInternal, "a batch's rows cannot be read as text");
      }
      {
        const std::lock_guard lock(places_mutex_);
        first_rows_[&batch] = first_row;
      }
      status = VisitBlock(batch, visit);
      text.remove_prefix(result.consumed);
      first_row += static_cast<int64_t>(batch.num_rows());
    }
    const std::lock_guard lock(places_mutex_);
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
  SegmentChain chain_;
  std::mutex reader_mutex_;  // of all up to the next blank line
  std::shared_ptr<arrow::RecordBatch> batch_;
  int64_t batch_offset_ = 0;
  double batch_row_bytes_ = 0;                // in Arrow's form
  double text_row_bytes_ = kFirstGuessBytes;  // as last seen
  int64_t next_sequence_ = 0;
  int64_t next_row_ = 0;
  bool is_at_end_ = false;

  std::mutex places_mutex_;
  std::map<const RowBatch*, int64_t> first_rows_;  // of the batches in work
};

// A type whose values text can hold and files of every format.
bool IsSimple(const DataType& type) {
  switch (type.id) {
    case TypeId::kBinary:
    case TypeId::kArray:
    case TypeId::kMap:
    case TypeId::kStruct:
    case TypeId::kNull:
      return false;
    case TypeId::kDecimal:
      return type.scale >= 0;
    default:
      return true;
  }
}

}  // namespace

RowFormat BatchRowFormat() { return {.separator = ',', .quoted_empty_is_null = false}; }

arrow::Result<std::unique_ptr<RowScan>> ScanBatches(
    std::shared_ptr<arrow::RecordBatchReader> reader, const Schema& schema,
    size_t segment_size) {
  for (const Field& field : schema.fields) {
    if (!IsSimple(field.type)) {
      return Error(ErrorCode::kBadInput,
                   "a write takes columns of Spark's simple types; column {} is {}",
                   field.name, HiveTypeName(field.type));
    }
  }
  return std::make_unique<BatchScan>(std::move(reader), schema, segment_size);
}

}  // namespace partita
