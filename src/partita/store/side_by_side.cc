#include "partita/store/side_by_side.h"

#include <atomic>

namespace partita {

arrow::Status ForEachSideBySide(const SideBySide& run, size_t count,
                                const std::function<arrow::Status(size_t)>& call) {
  constexpr size_t kAtOnce = 8;
  std::atomic<size_t> next = 0;
  std::atomic<size_t> num_done = 0;
  std::atomic<bool> has_failed = false;
  const auto work = [&]() -> arrow::Status {
    for (size_t i = next++; i < count && !has_failed; i = next++) {
      arrow::Status done = call(i);
      if (!done.ok()) {
        has_failed = true;
        return done;
      }
      ++num_done;
    }
    return arrow::Status::OK();
  };
  if (!run || count <= kAtOnce) {
    return work();
  }
  arrow::Status ran = run(static_cast<int>(kAtOnce), work);
  if (ran.ok() || has_failed) {
    return ran;
  }
  // There were no threads to be had, or a call has thrown: what it was for is not done then.
  ARROW_RETURN_NOT_OK(work());
  return num_done == count ? arrow::Status::OK() : ran;
}

}  // namespace partita
