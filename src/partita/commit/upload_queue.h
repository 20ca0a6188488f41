#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>

#include <arrow/status.h>

namespace partita {

/// \brief Requests that wait for the network while their makers go on: bounded by the bytes they hold.
///
/// Threads that somebody else starts (the job) call Work(); without any, Put() does the work itself.
/// Ownership:     owns the tasks; they own their bytes.
/// Thread safety: all members may be called from any thread.
class UploadQueue {
 public:
  explicit UploadQueue(int64_t max_bytes) : max_bytes_(max_bytes) {}

  /// Adds a task that holds `bytes`; waits, without its compute slot, while more than the queue's bytes would be held, but not
  /// for a single large task.
  void Put(int64_t bytes, std::function<void()> task);

  /// Does tasks until Close().
  void Work();

  /// No more tasks: Work() returns when there are none left.
  void Close();

 private:
  struct Task {
    int64_t bytes = 0;
    std::function<void()> run;
  };

  bool TryPut(int64_t bytes, std::function<void()>* task);
  bool WaitAndPut(int64_t bytes, std::function<void()>* task);
  bool HasRoom(int64_t bytes) const;
  void Add(int64_t bytes, std::function<void()>* task);

  const int64_t max_bytes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> waiting_;
  int64_t bytes_ = 0;  // of waiting and running tasks
  int num_workers_ = 0;
  bool is_closed_ = false;
};

}  // namespace partita
