#include "partita/scan/segment_chain.h"

#include "partita/base/compute_slots.h"
#include "partita/base/error.h"

namespace partita {
namespace {

arrow::Status Stopped() { return Error(ErrorCode::kCancelled, "stopped on request"); }

}  // namespace

void SegmentChain::Publish(int64_t sequence, const SegmentEnd& end) {
  const std::lock_guard lock(mutex_);
  ends_[sequence] = end;
  changed_.notify_all();
}

arrow::Result<SegmentEnd> SegmentChain::WaitFor(int64_t sequence,
                                                const std::stop_token& stop) {
  const DeviceWait wait;  // or those waited for might wait for this thread's slot
  std::unique_lock lock(mutex_);
  const auto has_failure = [&] {
    return !failures_.empty() && failures_.begin()->first <= sequence;
  };
  const bool is_there = changed_.wait(
      lock, stop, [&] { return ends_.count(sequence) != 0 || has_failure(); });
  if (!is_there) {
    return Stopped();
  }
  if (has_failure()) {
    return failures_.begin()->second;
  }
  const SegmentEnd end = ends_[sequence];
  ends_.erase(sequence);
  return end;
}

void SegmentChain::Complete(int64_t sequence) {
  const std::lock_guard lock(mutex_);
  End(sequence);
}

arrow::Status SegmentChain::Fail(int64_t sequence, const arrow::Status& status,
                                 const std::stop_token& stop) {
  const DeviceWait wait;
  std::unique_lock lock(mutex_);
  failures_.emplace(sequence, status);
  End(sequence);
  const bool have_ended =
      changed_.wait(lock, stop, [&] { return all_ended_ >= sequence; });
  return have_ended ? failures_.begin()->second : Stopped();
}

bool SegmentChain::HasFailedBefore(int64_t sequence) const {
  const std::lock_guard lock(mutex_);
  return !failures_.empty() && failures_.begin()->first < sequence;
}

void SegmentChain::End(int64_t sequence) {
  ended_.insert(sequence);
  while (!ended_.empty() && *ended_.begin() == all_ended_) {
    ended_.erase(ended_.begin());
    ++all_ended_;
  }
  changed_.notify_all();
}

}  // namespace partita
