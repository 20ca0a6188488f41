#include "partita/commit/upload_queue.h"

#include <utility>

#include "partita/base/compute_slots.h"

namespace partita {

void UploadQueue::Put(int64_t bytes, std::function<void()> task) {
  if (!TryPut(bytes, &task) && !WaitAndPut(bytes, &task)) {
    task();
  }
}

// Takes the task where there are a worker and room.
bool UploadQueue::TryPut(int64_t bytes, std::function<void()>* task) {
  const std::lock_guard lock(mutex_);
  if (num_workers_ == 0 || !HasRoom(bytes)) {
    return false;
  }
  Add(bytes, task);
  return true;
}

// Takes the task once there is room; false when there is no worker any more.
bool UploadQueue::WaitAndPut(int64_t bytes, std::function<void()>* task) {
  const DeviceWait
      wait;  // whoever computes goes on; its end may wait, and holds no lock then
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return num_workers_ == 0 || HasRoom(bytes); });
  if (num_workers_ == 0) {
    return false;
  }
  Add(bytes, task);
  return true;
}

bool UploadQueue::HasRoom(int64_t bytes) const {
  return bytes_ == 0 || bytes_ + bytes <= max_bytes_;
}

void UploadQueue::Add(int64_t bytes, std::function<void()>* task) {
  waiting_.push_back({.bytes = bytes, .run = std::move(*task)});
  bytes_ += bytes;
  changed_.notify_all();
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
