#pragma once

#include <chrono>
#include <mutex>
#include <string_view>
#include <utility>

#include <arrow/result.h>

#include "partita/commit/object_state.h"

namespace partita {

/// \brief The intent of a job on an object store while it lives (docs/format/commit-objects.md §2): put, put again, given up.
///
/// Ownership:     borrows the state, which must outlive it.
/// Thread safety: any thread; a renewal that is under way ends before the intent is given up.
/// Errors:        kStoreUnavailable.
class ObjectLease {
 public:
  ObjectLease(const ObjectState* state, ObjectIntent own)
      : state_(state), own_(std::move(own)) {}

  const ObjectIntent& own() const { return own_; }

  /// Puts the intent. Even if that fails it may be there, and is to be given up.
  arrow::Status Take();

  /// Puts it again; does nothing where there is none, or none any more.
  arrow::Status Renew();

  /// From then on it is not renewed; the caller removes it. False where there is none.
  bool GiveUp();

  /// By this machine's steady clock, since the last renewal that went well was begun.
  bool IsOlderThan(std::chrono::milliseconds age) const;

  /// Tries both conditions where they do not hold, as stores got them at different times and everything hangs on them: the name of
  /// one that the store has not heeded, empty where it heeds both. Errors: kCommitConflict where the intent was gone: others have
  /// taken the job for dead.
  arrow::Result<std::string_view> UnheededCondition();

  /// Whether others have taken the job for dead, as UnheededCondition() found: then its ids are not to be used again.
  bool is_lost() const { return is_lost_; }

 private:
  arrow::Result<bool> IsRefused(const PutCondition& condition) const;

  const ObjectState* state_;
  ObjectIntent own_;
  std::mutex put_mutex_;  // held while the intent is put or given up
  bool is_taken_ = false;
  bool is_lost_ = false;      // of the thread that begins the job
  mutable std::mutex mutex_;  // guards renewed_; taken behind the other
  std::chrono::steady_clock::time_point renewed_;
};

}  // namespace partita
