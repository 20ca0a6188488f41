#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>

#include <arrow/result.h>

namespace partita {

/// \brief What a segment knows of its end, for the one behind it.
struct SegmentEnd {
  bool in_quotes = false;              ///< the next segment begins within quotes
  std::optional<int64_t> next_record;  ///< offset of the first record that begins at or
                                       ///< behind the segment's end, where it is known
};

/// \brief Hands ends from each segment to the next one, and settles which error of many
/// threads is reported.
///
/// Segments are numbered in input order and begun in that order; each calls WaitFor() its
/// predecessor at most once and then either Complete() or Fail().
/// Thread safety: all members may be called from any thread.
/// Errors:        kCancelled when `stop` is requested.
class SegmentChain {
 public:
  void Publish(int64_t sequence, const SegmentEnd& end);

  /// The end that segment `sequence` published, once it has; fails as soon as it or one
  /// before it has failed.
  arrow::Result<SegmentEnd> WaitFor(int64_t sequence, const std::stop_token& stop);

  void Complete(int64_t sequence);

  /// Notes the failure and returns the one with the lowest sequence, once all segments
  /// before `sequence` have ended: the same error whatever the number of threads.
  arrow::Status Fail(int64_t sequence, const arrow::Status& status,
                     const std::stop_token& stop);

  /// Whether a segment before `sequence` has failed, so that this one need not be looked at.
  /// One behind it is no reason: a failure of this one would be the first.
  bool HasFailedBefore(int64_t sequence) const;

 private:
  void End(int64_t sequence);

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<int64_t, SegmentEnd> ends_;
  std::map<int64_t, arrow::Status> failures_;
  std::set<int64_t> ended_;  // those not below all_ended_
  int64_t all_ended_ = 0;    // every segment below has ended
};

}  // namespace partita
