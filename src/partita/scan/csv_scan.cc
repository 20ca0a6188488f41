#include "partita/scan/csv_scan.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
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
#include "partita/scan/quote_parity.h"
#include "partita/scan/row_checks.h"
#include "partita/scan/row_place.h"
#include "partita/scan/segment_bytes.h"
#include "partita/scan/segment_chain.h"
#include "partita/scan/segment_records.h"
#include "partita/scan/transcoded_file.h"

namespace partita {
namespace {

constexpr size_t kMaxSegmentBytes = size_t{1} << 30;

struct ScannedFile {
  InputFile input;
  int64_t data_begin = 0;
  int64_t first_sequence = 0;
  std::shared_ptr<const FileColumns> columns;  // where their order is not the schema's
  int64_t lines_before_data = 0;               // known where records are put aside
};

// The columns in each order that some file has; many files share a few.
class ColumnOrders {
 public:
  explicit ColumnOrders(const FileColumns& columns) : columns_(columns) {}

  std::shared_ptr<const FileColumns> With(ColumnOrder order) {
    auto& known = known_[order.column_of_field];
    if (known == nullptr) {
      FileColumns ordered = columns_;
      ordered.order = std::move(order);
      known = std::make_shared<const FileColumns>(std::move(ordered));
    }
    return known;
  }

 private:
  const FileColumns& columns_;
  std::map<std::vector<size_t>, std::shared_ptr<const FileColumns>> known_;
};

// What one call of NextSegment() works with; kept for the next one, as its memory is
// dear.
struct Workspace {
  RowBatch batch;
  Buffer raw;                    // where rows are written anew
  std::vector<bool> is_dropped;  // by record of the segment; empty where all are taken
};

// One segment in work.
struct SegmentRun {
  SegmentSpan span;
  std::stop_token stop;
  Buffer* buffer = nullptr;
  const CsvScan::Visitor* visit = nullptr;
  Workspace* workspace = nullptr;
  size_t first_record = 0;  // its offset from the segment's begin
  size_t rows_before = 0;   // rows of the segment before the batch in work
  bool is_cut = false;      // its last record is not whole
  MalformedRows malformed;
  SegmentCounts counts;  // where records are put aside
};

class CsvScanOfFiles : public CsvScan {
 public:
  CsvScanOfFiles(std::vector<ScannedFile> files, FileColumns columns,
                 const Options& options)
      : files_(std::move(files)),
        options_(options),
        is_canonical_(IsCanonicalDialect(options.dialect)),
        splits_by_parity_(is_canonical_ && !options.plain_split),
        columns_(std::move(columns)),
        format_(ScannedRowFormat(options.dialect)),
        indexer_(format_, static_cast<int>(options.schema.fields.size())),
        reader_(options.dialect, columns_.schema.fields.size()),
        checks_(options.schema, format_) {}

  arrow::Result<Segment> NextSegment(std::stop_token stop, Buffer* buffer,
                                     const Visitor& visit) override;

  bool needs_plain_split() const override { return needs_plain_split_; }

  RowFormat row_format() const override { return format_; }

  MalformedRows malformed_rows() const override { return malformed_.total(); }

  arrow::Status RowError(const RowBatch& batch, size_t row, int column,
                         const std::string& what) override;

 private:
  std::optional<SegmentSpan> SpanOf(int64_t sequence) const;

  const FileColumns& ColumnsOf(const SegmentRun& run) const {
    const auto& columns = files_[run.span.file].columns;
    return columns != nullptr ? *columns : columns_;
  }

  // Whether rows are taken as they stand in the file.
  bool IsCanonical(const SegmentRun& run) const {
    return is_canonical_ && files_[run.span.file].columns == nullptr;
  }

  bool SplitsByParity(const SegmentRun& run) const {
    return splits_by_parity_ && IsCanonical(run);
  }

