#include "partita/job/ordered_work.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>

namespace partita {
namespace {

// Who works on what, and what has failed.
class Items {
 public:
  explicit Items(size_t count) : count_(count) {}

  // The next item, which `stop` stops; nothing when there is none left to begin.
  std::optional<size_t> Next(const std::stop_source& stop) {
    const std::lock_guard lock(mutex_);
    if (next_ >= count_) {
      return std::nullopt;
    }
    running_.emplace(next_, stop);
    return next_++;
  }

  void End(size_t item, const arrow::Status& outcome) {
    const std::lock_guard lock(mutex_);
    running_.erase(item);
    if (outcome.ok() || item >= count_) {
      return;
    }
    count_ = item;  // what lies behind does not matter any more
    outcome_ = outcome;
    for (auto later = running_.upper_bound(item); later != running_.end(); ++later) {
      later->second.request_stop();
    }
  }

  const arrow::Status& outcome() const { return outcome_; }

 private:
  std::mutex mutex_;
  size_t count_;
  size_t next_ = 0;
  std::map<size_t, std::stop_source> running_;
  arrow::Status outcome_;
};

}  // namespace

arrow::Status ForEachInOrder(
    size_t count, const WorkerCount& threads, const std::stop_token& outer,
    const std::function<arrow::Status(int, size_t, const std::stop_token&)>& work) {
  Items items(count);
  ARROW_RETURN_NOT_OK(
      RunComputing(threads, outer, [&](int slot, const std::stop_token& all) {
        while (true) {
          std::stop_source stop;
          const std::stop_callback forward(all, [&stop] { stop.request_stop(); });
          const std::optional<size_t> item = items.Next(stop);
          if (!item) {
            return arrow::Status::OK();
          }
          items.End(*item, work(slot, *item, stop.get_token()));
        }
      }));
  return items.outcome();
}

}  // namespace partita
