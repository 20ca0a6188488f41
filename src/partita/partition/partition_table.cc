#include "partita/partition/partition_table.h"

#include <atomic>
#include <cstring>
#include <mutex>
#include <string_view>
#include <vector>

#include "partita/base/hash.h"
#include "partita/partition/key_arena.h"
#include "partita/partition/key_slots.h"

namespace partita {
namespace {

// Paths lie in the arena, each behind its length; slots find ids by path.
class ArenaPartitionTable : public PartitionTable {
 public:
  ArenaPartitionTable(MemoryBudget* budget, int64_t bytes_elsewhere)
      : budget_(budget),
        bytes_elsewhere_(bytes_elsewhere),
        arena_(budget),
        slots_(budget) {}

  ArenaPartitionTable(const ArenaPartitionTable&) = delete;
  ArenaPartitionTable& operator=(const ArenaPartitionTable&) = delete;

  ~ArenaPartitionTable() override { budget_->Release(bytes_charged()); }

  PartitionId FindOrAdd(const std::string& path) override {
    const auto tag = static_cast<uint32_t>(Hash64(path));
    const std::lock_guard lock(mutex_);
    const uint32_t found =
        slots_.Find(tag, [&](PartitionId id) { return PathAt(places_[id]) == path; });
    return found == KeySlots::kNone ? Add(tag, path) : found;
  }

  size_t size() const override { return size_.load(std::memory_order_acquire); }

  std::string path(PartitionId id) const override {
    return std::string(PathAt(places_[id]));
  }

 private:
  PartitionId Add(uint32_t tag, const std::string& path) {
    const auto length = static_cast<uint32_t>(path.size());
    const uint32_t place = arena_.Allocate(sizeof(length) + path.size());
    std::memcpy(arena_.at(place), &length, sizeof(length));
    std::memcpy(arena_.at(place) + sizeof(length), path.data(), path.size());
    const auto id = static_cast<PartitionId>(places_.size());
    const int64_t bytes_before = bytes_charged();
    places_.push_back(place);
    budget_->Charge(bytes_charged() - bytes_before);
    slots_.Insert(tag, id);
    size_.store(places_.size(), std::memory_order_release);
    return id;
  }

  std::string_view PathAt(uint32_t place) const {
    const std::byte* memory = arena_.at(place);
    uint32_t length = 0;
    std::memcpy(&length, memory, sizeof(length));
    return {reinterpret_cast<const char*>(memory) + sizeof(length), length};
  }

  int64_t bytes_charged() const {
    return static_cast<int64_t>(places_.capacity() * sizeof(uint32_t)) +
           static_cast<int64_t>(places_.size()) * bytes_elsewhere_;
  }

  MemoryBudget* budget_;
  int64_t bytes_elsewhere_;
  std::mutex mutex_;
  KeyArena arena_;
  KeySlots slots_;
  std::vector<uint32_t> places_;  // of the paths, by id
  std::atomic<size_t> size_{0};
};

}  // namespace

std::unique_ptr<PartitionTable> PartitionTable::Make(MemoryBudget* budget,
                                                     int64_t bytes_elsewhere) {
  return std::make_unique<ArenaPartitionTable>(budget, bytes_elsewhere);
}

}  // namespace partita