  arrow::Result<Segment> ScanSegment(SegmentRun* run);
  arrow::Result<SegmentEnd> StartOf(const SegmentRun& run);
  arrow::Status Publish(const SegmentRun& run, const SegmentEnd& end);
  arrow::Result<OwnRecords> FindByParity(const SegmentRun& run, SegmentBytes* bytes);
  arrow::Result<OwnRecords> FindInOrder(const SegmentRun& run, SegmentBytes* bytes);
  arrow::Status VisitRecords(std::string_view text, SegmentRun* run);
  arrow::Status VisitRewritten(std::string_view text, SegmentRun* run);
  arrow::Result<CanonicalRows> Rewrite(std::string_view text, SegmentRun* run);
  FileSegment FileSegmentOf(const SegmentSpan& span) const;
  int64_t LinesBeforeData(const SegmentSpan& span) const;
  arrow::Status EndSegment(const SegmentRun& run);
  arrow::Status VisitRows(std::string_view text, SegmentRun* run);
  arrow::Status VisitBatch(const RowBatch& batch, SegmentRun* run);

  arrow::Status FaultError(const SegmentRun& run, RowFault fault, int column,
                           std::string_view row_text) const;
  arrow::Status TooLongError(const SegmentRun& run) const;
  std::string Place(const SegmentRun& run, size_t rows_after, int column) const;

  std::unique_ptr<Workspace> TakeWorkspace();
  void ReturnWorkspace(std::unique_ptr<Workspace> workspace);

  const std::vector<ScannedFile> files_;
  const Options options_;
  const bool is_canonical_;
  const bool splits_by_parity_;
  const FileColumns columns_;
  const RowFormat format_;
  const RowIndexer indexer_;
  const RecordReader reader_;
  const RowChecks checks_;

  std::atomic<int64_t> next_sequence_{0};
  std::atomic<bool> needs_plain_split_{false};
  SegmentChain chain_;
  MalformedRowCount malformed_;

