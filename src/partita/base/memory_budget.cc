#include "partita/base/memory_budget.h"

namespace partita {

bool MemoryBudget::TryCharge(int64_t bytes) {
  int64_t used = used_.load(std::memory_order_relaxed);
  while (used + bytes <= limit_) {
    if (used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed)) {
      RaisePeak(used + bytes);
      return true;
    }
  }
  return false;
}

void MemoryBudget::RaisePeak(int64_t used) {
  int64_t peak = peak_.load(std::memory_order_relaxed);
  while (peak < used &&
         !peak_.compare_exchange_weak(peak, used, std::memory_order_relaxed)) {
  }
}

}  // namespace partita
