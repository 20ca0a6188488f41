#include "partita/commit/state_lock.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr std::chrono::milliseconds kPoll{20};

arrow::Status HeldByOther(const StateFolder& state) {
  const auto intent = state.ReadIntent();
  const bool is_known = intent.ok() && intent->has_value();
  return Error(
      ErrorCode::kCommitConflict,
      "another job is writing to the target (job {}, process {}); wait for it or "
      "stop it: {}",
      is_known ? (*intent)->job : "unknown", is_known ? (*intent)->process : "unknown",
      state.target());
}

}  // namespace

arrow::Result<std::unique_ptr<LockedState>> LockedState::Take(FolderStore* store,
                                                              const std::string& target,
                                                              const Options& options) {
  const auto deadline = SteadyNow() + options.wait;
  // What a try has made stays ours to remove, whoever holds the lock in between.
  std::vector<std::string> made_parents;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(StateFolder state,
                          StateFolder::Locate(store, target, options.durability));
    std::unique_ptr<LockedState> locked(new LockedState(std::move(state)));
    locked->made_parents_ = std::move(made_parents);
    const auto taken = locked->TryTake(options.job);
    if (taken.ok() && *taken) {
      return locked;
    }
    if (!taken.ok()) {
      // Where our own folders are still empty they go again; what others use stays.
      [[maybe_unused]] const arrow::Status status =
          locked->lock_ == nullptr ? locked->RemoveMadeFolders() : locked->Release();
      return taken.status();
    }
    made_parents = std::move(locked->made_parents_);
    if (SteadyNow() >= deadline) {
      return HeldByOther(locked->state());
    }
    if (options.stop.stop_requested()) {
      return Error(ErrorCode::kCancelled, "stopped while waiting for another job: {}",
                   target);
    }
    std::this_thread::sleep_for(kPoll);
  }
}

arrow::Result<std::unique_ptr<LockedState>> LockedState::TakeExisting(
    const StateFolder& state) {
  std::unique_ptr<LockedState> locked(new LockedState(state));
  ARROW_ASSIGN_OR_RAISE(const auto intent, state.ReadIntent());
  if (intent.has_value()) {
    locked->made_parents_ = intent->made_parents;
  }
  ARROW_ASSIGN_OR_RAISE(locked->lock_,
                        state.store()->TryLock(state.PathOf(StateFolder::kLockName)));
  if (locked->lock_ == nullptr) {
    return HeldByOther(state);
  }
  return locked;
}

arrow::Status LockedState::MakeStateFolder() {
  const std::string parent(ParentPath(state_.path()));
  ARROW_ASSIGN_OR_RAISE(const auto made_now, MakeFolders(state_.store(), parent));
  made_parents_.insert(made_parents_.end(), made_now.begin(), made_now.end());
  const arrow::Status made = state_.store()->MakeFolder(state_.path());
  return made.ok() || CodeOf(made) == ErrorCode::kAlreadyExists ? arrow::Status::OK()
                                                                : made;
}

arrow::Result<bool> LockedState::TryTake(const std::string& job) {
  FolderStore* store = state_.store();
  ARROW_RETURN_NOT_OK(MakeStateFolder());
  ARROW_ASSIGN_OR_RAISE(const auto left, state_.ReadIntent());
  auto lock = store->TryLock(state_.PathOf(StateFolder::kLockName));
  if (!lock.ok() && CodeOf(lock.status()) == ErrorCode::kNotFound) {
    return false;  // the one before us has just removed the state folder
  }
  ARROW_ASSIGN_OR_RAISE(lock_, std::move(lock));
  if (lock_ == nullptr) {
    return false;
  }
  if (left.has_value()) {
    made_parents_.insert(made_parents_.end(), left->made_parents.begin(),
                         left->made_parents.end());
  }
  ARROW_RETURN_NOT_OK(lock_->SetText(FormatIntent({job, ProcessName(), made_parents_})));
  // Someone with other rights may have chosen the other place meanwhile. Each makes its
  // folder before it looks, so at least one of the two sees the other.
  ARROW_ASSIGN_OR_RAISE(const StateFolder again,
                        StateFolder::Locate(store, state_.target(), state_.durability()));
  if (again.path() != state_.path()) {
    ARROW_RETURN_NOT_OK(Release());
    return false;
  }
  return true;
}

arrow::Status LockedState::CheckHeld() {
  ARROW_ASSIGN_OR_RAISE(const bool is_held, lock_->IsHeld());
  return is_held ? arrow::Status::OK()
                 : Error(ErrorCode::kCommitConflict,
                         "the lock file has been removed by others during the job: {}",
                         state_.PathOf(StateFolder::kLockName));
}

arrow::Status LockedState::SyncMadeFolders() {
  for (const std::string& made : made_parents_) {
    ARROW_RETURN_NOT_OK(state_.Sync(std::string(ParentPath(made))));
  }
  return state_.Sync(std::string(ParentPath(state_.path())));
}

arrow::Status LockedState::RemoveMadeFolders() {
  FolderStore* store = state_.store();
  ARROW_ASSIGN_OR_RAISE(const auto head,
                        store->Stat(state_.PathOf(StateFolder::kHeadName)));
  arrow::Status status;
  if (head.kind == EntryKind::kMissing) {
    status = store->RemoveFolder(state_.path());
  }
  // Not empty means that another job has come meanwhile, or that the target is there now.
  std::reverse(made_parents_.begin(), made_parents_.end());
  for (const std::string& parent : made_parents_) {
    if (status.ok()) {
      status = store->RemoveFolder(parent);
    }
  }
  return !status.ok() && CodeOf(status) == ErrorCode::kAlreadyExists ? arrow::Status::OK()
                                                                     : status;
}

arrow::Status LockedState::Release() {
  if (lock_ == nullptr) {
    return arrow::Status::OK();
  }
  const arrow::Status status = lock_->Remove();
  lock_.reset();
  ARROW_RETURN_NOT_OK(status);
  return RemoveMadeFolders();
}

}  // namespace partita
