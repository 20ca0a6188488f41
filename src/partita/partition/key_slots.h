#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "partita/base/memory_budget.h"

namespace partita {

/// \brief The open-addressing half of a hash table: finds 32-bit values by 32-bit tags.
///
/// The keys themselves lie elsewhere (KeyArena): a tag is part of a key's hash, and
/// whether a value's key is the one sought is asked of the caller.
/// Ownership:     charges its memory to the borrowed budget, and gives back when
///                destroyed.
/// Thread safety: one thread at a time.
/// Cost:          11 to 23 bytes per value; one cache miss per search.
class KeySlots {
 public:
  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

  explicit KeySlots(MemoryBudget* budget);
  KeySlots(const KeySlots&) = delete;
  KeySlots& operator=(const KeySlots&) = delete;
  ~KeySlots();

  /// The value with this tag for which `matches(value)` holds; kNone if there is none.
  template <typename Matches>
  uint32_t Find(uint32_t tag, const Matches& matches) const {
    for (size_t i = tag & mask_;; i = (i + 1) & mask_) {
      const Slot slot = slots_[i];
      if (slot.value == kNone || (slot.tag == tag && matches(slot.value))) {
        return slot.value;
      }
    }
  }

  /// Adds a value that Find() does not find.
  void Insert(uint32_t tag, uint32_t value);

  void Prefetch(uint32_t tag) const { __builtin_prefetch(&slots_[tag & mask_]); }

  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.value != kNone) {
        visit(slot.value);
      }
    }
  }

  size_t size() const { return size_; }

 private:
  struct Slot {
    uint32_t tag = 0;
    uint32_t value = kNone;
  };

  void Resize(size_t num_slots);
  void Place(Slot added);

  MemoryBudget* budget_;
  std::vector<Slot> slots_;
  size_t mask_ = 0;
  size_t size_ = 0;
};

}  // namespace partita