  std::mutex mutex_;
  std::vector<std::unique_ptr<Workspace>> free_workspaces_;
  std::map<const RowBatch*, const SegmentRun*> runs_;  // by the batch they visit with
};

// The segments of all files are numbered through.
std::optional<SegmentSpan> CsvScanOfFiles::SpanOf(int64_t sequence) const {
  const auto size = static_cast<int64_t>(options_.segment_size);
  const auto next = std::upper_bound(
      files_.begin(), files_.end(), sequence,
      [](int64_t s, const ScannedFile& file) { return s < file.first_sequence; });
  if (next == files_.begin()) {
    return std::nullopt;
  }
  const ScannedFile& file = *(next - 1);
  const int64_t number = sequence - file.first_sequence;
  const int64_t begin = file.data_begin + number * size;
  if (begin >= file.input.size) {
    return std::nullopt;
  }
  const int64_t end = std::min(begin + size, file.input.size);
  return SegmentSpan{.sequence = sequence,
                     .file = static_cast<size_t>(next - files_.begin()) - 1,
                     .begin = begin,
                     .end = end,
                     .is_first = number == 0,
                     .is_last = end == file.input.size};
}

arrow::Result<CsvScan::Segment> CsvScanOfFiles::NextSegment(std::stop_token stop,
                                                            Buffer* buffer,
                                                            const Visitor& visit) {
  const int64_t sequence = next_sequence_.fetch_add(1);
  const std::optional<SegmentSpan> span = SpanOf(sequence);
  if (!span.has_value()) {
    return Segment{};
  }
  if (stop.stop_requested() || chain_.HasFailedBefore(sequence)) {
    return chain_.Fail(sequence, Error(ErrorCode::kCancelled, "stopped on request"),
                       stop);
  }
  std::unique_ptr<Workspace> workspace = TakeWorkspace();
  SegmentRun run{.span = *span,
                 .stop = stop,
                 .buffer = buffer,
                 .visit = &visit,
                 .workspace = workspace.get()};
  {
    const std::lock_guard lock(mutex_);
    runs_[&workspace->batch] = &run;
  }
  arrow::Result<Segment> segment = ScanSegment(&run);
  ReturnWorkspace(std::move(workspace));
  const arrow::Status status = segment.ok() ? EndSegment(run) : segment.status();
  if (!status.ok()) {
    return chain_.Fail(sequence, status, stop);
  }
  chain_.Complete(sequence);
  return segment;
}

arrow::Status CsvScanOfFiles::EndSegment(const SegmentRun& run) {
  malformed_.Add(run.malformed);
  if (options_.malformed != nullptr) {
    options_.malformed->Add(run.malformed);
  }
  return options_.put_aside == nullptr
             ? arrow::Status::OK()
             : options_.put_aside->End(FileSegmentOf(run.span), run.counts);
}

FileSegment CsvScanOfFiles::FileSegmentOf(const SegmentSpan& span) const {
  const ScannedFile& file = files_[span.file];
  return {.file = file.input.path,
          .number = span.sequence - file.first_sequence,
          .is_whole_file = span.is_first && span.is_last};
}

// Counted to the first segment.
int64_t CsvScanOfFiles::LinesBeforeData(const SegmentSpan& span) const {
  return span.is_first ? files_[span.file].lines_before_data : 0;
}

arrow::Result<CsvScan::Segment> CsvScanOfFiles::ScanSegment(SegmentRun* run) {
  const SegmentSpan& span = run->span;
  SegmentBytes bytes(files_[span.file].input, span.begin,
                     IsCanonical(*run) ? run->buffer : &run->workspace->raw);
  ARROW_RETURN_NOT_OK(bytes.LoadUpTo(span.end + kSegmentOverlap));
  ARROW_ASSIGN_OR_RAISE(const OwnRecords records, SplitsByParity(*run)
                                                      ? FindByParity(*run, &bytes)
                                                      : FindInOrder(*run, &bytes));
  run->first_record = records.begin;
  run->is_cut = records.is_too_long;
  ARROW_RETURN_NOT_OK(VisitRecords(
      bytes.loaded().substr(records.begin, records.end - records.begin), run));
  if (records.is_too_long) {
    return TooLongError(*run);
  }
  return Segment{.sequence = span.sequence,
                 .bytes_read = span.end - span.begin,
                 .num_rows = static_cast<int64_t>(run->rows_before)};
}

arrow::Result<SegmentEnd> CsvScanOfFiles::StartOf(const SegmentRun& run) {
  if (run.span.is_first) {
    return SegmentEnd{.in_quotes = false, .next_record = run.span.begin};
  }
  return chain_.WaitFor(run.span.sequence - 1, run.stop);
}

// What bytes that were not there would give is for no other segment to build on.
arrow::Status CsvScanOfFiles::Publish(const SegmentRun& run, const SegmentEnd& end) {
  ARROW_RETURN_NOT_OK(CheckMappedReads(files_[run.span.file].input));
  chain_.Publish(run.span.sequence, end);
  return arrow::Status::OK();
}

arrow::Result<OwnRecords> CsvScanOfFiles::FindByParity(const SegmentRun& run,
                                                       SegmentBytes* bytes) {
  const std::string_view own = bytes->loaded().substr(0, run.span.size());
  const bool has_odd_quotes = !run.span.is_last && HasOddQuotes(own);
  ARROW_ASSIGN_OR_RAISE(const SegmentEnd start, StartOf(run));
  const SegmentEnd end = EndByParity(run.span, start, own, has_odd_quotes);
  if (!run.span.is_last) {
    ARROW_RETURN_NOT_OK(Publish(run, end));
  }
  return FindRecordsByParity(run.span, start, end, bytes);
}

arrow::Result<OwnRecords> CsvScanOfFiles::FindInOrder(const SegmentRun& run,
                                                      SegmentBytes* bytes) {
  ARROW_ASSIGN_OR_RAISE(const SegmentEnd start, StartOf(run));
  const int64_t first = start.next_record.value_or(run.span.begin);
  ARROW_ASSIGN_OR_RAISE(const OwnRecords records,
                        FindRecordsInOrder(run.span, first, reader_, bytes));
  const int64_t next =
      std::max(first, run.span.begin + static_cast<int64_t>(records.end));
  if (!run.span.is_last && !records.is_too_long) {
    ARROW_RETURN_NOT_OK(Publish(run, {.in_quotes = false, .next_record = next}));
  }
  return records;
}

arrow::Status CsvScanOfFiles::VisitRecords(std::string_view text, SegmentRun* run) {
  return IsCanonical(*run) ? VisitRows(text, run) : VisitRewritten(text, run);
}

arrow::Result<CanonicalRows> CsvScanOfFiles::Rewrite(std::string_view text,
                                                     SegmentRun* run) {
  if (options_.dialect.malformed == MalformedRecords::kFail) {
    return WriteCanonicalRows(text, options_.dialect, ColumnsOf(*run), run->buffer);
  }
  PutAside put_aside;
  const int64_t lines_before = LinesBeforeData(run->span);
  if (options_.put_aside != nullptr) {
    put_aside = [&](MalformedRecord record) {
      record.line += lines_before;
      return options_.put_aside->Add(FileSegmentOf(run->span), record);
    };
  }
  ARROW_ASSIGN_OR_RAISE(
      LenientRows lenient,
      WriteLenientRows(text, options_.dialect, ColumnsOf(*run), put_aside, run->buffer));
  run->malformed = lenient.malformed;
  if (options_.put_aside != nullptr) {
    run->counts = {.num_records = lenient.num_records,
                   .num_lines = lines_before + reader_.marks().CountLineEnds(text)};
  }
  run->workspace->is_dropped = std::move(lenient.is_dropped);
  return lenient.rows;
}

arrow::Status CsvScanOfFiles::VisitRewritten(std::string_view text, SegmentRun* run) {
  ARROW_ASSIGN_OR_RAISE(const CanonicalRows rows, Rewrite(text, run));
  ARROW_RETURN_NOT_OK(VisitRows({run->buffer->data(), rows.size}, run));
  if (rows.fault != RowFault::kNone) {
    return FaultError(*run, rows.fault, rows.fault_column,
                      text.substr(rows.fault_begin, rows.fault_size));
  }
  return arrow::Status::OK();
}

arrow::Status CsvScanOfFiles::VisitRows(std::string_view text, SegmentRun* run) {
  RowBatch* batch = &run->workspace->batch;
  while (!text.empty()) {
    if (run->stop.stop_requested()) {
      return Error(ErrorCode::kCancelled, "stopped on request");
    }
    const RowIndexResult result =
        indexer_.Index(text, !run->is_cut, options_.block_rows, batch);
    if (result.has_stray_quotes && SplitsByParity(*run) && !run->span.is_last) {
      needs_plain_split_ = true;
      return Error(ErrorCode::kInternal,
                   "file {} has quotes within unquoted fields; scan it with plain_split",
                   files_[run->span.file].input.path);
    }
    ARROW_RETURN_NOT_OK(VisitBatch(*batch, run));
    if (result.fault != RowFault::kNone) {
      return FaultError(*run, result.fault, result.fault_column,
                        text.substr(result.fault_row_begin));
    }
    if (result.consumed == 0) {
      break;
    }
    text.remove_prefix(result.consumed);
  }
  return arrow::Status::OK();
}

arrow::Status CsvScanOfFiles::VisitBatch(const RowBatch& batch, SegmentRun* run) {
  if (batch.num_rows() == 0) {
    return arrow::Status::OK();
  }
  if (const size_t row = FindTooLongRow(batch); row < batch.num_rows()) {
    run->rows_before += row;
    return TooLongError(*run);
  }
  const std::optional<RowProblem> problem = checks_.Check(batch);
  if (problem.has_value()) {
    return Error(ErrorCode::kBadInput, "{}: {}",
                 Place(*run, run->rows_before + problem->row, problem->column),
                 problem->what);
  }
  ARROW_RETURN_NOT_OK((*run->visit)(batch));
  run->rows_before += batch.num_rows();
  return arrow::Status::OK();
}

// "file x.csv, row 17 (line 19), column Make"; no column where it is negative.
std::string CsvScanOfFiles::Place(const SegmentRun& run, size_t rows_after,
                                  int column) const {
  const ScannedFile& file = files_[run.span.file];
  std::string place = fmt::format("file {}", file.input.path);
  const arrow::Result<RowPlace> found =
      LocateRow(file.input, reader_, file.data_begin,
                run.span.begin + static_cast<int64_t>(run.first_record),
                RecordsBefore(rows_after, run.workspace->is_dropped));
  if (found.ok()) {
    place += fmt::format(", row {} (line {})", found->row, found->line);
  }
  if (column >= 0) {
    place += fmt::format(", column {}",
                         options_.schema.fields[static_cast<size_t>(column)].name);
  }
  return place;
}

arrow::Status CsvScanOfFiles::FaultError(const SegmentRun& run, RowFault fault,
                                         int column, std::string_view row_text) const {
  const FileColumns& columns = ColumnsOf(run);
  return CsvFaultError(Place(run, run.rows_before, columns.NumberInSchema(column)), fault,
                       column, row_text, columns, options_.dialect);
}

// The row behind those visited.
arrow::Status CsvScanOfFiles::TooLongError(const SegmentRun& run) const {
  return CsvRowTooLongError(Place(run, run.rows_before, -1));
}

arrow::Status CsvScanOfFiles::RowError(const RowBatch& batch, size_t row, int column,
                                       const std::string& what) {
  const SegmentRun* run = nullptr;
  {
    const std::lock_guard lock(mutex_);
    const auto found = runs_.find(&batch);
    run = found == runs_.end() ? nullptr : found->second;
  }
  if (run == nullptr) {
    return Error(ErrorCode::kBadInput, "{}", what);
  }
  return CsvValueError(Place(*run, run->rows_before + row, column), batch, row, column,
                       format_, what);
}

std::unique_ptr<Workspace> CsvScanOfFiles::TakeWorkspace() {
  const std::lock_guard lock(mutex_);
  if (free_workspaces_.empty()) {
    return std::make_unique<Workspace>();
  }
  std::unique_ptr<Workspace> workspace = std::move(free_workspaces_.back());
  free_workspaces_.pop_back();
  return workspace;
}

void CsvScanOfFiles::ReturnWorkspace(std::unique_ptr<Workspace> workspace) {
  const std::lock_guard lock(mutex_);
  runs_.erase(&workspace->batch);
  workspace->is_dropped.clear();
  free_workspaces_.push_back(std::move(workspace));
}

// Of the first `size` bytes: a header.
arrow::Result<int64_t> CountLineEnds(const InputFile& input, int64_t size,
                                     const CsvDialect& dialect) {
  std::string head(static_cast<size_t>(size), '\0');
  ARROW_RETURN_NOT_OK(ReadExactly(input, 0, head.size(), head.data()));
  return RecordMarks(dialect).CountLineEnds(head);
}

}  // namespace

arrow::Result<std::unique_ptr<CsvScan>> CsvScan::Make(std::vector<InputFile> files,
                                                      const Options& options) {
  if (options.segment_size == 0 || options.segment_size > kMaxSegmentBytes ||
      options.block_rows == 0 || options.schema.fields.empty()) {
    return Error(ErrorCode::kInvalidConfig,
                 "a scan needs columns, rows per block and a segment size of 1 byte to 1 "
                 "GiB, not {} columns, {} rows and {} bytes",
                 options.schema.fields.size(), options.block_rows, options.segment_size);
  }
  ARROW_ASSIGN_OR_RAISE(FileColumns columns,
                        FileColumnsOf(options.schema, options.dialect));
  ColumnOrders orders(columns);
  const auto segment_size = static_cast<int64_t>(options.segment_size);
  std::vector<ScannedFile> scanned;
  int64_t sequence = 0;
  for (InputFile& input : files) {
    ScannedFile file{
        .input = {}, .data_begin = 0, .first_sequence = sequence, .columns = {}};
    ARROW_ASSIGN_OR_RAISE(file.input, AsUtf8(std::move(input), options.dialect.encoding));
    ARROW_ASSIGN_OR_RAISE(DataBegin begin,
                          FindDataBegin(file.input, options.dialect, columns.schema));
    file.data_begin = begin.offset;
    if (begin.order) {
      file.columns = orders.With(*std::move(begin.order));
    }
    if (options.put_aside != nullptr) {
      ARROW_ASSIGN_OR_RAISE(file.lines_before_data,
                            CountLineEnds(file.input, file.data_begin, options.dialect));
    }
    const int64_t size = file.input.size - file.data_begin;
    sequence += (size + segment_size - 1) / segment_size;
    if (size > 0) {
      scanned.push_back(std::move(file));
    }
  }
  return std::make_unique<CsvScanOfFiles>(std::move(scanned), std::move(columns),
                                          options);
}

}  // namespace partita
