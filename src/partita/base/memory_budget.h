#pragma once

#include <atomic>
#include <cstdint>

namespace partita {

/// \brief Counts the bytes a job holds against a fixed limit.
///
/// Units:         bytes.
/// Ownership:     holds no memory; whoever charges gives back.
/// Thread safety: all members may be called from any thread.
/// Errors:        none; a charge that does not fit is refused, and the caller spills or
/// waits.
class MemoryBudget {
 public:
  explicit MemoryBudget(int64_t limit) : limit_(limit) {}

  /// Takes `bytes` if they fit below the limit; false, and nothing taken, otherwise.
  bool TryCharge(int64_t bytes);

  /// Takes `bytes` whether they fit or not: for state without which the job cannot go on.
  void Charge(int64_t bytes) {
    RaisePeak(used_.fetch_add(bytes, std::memory_order_relaxed) + bytes);
  }

  void Release(int64_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

  int64_t used() const { return used_.load(std::memory_order_relaxed); }

  /// The most that was ever held at once.
  int64_t peak() const { return peak_.load(std::memory_order_relaxed); }

  int64_t limit() const { return limit_; }

 private:
  void RaisePeak(int64_t used);

  const int64_t limit_;
  std::atomic<int64_t> used_{0};
  std::atomic<int64_t> peak_{0};
};

}  // namespace partita
