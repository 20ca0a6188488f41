#include "partita/scan/csv_text_scan.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/model/row_indexer.h"
#include "partita/scan/canonical_rows.h"
#include "partita/scan/csv_fault.h"
#include "partita/scan/csv_header.h"
#include "partita/scan/file_columns.h"
#include "partita/scan/lenient_rows.h"
#include "partita/scan/record_reader.h"
#include "partita/scan/row_checks.h"
#include "partita/scan/segment_records.h"
#include "partita/scan/text_stream.h"

namespace partita {
namespace {

// The beginning of a stream, which stays there for the rows.
class StreamHead : public TextHead {
 public:
  explicit StreamHead(TextStream* stream) : stream_(stream) {}

  arrow::Status Load(size_t size) override {
    if (size <= text_.size()) {
      return arrow::Status::OK();
    }
    ARROW_RETURN_NOT_OK(AppendText(stream_, size - text_.size(), &text_));
    has_all_ = text_.size() < size;
    return arrow::Status::OK();
  }

  std::string_view text() const override { return text_; }

  bool has_all() const override { return has_all_; }

 private:
  TextStream* stream_;
  std::string text_;
  bool has_all_ = false;
};

class CsvTextScan : public RowScan {
 public:
  CsvTextScan(std::string path, std::unique_ptr<TextStream> text, FileColumns columns,
              const CsvScan::Options& options)
      : path_(std::move(path)),
        text_(std::move(text)),
        options_(options),
        columns_(std::move(columns)),
        is_canonical_(IsCanonicalDialect(options.dialect)),
        format_(ScannedRowFormat(options.dialect)),
        indexer_(format_, static_cast<int>(options.schema.fields.size())),
        reader_(options.dialect, columns_.schema.fields.size()),
        checks_(options.schema, format_) {}

  arrow::Result<Segment> NextSegment(std::stop_token stop, Buffer* buffer,
                                     const Visitor& visit) override {
    if (stop.stop_requested()) {
      return Error(ErrorCode::kCancelled, "stopped on request");
    }
    const int64_t position = text_->file_position();
    if (!has_begun_) {
      ARROW_RETURN_NOT_OK(Begin());
    }
    Buffer* raw = is_canonical_ ? buffer : &raw_;
    ARROW_RETURN_NOT_OK(Fill(raw));
    if (segment_.empty()) {
      return Segment{};
    }
    first_row_ = next_row_;
    size_t done = 0;
    while (true) {
      ARROW_ASSIGN_OR_RAISE(done, VisitRecords(stop, buffer, visit));
      if (done > 0 || is_at_end_) {
        break;
      }
      // No record ends in what is there, and none has been visited.
      if (segment_.size() > kMaxRecordBytes) {
        return CsvRowTooLongError(Place(next_row_, -1));
      }
      ARROW_RETURN_NOT_OK(Extend(raw, 2 * segment_.size()));
    }
    ARROW_RETURN_NOT_OK(CountSegment(done));
    rest_.assign(segment_.substr(done));
    segment_ = {};
    return Segment{.sequence = next_sequence_++,
                   .bytes_read = text_->file_position() - position,
                   .num_rows = next_row_ - first_row_};
  }

  RowFormat row_format() const override { return format_; }

  MalformedRows malformed_rows() const override { return malformed_.total(); }

  arrow::Status RowError(const RowBatch& batch, size_t row, int column,
                         const std::string& what) override {
    return CsvValueError(Place(next_row_ + static_cast<int64_t>(row), column), batch, row,
                         column, format_, what);
  }

 private:
  arrow::Status Begin() {
    StreamHead head(text_.get());
    ARROW_ASSIGN_OR_RAISE(DataBegin begin,
                          FindDataBegin(path_, options_.dialect, columns_.schema, &head));
    const auto size = static_cast<size_t>(begin.offset);
    columns_.order = std::move(begin.order);
    is_canonical_ = is_canonical_ && !columns_.order;
    lines_before_ = reader_.marks().CountLineEnds(head.text().substr(0, size));
    rest_.assign(head.text().substr(size));
    is_at_end_ = head.has_all();
    has_begun_ = true;
    return arrow::Status::OK();
  }

  // Makes a segment of what is left and of what follows it.
  arrow::Status Fill(Buffer* raw) {
    // A small file lies in the rest already.
    const size_t size =
        is_at_end_ ? rest_.size() : std::max(options_.segment_size, 2 * rest_.size());
    ARROW_RETURN_NOT_OK(raw->GrowTo(size, 0));
    if (!rest_.empty()) {
      std::memcpy(raw->data(), rest_.data(), rest_.size());
    }
    segment_ = {raw->data(), rest_.size()};
    return Extend(raw, size);
  }

