#include "partita/job/scan_phase.h"

#include <mutex>
#include <optional>
#include <utility>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/partition/partition_router.h"

namespace partita {
namespace {

// Reads segments until there are none; one per thread.
class ScanWorker {
 public:
  ScanWorker(RowScan* scan, const ScanTarget& target, int slot)
      : scan_(scan),
        target_(target),
        slot_(slot),
        router_(PartitionRouter::Make(*target.schema, scan->row_format(), *target.spec,
                                      target.table, target.budget)) {}

  arrow::Status Run(const std::stop_token& stop) {
    while (true) {
      ARROW_ASSIGN_OR_RAISE(const bool is_more, ReadSegment(stop));
      if (!is_more) {
        return arrow::Status::OK();
      }
    }
  }

  void AddTo(ScanOutcome* outcome) const {
    router_->AddTotals(&outcome->totals);
    outcome->num_rows += num_rows_;
    outcome->num_rows_left_out += num_rows_left_out_;
    outcome->bytes_read += bytes_read_;
  }

 private:
  arrow::Result<bool> ReadSegment(const std::stop_token& stop) {
    rows_.clear();
    ids_.clear();
    ARROW_ASSIGN_OR_RAISE(
        const RowScan::Segment segment,
        scan_->NextSegment(stop, &buffer_,
                           [this](const RowBatch& batch) { return Take(batch); }));
    if (segment.sequence < 0) {
      return false;
    }
    const auto num_taken = static_cast<int64_t>(rows_.size());
    num_rows_ += num_taken;
    num_rows_left_out_ += segment.num_rows - num_taken;
    bytes_read_ += segment.bytes_read;
    target_.progress->AddRead(segment.num_rows, segment.bytes_read);
    if (target_.choice != nullptr) {
      Buffer packed;
      ARROW_ASSIGN_OR_RAISE(const bool is_packed, PackRows(buffer_, &rows_, &packed));
      if (is_packed) {
        ARROW_RETURN_NOT_OK(AddRun(segment.sequence, std::move(packed)).status());
        return true;
      }
    }
    ARROW_ASSIGN_OR_RAISE(buffer_, AddRun(segment.sequence, std::move(buffer_)));
    return true;
  }

  // Gives the rows away; returns the memory they lay in where it is free again.
  arrow::Result<Buffer> AddRun(int64_t sequence, Buffer bytes) {
    ARROW_ASSIGN_OR_RAISE(
        std::optional<SortedRun> returned,
        target_.runs->Add(sequence,
                          SortRun(std::move(bytes), rows_, ids_, target_.table->size()),
                          slot_));
    return returned.has_value() ? std::move(returned->bytes) : Buffer();
  }

  arrow::Status Take(const RowBatch& batch) {
    if (target_.choice == nullptr) {
      const arrow::Status routed = router_->Route(batch, &ids_);
      return routed.ok() ? AddRows(batch) : FaultError(batch, router_->fault().row);
    }
    ARROW_RETURN_NOT_OK(target_.choice->Choose(batch, &chosen_));
    const arrow::Status routed = router_->Route(chosen_.batch, &ids_);
    return routed.ok() ? AddRows(chosen_.batch)
                       : FaultError(batch, chosen_.numbers[router_->fault().row]);
  }

  // `row` is that of the router's fault within a batch of the scan.
  arrow::Status FaultError(const RowBatch& batch, size_t row) {
    const RouteFault& fault = router_->fault();
    return scan_->RowError(batch, row, fault.column, fault.what);
  }

  arrow::Status AddRows(const RowBatch& batch) {
    const size_t before = rows_.size();
    const auto base = static_cast<uint32_t>(batch.bytes.data() - buffer_.data());
    rows_.resize(before + batch.num_rows());
    for (size_t row = 0; row < batch.num_rows(); ++row) {
      rows_[before + row] = {.offset = base + batch.row_begins[row],
                             .length = static_cast<uint32_t>(batch.row_text(row).size())};
    }
    return arrow::Status::OK();
  }

  RowScan* scan_;
  ScanTarget target_;
  int slot_;
  std::unique_ptr<PartitionRouter> router_;
  Buffer buffer_;
  std::vector<RowRef> rows_;
  std::vector<PartitionId> ids_;
  ChosenRows chosen_;
  int64_t num_rows_ = 0;
  int64_t num_rows_left_out_ = 0;
  int64_t bytes_read_ = 0;
};

}  // namespace

arrow::Result<ScanOutcome> ScanInput(RowScan* scan, const ScanTarget& target,
                                     const WorkerCount& threads,
                                     const std::stop_token& stop) {
  ScanOutcome outcome;
  std::mutex mutex;
  ARROW_RETURN_NOT_OK(
      RunComputing(threads, stop, [&](int slot, const std::stop_token& worker_stop) {
        ScanWorker worker(scan, target, slot);
        arrow::Status status = worker.Run(worker_stop);
        const std::lock_guard lock(mutex);
        worker.AddTo(&outcome);
        outcome.cpu_seconds += ThreadCpuSeconds();
        return status;
      }));
  outcome.malformed = scan->malformed_rows();
  outcome.totals.resize(target.table->size());
  ARROW_RETURN_NOT_OK(target.runs->Seal());
  return outcome;
}

}  // namespace partita
