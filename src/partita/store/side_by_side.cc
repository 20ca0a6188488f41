#include "partita/store/side_by_side.h"

#include <atomic>

namespace partita {

arrow::Status RemoveSideBySide(const SideBySide& run, size_t count,
                               const std::function<arrow::Status(size_t)>& remove) {
  constexpr size_t kAtOnce = 8;
  std::atomic<size_t> next = 0;
  std::atomic<bool> has_failed = false;
  const auto work = [&]() -> arrow::Status {
    for (size_t i = next++; i < count && !has_failed; i = next++) {
      arrow::Status removed = remove(i);
      if (!removed.ok()) {
        has_failed = true;
        return removed;
      }
    }
    return arrow::Status::OK();
  };
  return run && count > kAtOnce ? run(static_cast<int>(kAtOnce), work) : work();
}

}  // namespace partita