  arrow::Status Extend(Buffer* raw, size_t size) {
    size_t have = segment_.size();
    ARROW_RETURN_NOT_OK(raw->GrowTo(size, have));
    while (have < size && !is_at_end_) {
      ARROW_ASSIGN_OR_RAISE(const size_t count,
                            text_->Read(size - have, raw->data() + have));
      have += count;
      is_at_end_ = count == 0;
    }
    segment_ = {raw->data(), have};
    return arrow::Status::OK();
  }

  // How many bytes of the segment are done with.
  arrow::Result<size_t> VisitRecords(const std::stop_token& stop, Buffer* buffer,
                                     const Visitor& visit) {
    return is_canonical_ ? VisitRows(segment_, is_at_end_, stop, visit)
                         : VisitRewritten(stop, buffer, visit);
  }

  arrow::Result<size_t> VisitRewritten(const std::stop_token& stop, Buffer* buffer,
                                       const Visitor& visit) {
    size_t end = 0;
    bool is_too_long = false;
    while (end < segment_.size() && !is_too_long) {
      const std::optional<size_t> next = reader_.RecordEnd(segment_, end, is_at_end_);
      if (!next) {
        break;
      }
      is_too_long = *next - end > kMaxRecordBytes;
      end = is_too_long ? end : *next;
    }
    const std::string_view text = segment_.substr(0, end);
    ARROW_ASSIGN_OR_RAISE(const CanonicalRows rows, Rewrite(text, buffer));
    ARROW_RETURN_NOT_OK(
        VisitRows({buffer->data(), rows.size}, true, stop, visit).status());
    if (rows.fault != RowFault::kNone) {
      return FaultError(rows.fault, rows.fault_column,
                        text.substr(rows.fault_begin, rows.fault_size));
    }
    return is_too_long ? arrow::Result<size_t>(CsvRowTooLongError(Place(next_row_, -1)))
                       : arrow::Result<size_t>(end);
  }

  arrow::Result<CanonicalRows> Rewrite(std::string_view text, Buffer* buffer) {
    if (options_.dialect.malformed == MalformedRecords::kFail) {
      return WriteCanonicalRows(text, options_.dialect, columns_, buffer);
    }
    PutAside put_aside;
    if (options_.put_aside != nullptr) {
      put_aside = [&](MalformedRecord record) {
        record.line += LinesBeforeData();
        return options_.put_aside->Add(FileSegmentOf(text.size()), record);
      };
    }
    ARROW_ASSIGN_OR_RAISE(
        LenientRows lenient,
        WriteLenientRows(text, options_.dialect, columns_, put_aside, buffer));
    segment_malformed_ = lenient.malformed;
    segment_records_ = lenient.num_records;
    is_dropped_ = std::move(lenient.is_dropped);
    return lenient.rows;
  }

  FileSegment FileSegmentOf(size_t size) const {
    return {
        .file = path_,
        .number = next_sequence_,
        .is_whole_file = next_sequence_ == 0 && is_at_end_ && size == segment_.size()};
  }

  // Counted to the first segment.
  int64_t LinesBeforeData() const { return next_sequence_ == 0 ? lines_before_ : 0; }

  // Adds the segment in work, of which `size` bytes are done with, to what was before.
  arrow::Status CountSegment(size_t size) {
    const int64_t lines = reader_.marks().CountLineEnds(segment_.substr(0, size));
    if (options_.put_aside != nullptr) {
      ARROW_RETURN_NOT_OK(options_.put_aside->End(
          FileSegmentOf(size),
          {.num_records = segment_records_, .num_lines = LinesBeforeData() + lines}));
    }
    lines_before_ += lines;
    records_before_ +=
        RecordsBefore(static_cast<size_t>(next_row_ - first_row_), is_dropped_);
    malformed_.Add(segment_malformed_);
    if (options_.malformed != nullptr) {
      options_.malformed->Add(segment_malformed_);
    }
    segment_malformed_ = {};
    is_dropped_.clear();
    return arrow::Status::OK();
  }

