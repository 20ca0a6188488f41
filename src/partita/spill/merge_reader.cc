#include "partita/spill/merge_reader.h"

#include <algorithm>
#include <utility>

namespace partita {
namespace {

constexpr size_t kAllWindowsBytes = size_t{6} << 20;
constexpr size_t kMostWindowBytes = size_t{256} << 10;
constexpr size_t kWindowAlignment = 64;

class MergeReader : public RunStore::Reader {
 public:
  MergeReader(Buffer piece, Buffer windows, MemoryBudget* budget)
      : piece_(std::move(piece), budget), windows_(std::move(windows)), budget_(budget) {
    budget_->Charge(static_cast<int64_t>(windows_.size()));
  }

  MergeReader(const MergeReader&) = delete;
  MergeReader& operator=(const MergeReader&) = delete;

  ~MergeReader() override { budget_->Release(static_cast<int64_t>(windows_.size())); }

  void AddCursors(const StoredRuns& runs, size_t window_bytes) {
    char* window = windows_.data();
    for (size_t i = 0; i < runs.kept.size(); ++i) {
      if (runs.kept[i] != nullptr) {
        cursors_.push_back(MakeKeptCursor(*runs.kept[i]));
      } else {
        cursors_.push_back(MakeSpilledCursor(*runs.spilled[i], window, window_bytes));
        window += window_bytes;
      }
    }
    at_.assign(cursors_.size(), RunCursor::kEnd);
  }

  arrow::Status OpenPartitions(PartitionId first, PartitionId last) override {
    partition_ = RunCursor::kEnd;
    for (size_t i = 0; i < cursors_.size(); ++i) {
      ARROW_ASSIGN_OR_RAISE(at_[i], cursors_[i]->Seek(first, last));
    }
    return arrow::Status::OK();
  }

  arrow::Result<std::string_view> NextPiece(PartitionId partition) override {
    if (partition != partition_) {
      ARROW_RETURN_NOT_OK(Turn(partition));
    }
    piece_.Clear();
    while (true) {
      const auto begin = at_.begin() + static_cast<ptrdiff_t>(run_);
      run_ = static_cast<size_t>(std::find(begin, at_.end(), partition) - at_.begin());
      if (run_ == at_.size()) {
        return piece_.text();
      }
      ARROW_ASSIGN_OR_RAISE(const bool is_done, cursors_[run_]->Append(&piece_));
      if (!is_done) {
        return piece_.text();
      }
      ARROW_ASSIGN_OR_RAISE(at_[run_], cursors_[run_]->Next());
    }
  }

 private:
  // Leaves behind what the caller did not take of earlier partitions.
  arrow::Status Turn(PartitionId partition) {
    partition_ = partition;
    run_ = 0;
    for (size_t i = 0; i < cursors_.size(); ++i) {
      while (at_[i] < partition) {
        ARROW_ASSIGN_OR_RAISE(at_[i], cursors_[i]->Next());
      }
    }
    return arrow::Status::OK();
  }

  PieceBuffer piece_;
  Buffer windows_;
  MemoryBudget* budget_;
  std::vector<std::unique_ptr<RunCursor>> cursors_;  // in input order
  std::vector<PartitionId> at_;  // the partitions the cursors stand at: searched for all
  PartitionId partition_ = RunCursor::kEnd;
  size_t run_ = 0;  // the first that may still have rows of partition_
};

size_t WindowBytes(size_t num_spilled) {
  const size_t share = kAllWindowsBytes / std::max<size_t>(num_spilled, 1);
  const size_t bytes = std::clamp(share, kLeastWindowBytes, kMostWindowBytes);
  return bytes / kWindowAlignment * kWindowAlignment;
}

}  // namespace

arrow::Result<std::unique_ptr<RunStore::Reader>> MakeMergeReader(const StoredRuns& runs,
                                                                 size_t piece_size,
                                                                 MemoryBudget* budget) {
  const auto num_spilled = static_cast<size_t>(std::ranges::count_if(
      runs.spilled, [](const auto* run) { return run != nullptr; }));
  const size_t window_bytes = WindowBytes(num_spilled);
  ARROW_ASSIGN_OR_RAISE(Buffer piece, Buffer::Make(piece_size));
  Buffer windows;
  if (num_spilled > 0) {
    ARROW_ASSIGN_OR_RAISE(windows, Buffer::Make(num_spilled * window_bytes));
  }
  auto reader =
      std::make_unique<MergeReader>(std::move(piece), std::move(windows), budget);
  reader->AddCursors(runs, window_bytes);
  return reader;
}

}  // namespace partita
