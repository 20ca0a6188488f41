#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include "partita/options.h"

namespace partita {

/// \brief Counts a job's work and tells its caller how far it is, a few times a second.
///
/// Ownership:     owns one thread while it lives, if there is anyone to tell.
/// Thread safety: Add…() may be called from any thread; the rest from one. `tell` is called from the meter's own
///                thread only, for the last time before the destructor returns.
class ProgressMeter {
 public:
  explicit ProgressMeter(std::function<void(const Progress&)> tell);
  ~ProgressMeter();
  ProgressMeter(const ProgressMeter&) = delete;
  ProgressMeter& operator=(const ProgressMeter&) = delete;

  /// Turns to the next stage, whose work is `bytes_total`; counts start at 0 again.
  void Begin(Progress::Stage stage, int64_t bytes_total);

  /// Turns to a stage that counts files.
  void BeginFiles(Progress::Stage stage, int64_t files_total);

  void AddFiles(int64_t files) { files_.fetch_add(files, std::memory_order_relaxed); }

  void AddRead(int64_t rows, int64_t bytes) { Add(rows, bytes); }

  void AddWritten(int64_t rows, int64_t bytes) { Add(rows, bytes); }

 private:
  void Add(int64_t rows, int64_t bytes) {
    rows_.fetch_add(rows, std::memory_order_relaxed);
    bytes_.fetch_add(bytes, std::memory_order_relaxed);
  }

  void Tell();
  void Loop(const std::stop_token& stop);

  std::function<void(const Progress&)> tell_;
  std::atomic<Progress::Stage> stage_{Progress::Stage::kReading};
  std::atomic<int64_t> bytes_total_{0};
  std::atomic<int64_t> rows_{0};
  std::atomic<int64_t> bytes_{0};
  std::atomic<int64_t> files_total_{0};
  std::atomic<int64_t> files_{0};
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace partita
