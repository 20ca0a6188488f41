#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/commit/state_folder.h"

namespace partita {

/// \brief Holds a target's lock, and the state folder that was made for it.
///
/// Ownership:     Release() removes the lock file, the state folder if it has no HEAD,
/// and the
///                folders above the target that were made and are empty. Destroyed
///                without it, only the lock is given up: what lies there is for recovery.
/// Thread safety: one thread at a time.
/// Errors:        kCommitConflict (a live job holds it), kStoreUnavailable,
/// kAlreadyExists (a
///                file where a folder above the target is needed).
class LockedState {
 public:
  struct Options {
    std::string job;
    Durability durability = Durability::kFull;
    std::chrono::milliseconds wait{0};  ///< for a live job to end
    std::stop_token stop;               ///< ends the waiting: kCancelled
  };

  /// Makes the state folder of `target`, and missing folders above it, and locks it.
  static arrow::Result<std::unique_ptr<LockedState>> Take(FolderStore* store,
                                                          const std::string& target,
                                                          const Options& options);

  /// Locks a state folder that is there, as it is.
  static arrow::Result<std::unique_ptr<LockedState>> TakeExisting(
      const StateFolder& state);

  const StateFolder& state() const { return state_; }

  /// Fails with kCommitConflict when the lock has been taken away from us.
  arrow::Status CheckHeld();

  /// Makes the state folder and the folders made above it survive power loss, where
  /// durability asks for it. What lies in them is not synced.
  arrow::Status SyncMadeFolders();

  /// Gives the lock up as a job that changed nothing, or has finished.
  arrow::Status Release();

  /// Gives the lock up and leaves everything for recovery.
  void Leave() { lock_.reset(); }

 private:
  explicit LockedState(StateFolder state) : state_(std::move(state)) {}

  arrow::Result<bool> TryTake(const std::string& job);
  arrow::Status MakeStateFolder();
  arrow::Status RemoveMadeFolders();

  StateFolder state_;
  std::unique_ptr<StoreLock> lock_;
  std::vector<std::string> made_parents_;
};

}  // namespace partita
