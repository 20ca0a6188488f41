#include "partita/partition/key_slots.h"

#include <utility>

namespace partita {

namespace {
constexpr size_t kFirstSlots = 64;
}  // namespace

KeySlots::KeySlots(MemoryBudget* budget) : budget_(budget) { Resize(kFirstSlots); }

KeySlots::~KeySlots() {
  budget_->Release(static_cast<int64_t>(slots_.size() * sizeof(Slot)));
}

void KeySlots::Insert(uint32_t tag, uint32_t value) {
  if ((size_ + 1) * 10 > slots_.size() * 7) {
    Resize(slots_.size() * 2);
  }
  Place({tag, value});
  ++size_;
}

void KeySlots::Resize(size_t num_slots) {
  const auto bytes = static_cast<int64_t>(num_slots * sizeof(Slot));
  budget_->Charge(bytes);
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(num_slots));
  mask_ = num_slots - 1;
  for (const Slot& slot : old) {
    if (slot.value != kNone) {
      Place(slot);
    }
  }
  budget_->Release(static_cast<int64_t>(old.size() * sizeof(Slot)));
}

void KeySlots::Place(Slot added) {
  size_t i = added.tag & mask_;
  while (slots_[i].value != kNone) {
    i = (i + 1) & mask_;
  }
  slots_[i] = added;
}

}  // namespace partita