  arrow::Result<size_t> VisitRows(std::string_view text, bool is_final,
                                  const std::stop_token& stop, const Visitor& visit) {
    size_t done = 0;
    while (done < text.size()) {
      if (stop.stop_requested()) {
        return Error(ErrorCode::kCancelled, "stopped on request");
      }
      const std::string_view left = text.substr(done);
      const RowIndexResult result =
          indexer_.Index(left, is_final, options_.block_rows, &batch_);
      ARROW_RETURN_NOT_OK(VisitBatch(visit));
      if (result.fault != RowFault::kNone) {
        return FaultError(result.fault, result.fault_column,
                          left.substr(result.fault_row_begin));
      }
      if (result.consumed == 0) {
        break;
      }
      done += result.consumed;
    }
    return done;
  }

  arrow::Status VisitBatch(const Visitor& visit) {
    if (batch_.num_rows() == 0) {
      return arrow::Status::OK();
    }
    if (const size_t row = FindTooLongRow(batch_); row < batch_.num_rows()) {
      return CsvRowTooLongError(Place(next_row_ + static_cast<int64_t>(row), -1));
    }
    const std::optional<RowProblem> problem = checks_.Check(batch_);
    if (problem.has_value()) {
      return Error(ErrorCode::kBadInput, "{}: {}",
                   Place(next_row_ + static_cast<int64_t>(problem->row), problem->column),
                   problem->what);
    }
    ARROW_RETURN_NOT_OK(visit(batch_));
    next_row_ += static_cast<int64_t>(batch_.num_rows());
    return arrow::Status::OK();
  }

  // "file x.csv.gz, row 17 (line 19), column Make"; no column where it is negative. Rows count from 0 here, without
  // those that were dropped.
  std::string Place(int64_t row, int column) const {
    const size_t records =
        RecordsBefore(static_cast<size_t>(row - first_row_), is_dropped_);
    std::string place =
        fmt::format("file {}, row {} (line {})", path_, records_before_ + records + 1,
                    lines_before_ + LinesBefore(records) + 1);
    if (column >= 0) {
      place += fmt::format(", column {}",
                           options_.schema.fields[static_cast<size_t>(column)].name);
    }
    return place;
  }

  // Line ends of the segment before its record number `record`.
  int64_t LinesBefore(size_t record) const {
    size_t begin = reader_.NextRecord(segment_, 0, true).offset;
    for (size_t i = 0; i < record && begin < segment_.size(); ++i) {
      const size_t end =
          reader_.RecordEnd(segment_, begin, true).value_or(segment_.size());
      begin = reader_.NextRecord(segment_, end, true).offset;
    }
    return reader_.marks().CountLineEnds(segment_.substr(0, begin));
  }

  arrow::Status FaultError(RowFault fault, int column, std::string_view row_text) const {
    return CsvFaultError(Place(next_row_, columns_.NumberInSchema(column)), fault, column,
                         row_text, columns_, options_.dialect);
  }

  std::string path_;
  std::unique_ptr<TextStream> text_;
  CsvScan::Options options_;
  FileColumns columns_;
  bool is_canonical_;
  RowFormat format_;
  RowIndexer indexer_;
  RecordReader reader_;
  RowChecks checks_;

  RowBatch batch_;
  Buffer raw_;                // of rows that are written anew
  std::string rest_;          // begins with the next record
  std::string_view segment_;  // raw text that is in work
  bool has_begun_ = false;
  bool is_at_end_ = false;  // of the text, which may still lie in the segment or the rest
  std::vector<bool> is_dropped_;     // by record of the segment
  MalformedRows segment_malformed_;  // of the segment
  int64_t segment_records_ = 0;      // of it, put aside or not
  MalformedRowCount malformed_;      // of the segments before it
  int64_t next_sequence_ = 0;
  int64_t first_row_ = 0;      // of the segment, from 0
  int64_t next_row_ = 0;       // before the batch that is visited
  size_t records_before_ = 0;  // the segment, those that were dropped too
  int64_t lines_before_ = 0;   // line ends before the segment
};

}  // namespace

arrow::Result<std::unique_ptr<RowScan>> ScanCsvText(InputFile file,
                                                    const CsvScan::Options& options) {
  ARROW_ASSIGN_OR_RAISE(FileColumns columns,
                        FileColumnsOf(options.schema, options.dialect));
  std::string path = file.path;
  ARROW_ASSIGN_OR_RAISE(auto text,
                        TextStream::Open(std::move(file), options.dialect.encoding));
  return std::make_unique<CsvTextScan>(std::move(path), std::move(text),
                                       std::move(columns), options);
}

}  // namespace partita
