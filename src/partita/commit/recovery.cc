#include "partita/commit/recovery.h"

#include <utility>

#include "partita/base/error.h"
#include "partita/commit/object_recovery.h"
#include "partita/commit/state_lock.h"
#include "partita/store/path.h"

namespace partita {
namespace {

using Outcome = RecoveryReport::Outcome;

// Old data and leavings; what cannot go now is left to the next recovery.
arrow::Status RemoveLeavings(const StateFolder& state, const std::optional<Head>& head) {
  if (head.has_value()) {
    ARROW_ASSIGN_OR_RAISE(const auto record, state.ReadRecord(head->record));
    if (record.has_value()) {
      ARROW_RETURN_NOT_OK(RemoveOld(state, *record));
    }
  }
  return state.Sweep(head);
}

// Whether a failed redo means that it never can be done, not that it failed this time.
bool IsImpossible(const arrow::Status& status) {
  return CodeOf(status) == ErrorCode::kCommitConflict ||
         CodeOf(status) == ErrorCode::kNotFound;
}

// Ends a commit that was decided but not marked as applied.
arrow::Result<Outcome> FinishDecided(const StateFolder& state, Head head) {
  ARROW_ASSIGN_OR_RAISE(const auto record, state.ReadRecord(head.record));
  if (!record.has_value()) {
    return Error(ErrorCode::kCommitStateUnknown,
                 "a commit was decided, but its record is gone; compare the target with "
                 "the manifest by hand, then remove the state folder: {}",
                 state.path());
  }
  DataFileList new_files = record->new_files;
  if (record->method != ApplyMethod::kMerge) {
    ARROW_ASSIGN_OR_RAISE(Manifest manifest, state.ReadManifest(head.manifest));
    new_files = std::move(manifest.files);
  }
  const arrow::Status redone = Redo(state, *record, new_files, VerifyBy::kChecksum);
  if (redone.ok()) {
    head.is_applied = true;
    ARROW_RETURN_NOT_OK(state.WriteHead(head));
    return Outcome::kRedone;
  }
  if (!IsImpossible(redone)) {
    return redone;
  }
  ARROW_RETURN_NOT_OK(TakeBack(state, *record));
  return Outcome::kUndone;
}

// What a dry run says of a decided commit: it is redone unless files turn out damaged.
arrow::Result<RecoveryReport> Foretell(const StateFolder& state,
                                       const std::optional<Head>& head) {
  RecoveryReport report;
  ARROW_ASSIGN_OR_RAISE(report.removed, state.Garbage(head));
  if (head.has_value() && !head->is_applied) {
    report.outcome = Outcome::kRedone;
  } else if (!report.removed.empty()) {
    report.outcome = Outcome::kRemoved;
  }
  return report;
}

// A mistyped path must not pass for a healthy data set.
arrow::Status CheckAnythingThere(bool has_state, Store* store,
                                 const std::string& target) {
  ARROW_ASSIGN_OR_RAISE(const EntryInfo info, store->Stat(target));
  if (!has_state && info.kind != EntryKind::kFolder) {
    return Error(ErrorCode::kNotFound,
                 "no data set and nothing a job has left: there is no folder {}", target);
  }
  return arrow::Status::OK();
}

arrow::Status CheckAnythingThere(const StateFolder& state) {
  ARROW_ASSIGN_OR_RAISE(const bool has_state, state.Exists());
  return CheckAnythingThere(has_state, state.store(), state.target());
}

arrow::Status CheckAnythingThere(const ObjectState& state) {
  ARROW_ASSIGN_OR_RAISE(const auto names, state.Names());
  return CheckAnythingThere(!names.empty(), state.store(), state.target());
}

arrow::Result<std::optional<ObjectIntent>> LiveJob(const ObjectState& state) {
  ARROW_ASSIGN_OR_RAISE(auto intents, state.Intents());
  for (ObjectIntent& intent : intents) {
    if (!intent.is_expired()) {
      return std::move(intent);
    }
  }
  return std::nullopt;
}

// Whoever recovers knows of a job that has died; while its lease runs that looks the same as one at work.
arrow::Result<RecoveryReport> RecoverObjects(const ObjectState& state, bool dry_run,
                                             const SideBySide& run) {
  ARROW_RETURN_NOT_OK(CheckAnythingThere(state));
  ARROW_ASSIGN_OR_RAISE(RecoveryReport report, HealObjects(state, run, dry_run));
  ARROW_ASSIGN_OR_RAISE(const auto live, LiveJob(state));
  if (!live) {
    return report;
  }
  const std::string told = fmt::format(
      "a job is at work here, or has died less than a minute ago; nothing of it is "
      "touched before its lease runs out, in {} s unless it is renewed; if the job has "
      "died, recover again then: {}, job {} of process {}",
      live->lease_left().count(), state.target(), live->job, live->process);
  if (report.outcome == Outcome::kNothingToDo) {
    return Error(ErrorCode::kCommitConflict, "{}", told);
  }
  report.warnings.push_back(told);
  return report;
}

// Every job makes its lock file first, so without one nothing lives here.
arrow::Result<RecoveryReport> DryRun(const StateFolder& state) {
  ARROW_ASSIGN_OR_RAISE(const EntryInfo lock_file,
                        state.store()->Stat(state.PathOf(StateFolder::kLockName)));
  if (lock_file.kind == EntryKind::kMissing) {
    return Heal(state, true);
  }
  ARROW_ASSIGN_OR_RAISE(const auto lock, LockedState::TakeExisting(state));
  auto report = Heal(state, true);
  lock->Leave();
  return report;
}

}  // namespace

arrow::Status Redo(const StateFolder& state, const CommitRecord& record,
                   const DataFileList& new_files, VerifyBy by) {
  ARROW_RETURN_NOT_OK(ApplyRecord(state, record));
  return VerifyApplied(state, record, new_files, by);
}

arrow::Status TakeBack(const StateFolder& state, const CommitRecord& record) {
  ARROW_RETURN_NOT_OK(UndoRecord(state, record));
  return record.old_head.has_value() ? state.WriteHead(*record.old_head)
                                     : state.RemoveHead();
}

arrow::Result<RecoveryReport> Heal(const StateFolder& state, bool dry_run) {
  ARROW_ASSIGN_OR_RAISE(auto head, state.ReadHead());
  if (dry_run) {
    return Foretell(state, head);
  }
  RecoveryReport report;
  ARROW_ASSIGN_OR_RAISE(report.removed, state.Garbage(head));
  const bool is_decided = head.has_value() && !head->is_applied;
  if (is_decided || !report.removed.empty()) {
    // The dead job may have renamed HEAD without syncing it. What follows must not outlive
    // the decision it follows from.
    ARROW_RETURN_NOT_OK(state.Sync(state.path()));
  }
  if (is_decided) {
    ARROW_ASSIGN_OR_RAISE(report.outcome, FinishDecided(state, *head));
    ARROW_ASSIGN_OR_RAISE(head, state.ReadHead());
  }
  ARROW_ASSIGN_OR_RAISE(report.removed, state.Garbage(head));
  if (report.outcome == Outcome::kNothingToDo && !report.removed.empty()) {
    report.outcome = Outcome::kRemoved;
  }
  const arrow::Status removed = RemoveLeavings(state, head);
  if (!removed.ok()) {
    report.warnings.push_back(
        fmt::format("leavings of an earlier job stay: {}", removed.message()));
  }
  return report;
}

arrow::Result<RecoveryReport> Recover(Store* store, const std::string& target,
                                      bool dry_run, Durability durability,
                                      const SideBySide& run) {
  ARROW_ASSIGN_OR_RAISE(Store * place, store->At(target));
  if (ObjectStore* objects = place->AsObjectStore(); objects != nullptr) {
    ARROW_ASSIGN_OR_RAISE(const std::string path, AbsolutePath(target));
    return RecoverObjects(ObjectState(objects, path), dry_run, run);
  }
  FolderStore* folders = place->AsFolderStore();
  if (folders == nullptr) {
    return Error(ErrorCode::kInvalidConfig, "this store has no folders to recover: {}",
                 target);
  }
  ARROW_ASSIGN_OR_RAISE(const std::string path, LocalPath(target));
  ARROW_ASSIGN_OR_RAISE(const StateFolder state,
                        StateFolder::Locate(folders, path, durability));
  ARROW_RETURN_NOT_OK(CheckAnythingThere(state));
  ARROW_ASSIGN_OR_RAISE(const bool may_need_healing, state.MayNeedHealing());
  if (!may_need_healing) {
    return RecoveryReport{};
  }
  if (dry_run) {
    return DryRun(state);
  }
  auto taken = LockedState::TakeExisting(state);
  if (!taken.ok() && CodeOf(taken.status()) == ErrorCode::kNotFound) {
    return RecoveryReport{};  // the job that held it has just ended, and left nothing
  }
  ARROW_ASSIGN_OR_RAISE(const auto lock, std::move(taken));
  ARROW_ASSIGN_OR_RAISE(RecoveryReport report, Heal(state, false));
  if (report.outcome == Outcome::kNothingToDo) {
    report.outcome = Outcome::kRemoved;  // a dead job's lock file
  }
  ARROW_RETURN_NOT_OK(lock->Release());
  return report;
}

}  // namespace partita
