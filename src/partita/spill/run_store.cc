#include "partita/spill/run_store.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "partita/base/error.h"
#include "partita/spill/merge_reader.h"
#include "partita/spill/spilled_run.h"
#include "partita/spill/temp_file.h"

namespace partita {
namespace {

constexpr size_t kWriteBytes = size_t{1} << 20;

// Empties a run but keeps its memory for the next one.
SortedRun Emptied(SortedRun run) {
  run.rows.clear();
  run.partitions.clear();
  run.begins.clear();
  return run;
}

class BudgetedRunStore : public RunStore {
 public:
  explicit BudgetedRunStore(const Options& options)
      : options_(options), slots_(static_cast<size_t>(options.num_slots)) {}

  BudgetedRunStore(const BudgetedRunStore&) = delete;
  BudgetedRunStore& operator=(const BudgetedRunStore&) = delete;

  ~BudgetedRunStore() override {
    ReleaseWriteBuffers();
    options_.budget->Release(charged_);
  }

  arrow::Result<std::optional<SortedRun>> Add(int64_t sequence, SortedRun run,
                                              int slot) override {
    if (run.rows.empty()) {
      return Emptied(std::move(run));
    }
    const int64_t bytes = run.memory_bytes();
    if (options_.budget->TryCharge(bytes)) {
      const std::lock_guard lock(mutex_);
      charged_ += bytes;
      runs_.push_back({.sequence = sequence, .kept = std::move(run)});
      return std::nullopt;
    }
    Slot* const own_slot = &slots_[static_cast<size_t>(slot)];
    ARROW_RETURN_NOT_OK(Spill(sequence, run, own_slot));
    ARROW_RETURN_NOT_OK(SpillExcess(own_slot));
    return Emptied(std::move(run));
  }

  arrow::Status Seal() override {
    ReleaseWriteBuffers();
    std::ranges::sort(runs_, {}, &StoredRun::sequence);
    for (const StoredRun& run : runs_) {
      const bool is_kept = run.spilled.file == nullptr;
      in_order_.kept.push_back(is_kept ? &run.kept : nullptr);
      in_order_.spilled.push_back(is_kept ? nullptr : &run.spilled);
    }
    return arrow::Status::OK();
  }

  arrow::Result<std::unique_ptr<Reader>> NewReader(size_t piece_size) override {
    return MakeMergeReader(in_order_, piece_size, options_.budget);
  }

  int64_t bytes_spilled() const override { return bytes_spilled_; }

 private:
  struct StoredRun {
    int64_t sequence = 0;
    SortedRun kept = {};
    SpilledRun spilled = {};  // with a file if the run was spilled
  };

  struct Slot {
    std::unique_ptr<TempFile> file = nullptr;  // made when first needed
    Buffer buffer = {};
  };

  arrow::Status Spill(int64_t sequence, const SortedRun& run, Slot* slot) {
    if (slot->file == nullptr) {
      ARROW_ASSIGN_OR_RAISE(slot->file, TempFile::Make(options_.temp_dir));
      ARROW_ASSIGN_OR_RAISE(slot->buffer, Buffer::Make(kWriteBytes));
      options_.budget->Charge(kWriteBytes);
    }
    const int64_t before = slot->file->size();
    ARROW_ASSIGN_OR_RAISE(SpilledRun spilled,
                          SpillRun(run, slot->file.get(), &slot->buffer));
    bytes_spilled_ += slot->file->size() - before;
    options_.budget->Charge(spilled.memory_bytes());
    const std::lock_guard lock(mutex_);
    charged_ += spilled.memory_bytes();
    runs_.push_back({.sequence = sequence, .spilled = std::move(spilled)});
    return arrow::Status::OK();
  }

  // Makes room where others (the tables of keys) charged more than was left.
  arrow::Status SpillExcess(Slot* slot) {
    while (options_.budget->used() > options_.budget->limit()) {
      std::optional<StoredRun> taken = TakeKeptRun();
      if (!taken.has_value()) {
        break;
      }
      const int64_t bytes = taken->kept.memory_bytes();
      ARROW_RETURN_NOT_OK(Spill(taken->sequence, taken->kept, slot));
      taken.reset();
      options_.budget->Release(bytes);
    }
    return arrow::Status::OK();
  }

  std::optional<StoredRun> TakeKeptRun() {
    const std::lock_guard lock(mutex_);
    const auto last_kept =
        std::find_if(runs_.rbegin(), runs_.rend(),
                     [](const StoredRun& run) { return run.spilled.file == nullptr; });
    if (last_kept == runs_.rend()) {
      return std::nullopt;
    }
    StoredRun taken = std::move(*last_kept);
    runs_.erase(std::next(last_kept).base());
    charged_ -= taken.kept.memory_bytes();
    return taken;
  }

  void ReleaseWriteBuffers() {
    for (Slot& slot : slots_) {
      options_.budget->Release(static_cast<int64_t>(slot.buffer.size()));
      slot.buffer = Buffer();
    }
  }

  Options options_;
  std::vector<Slot> slots_;
  std::mutex mutex_;
  std::vector<StoredRun> runs_;
  int64_t charged_ = 0;
  std::atomic<int64_t> bytes_spilled_{0};
  StoredRuns in_order_;  // pointers into runs_, once that is sealed
};

}  // namespace

arrow::Result<std::unique_ptr<RunStore>> RunStore::Make(const Options& options) {
  return std::make_unique<BudgetedRunStore>(options);
}

}  // namespace partita
