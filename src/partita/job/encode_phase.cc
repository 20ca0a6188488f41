#include "partita/job/encode_phase.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <utility>

#include "partita/base/error.h"
#include "partita/base/hash.h"
#include "partita/base/system.h"
#include "partita/model/row_indexer.h"

namespace partita {
namespace {

constexpr PartitionId kMaxBatchPartitions = 1024;

// Encodes tasks until there are none; one per thread.
class EncodeWorker {
 public:
  EncodeWorker(const EncodeTarget& target, std::unique_ptr<RunStore::Reader> reader,
               WriterSet writers)
      : target_(target),
        reader_(std::move(reader)),
        writers_(std::move(writers)),
        indexer_(target.schema->row_format,
                 static_cast<int>(target.schema->columns.fields.size())) {}

  arrow::Status Encode(const EncodeTask& task, const std::stop_token& stop) {
    ARROW_RETURN_NOT_OK(reader_->OpenPartitions(task.first, task.last));
    for (PartitionId id = task.first; id < task.last; ++id) {
      ARROW_RETURN_NOT_OK(EncodePartition(id, stop));
    }
    return arrow::Status::OK();
  }

  const WriterSet& writers() const { return writers_; }

 private:
  arrow::Status EncodePartition(PartitionId id, const std::stop_token& stop) {
    const std::string path = target_.table->path(id);
    for (const auto& writer : writers_) {
      ARROW_RETURN_NOT_OK(writer->BeginPartition(path));
    }
    PartitionTotals seen;
    while (true) {
      if (stop.stop_requested()) {
        return Error(ErrorCode::kCancelled, "stopped on request");
      }
      ARROW_ASSIGN_OR_RAISE(const std::string_view piece, reader_->NextPiece(id));
      if (piece.empty()) {
        break;
      }
      ARROW_RETURN_NOT_OK(EncodePiece(piece, &seen));
    }
    for (const auto& writer : writers_) {
      ARROW_RETURN_NOT_OK(writer->FinishPartition());
    }
    return Prove(path, seen, (*target_.totals)[id]);
  }

  arrow::Status EncodePiece(std::string_view piece, PartitionTotals* seen) {
    constexpr size_t kAllRows = std::numeric_limits<size_t>::max();
    const RowIndexResult indexed =
        indexer_.Index(piece, /*is_final=*/true, kAllRows, &batch_);
    if (indexed.fault != RowFault::kNone || indexed.consumed != piece.size()) {
      return Error(ErrorCode::kInternal,
                   "a row gathered for encoding is not the row that was scanned");
    }
    for (size_t row = 0; row < batch_.num_rows(); ++row) {
      seen->hash_sum += Hash64(batch_.row_text(row));
    }
    seen->num_rows += static_cast<int64_t>(batch_.num_rows());
    seen->bytes += static_cast<int64_t>(piece.size());
    for (const auto& writer : writers_) {
      ARROW_RETURN_NOT_OK(writer->Append(batch_));
    }
    target_.progress->AddWritten(static_cast<int64_t>(batch_.num_rows()),
                                 static_cast<int64_t>(piece.size()));
    return arrow::Status::OK();
  }

  static arrow::Status Prove(const std::string& path, const PartitionTotals& seen,
                             const PartitionTotals& expected) {
    if (seen.num_rows == expected.num_rows && seen.bytes == expected.bytes &&
        seen.hash_sum == expected.hash_sum) {
      return arrow::Status::OK();
    }
    return Error(
        ErrorCode::kInternal,
        "the rows encoded are not the rows scanned; nothing was changed; partition {}: "
        "{} rows encoded, {} scanned",
        path, seen.num_rows, expected.num_rows);
  }

  EncodeTarget target_;
  std::unique_ptr<RunStore::Reader> reader_;
  WriterSet writers_;
  RowIndexer indexer_;
  RowBatch batch_;
};

}  // namespace

std::vector<EncodeTask> PlanEncodeTasks(const std::vector<PartitionTotals>& totals,
                                        int64_t batch_bytes) {
  std::vector<EncodeTask> tasks;
  std::vector<EncodeTask> batches;
  EncodeTask batch;
  int64_t bytes_in_batch = 0;
  const auto end_batch = [&](PartitionId next) {
    if (batch.first != batch.last) {
      batches.push_back(batch);
    }
    batch = {next, next};
    bytes_in_batch = 0;
  };
  const auto count = static_cast<PartitionId>(totals.size());
  for (PartitionId id = 0; id < count; ++id) {
    if (totals[id].bytes > batch_bytes) {
      end_batch(id + 1);
      tasks.push_back({id, id + 1});
      continue;
    }
    if (bytes_in_batch + totals[id].bytes > batch_bytes ||
        id - batch.first == kMaxBatchPartitions) {
      end_batch(id);
    }
    batch.last = id + 1;
    bytes_in_batch += totals[id].bytes;
  }
  end_batch(count);
  std::ranges::stable_sort(tasks, std::greater<>(), [&](const EncodeTask& task) {
    return totals[task.first].bytes;
  });
  tasks.insert(tasks.end(), batches.begin(), batches.end());
  return tasks;
}

arrow::Result<EncodeOutcome> EncodePartitions(
    const EncodeTarget& target, const WorkerCount& threads, const std::stop_token& stop,
    const std::function<arrow::Result<WriterSet>()>& make_writers) {
  constexpr int64_t kBatchBytes = int64_t{4} << 20;
  const std::vector<EncodeTask> tasks = PlanEncodeTasks(*target.totals, kBatchBytes);
  std::atomic<size_t> next{0};
  EncodeOutcome outcome;
  std::mutex mutex;
  ARROW_RETURN_NOT_OK(
      RunComputing(threads, stop, [&](int, const std::stop_token& worker_stop) {
        ARROW_ASSIGN_OR_RAISE(auto reader, target.runs->NewReader(target.piece_size));
        ARROW_ASSIGN_OR_RAISE(WriterSet writers, make_writers());
        EncodeWorker worker(target, std::move(reader), std::move(writers));
        for (size_t i = next++; i < tasks.size(); i = next++) {
          ARROW_RETURN_NOT_OK(worker.Encode(tasks[i], worker_stop));
        }
        const std::lock_guard lock(mutex);
        outcome.files.resize(worker.writers().size());
        for (size_t output = 0; output < outcome.files.size(); ++output) {
          outcome.files[output].AddAll(worker.writers()[output]->TakeFiles());
        }
        outcome.cpu_seconds += ThreadCpuSeconds();
        return arrow::Status::OK();
      }));
  return outcome;
}

}  // namespace partita
