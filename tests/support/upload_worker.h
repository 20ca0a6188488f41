#pragma once

#include <memory>
#include <semaphore>
#include <thread>

#include "partita/commit/upload_queue.h"

namespace partita {

/// \brief A thread that does the tasks of a queue, and is at work when it is made: until one is, who puts a task does it.
///
/// The queue must be closed before it goes.
class UploadWorker {
 public:
  explicit UploadWorker(UploadQueue* queue) : thread_([queue] { queue->Work(); }) {
    const auto is_done = std::make_shared<std::binary_semaphore>(0);
    std::thread::id ran_on;
    while (ran_on != thread_.get_id()) {
      queue->Put(1, [&ran_on, is_done] {
        ran_on = std::this_thread::get_id();
        is_done->release();
      });
      is_done->acquire();
    }
  }

 private:
  std::jthread thread_;
};

}  // namespace partita
