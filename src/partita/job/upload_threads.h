#pragma once

#include <thread>
#include <vector>

#include "partita/commit/upload_queue.h"

namespace partita {

/// \brief Threads that upload what others have encoded.
///
/// Ownership:     borrows the queue; owns its threads.
/// Thread safety: one thread at a time.
/// Errors:        none: without threads to be had, whoever encodes uploads too.
class UploadThreads {
 public:
  /// They wait for the network and compute next to nothing, so how many there are has nothing to do with processors: as many as
  /// a commit has requests under way at once. Small files need them: each takes two requests, one after the other.
  static constexpr int kCount = 16;

  explicit UploadThreads(UploadQueue* queue) : queue_(queue) {}

  UploadThreads(const UploadThreads&) = delete;
  UploadThreads& operator=(const UploadThreads&) = delete;

  ~UploadThreads() { Stop(); }

  /// Once.
  void Start();

  /// Closes the queue and waits until it is empty. A second time it does nothing.
  void Stop();

 private:
  UploadQueue* queue_;
  std::vector<std::jthread> threads_;
};

}  // namespace partita
