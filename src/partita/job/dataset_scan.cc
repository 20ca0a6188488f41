#include "partita/job/dataset_scan.h"

#include <algorithm>
#include <stop_token>
#include <thread>
#include <utility>

#include <arrow/record_batch.h>

#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/job/batch_queue.h"
#include "partita/job/file_scan.h"
#include "partita/job/worker_threads.h"

namespace partita {
namespace {

// A file's batches that lie ready while those before it are taken.
constexpr size_t kMaxWaitingBatches = 4;

class ScanReader : public arrow::RecordBatchReader {
 public:
  // The queue has a piece per file.
  ScanReader(ScanRequest request, int threads)
      : request_(std::move(request)),
        queue_(request_.source.files.size(),
               {.batches_per_piece = kMaxWaitingBatches,
                .pieces_ahead = static_cast<size_t>(threads) + 1,
                .batches_ahead = kMaxWaitingBatches * static_cast<size_t>(threads)}),
        threads_(threads) {}

  ScanReader(const ScanReader&) = delete;
  ScanReader(ScanReader&&) = delete;
  ScanReader& operator=(const ScanReader&) = delete;
  ScanReader& operator=(ScanReader&&) = delete;

  ~ScanReader() override { queue_.Close(); }

  arrow::Status Start(Store* store) {
    ARROW_ASSIGN_OR_RAISE(scan_, FileScan::Make(store, &request_));
    driver_ = std::jthread([this] {
      queue_.Finish(RunOnThreads(threads_, request_.stop,
                                 [this](int, const std::stop_token&) { return Work(); }));
    });
    return arrow::Status::OK();
  }

  std::shared_ptr<arrow::Schema> schema() const override { return scan_->schema(); }

  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* out) override {
    if (request_.stop.stop_requested()) {
      return Error(ErrorCode::kCancelled, "stopped on request");
    }
    ARROW_ASSIGN_OR_RAISE(*out, queue_.Take());
    return arrow::Status::OK();
  }

 private:
  arrow::Status Work() {
    const std::stop_callback close(request_.stop, [this] { queue_.Close(); });
    while (const auto piece = queue_.NextPiece()) {
      const auto put = [this, &piece](std::shared_ptr<arrow::RecordBatch> batch) {
        return queue_.Put(*piece, std::move(batch));
      };
      queue_.End(*piece, WithoutExceptions([&] {
        return scan_->Read(request_.source.files[*piece], put);
      }));
    }
    return arrow::Status::OK();
  }

  ScanRequest request_;
  BatchQueue queue_;
  int threads_;
  std::optional<FileScan> scan_;
  std::jthread driver_;  // last: its threads use the rest
};

}  // namespace

arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ScanDataset(
    Store* store, ScanRequest request) {
  const auto num_files =
      static_cast<int>(std::min<size_t>(request.source.files.size(), 1024));
  const int threads = std::clamp(request.threads, 1, std::max(num_files, 1));
  auto reader = std::make_shared<ScanReader>(std::move(request), threads);
  ARROW_RETURN_NOT_OK(reader->Start(store));
  return reader;
}

arrow::Result<ScanPlanReport> ExplainScan(Store* store, const ScanRequest& request) {
  ARROW_ASSIGN_OR_RAISE(const FileScan scan, FileScan::Make(store, &request));
  ScanPlanReport report;
  for (const DatasetFile& file : request.source.files) {
    ARROW_ASSIGN_OR_RAISE(const RowGroupChoice choice, scan.Choose(file));
    report.num_files += 1;
    report.num_files_read += choice.chosen.empty() ? 0 : 1;
    report.num_row_groups += choice.num_row_groups;
    report.num_row_groups_read += static_cast<int64_t>(choice.chosen.size());
    report.bytes += choice.bytes;
    report.bytes_read += choice.chosen_bytes;
  }
  return report;
}

}  // namespace partita
