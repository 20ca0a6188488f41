#include "partita/commit/upload_queue.h"

#include <utility>

namespace partita {

void UploadQueue::Put(int64_t bytes, std::function<void()> task) {
  {
    std::unique_lock lock(mutex_);
    if (num_workers_ > 0) {
      changed_.wait(lock, [&] {
        return num_workers_ == 0 || bytes_ == 0 || bytes_ + bytes <= max_bytes_;
      });
    }
    if (num_workers_ > 0) {
      bytes_ += bytes;
      waiting_.push_back({.bytes = bytes, .run = std::move(task)});
      changed_.notify_all();
      return;
    }
  }
  task();
}

void UploadQueue::Work() {
  std::unique_lock lock(mutex_);
  ++num_workers_;
  for (;;) {
    changed_.wait(lock, [this] { return is_closed_ || !waiting_.empty(); });
    if (waiting_.empty()) {
      break;
    }
    Task task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    task.run();
    task.run = nullptr;  // its bytes go before they count as gone
    lock.lock();
    bytes_ -= task.bytes;
    changed_.notify_all();
  }
  --num_workers_;
  changed_.notify_all();
}

void UploadQueue::Close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  changed_.notify_all();
}

}  // namespace partita
