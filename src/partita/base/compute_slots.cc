#include "partita/base/compute_slots.h"

#include <utility>

namespace partita {
namespace {

// The slots of which the thread holds one.
thread_local ComputeSlots* held_slots = nullptr;

}  // namespace

ComputeSlots::Holder::Holder(ComputeSlots* slots) {
  slots->Acquire();
  held_slots = slots;
}

ComputeSlots::Holder::~Holder() { std::exchange(held_slots, nullptr)->Release(); }

void ComputeSlots::Acquire() {
  std::unique_lock lock(mutex_);
  is_free_.wait(lock, [this] { return num_free_ > 0; });
  --num_free_;
}

void ComputeSlots::Release() {
  {
    const std::lock_guard lock(mutex_);
    ++num_free_;
  }
  is_free_.notify_one();
}

DeviceWait::DeviceWait() : slots_(std::exchange(held_slots, nullptr)) {
  if (slots_ != nullptr) {
    slots_->Release();
  }
}

DeviceWait::~DeviceWait() {
  if (slots_ != nullptr) {
    slots_->Acquire();
    held_slots = slots_;
  }
}

}  // namespace partita
