#pragma once

#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/commit/commit_steps.h"
#include "partita/commit/state_folder.h"
#include "partita/report.h"
#include "partita/store/side_by_side.h"

namespace partita {

/// \brief Heals a target that a dead job has left behind (docs/format/commit.md §5).
///
/// With `dry_run` it changes nothing but takes the lock for a moment. `run` does the requests of many objects at once.
/// Thread safety: any thread.
/// Errors:        kNotFound (neither folder nor leavings), kCommitConflict (a live job
///                works on it, or one may: the lease of a dead one still runs), kCommitStateUnknown (damaged state or one of a newer
///                version), kStoreUnavailable.
arrow::Result<RecoveryReport> Recover(Store* store, const std::string& target,
                                      bool dry_run,
                                      Durability durability = Durability::kFull,
                                      const SideBySide& run = {});

/// \brief The same for one who holds the lock.
///
/// Errors: kCommitStateUnknown, kStoreUnavailable.
arrow::Result<RecoveryReport> Heal(const StateFolder& state, bool dry_run);

/// \brief Carries a decided commit out to the point where the old data may go.
///
/// Errors: kNotFound, kCommitConflict (it cannot be done any more: undo),
/// kStoreUnavailable (not known).
arrow::Status Redo(const StateFolder& state, const CommitRecord& record,
                   const DataFileList& new_files, VerifyBy by);

/// \brief Takes a decided commit back: new files and HEAD.
///
/// Errors: kStoreUnavailable, and then nothing is known.
arrow::Status TakeBack(const StateFolder& state, const CommitRecord& record);

}  // namespace partita
