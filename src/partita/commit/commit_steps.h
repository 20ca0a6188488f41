#pragma once

#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/commit/commit_state.h"
#include "partita/commit/state_folder.h"

namespace partita {

/// How sure VerifyApplied() has to be: sizes for a job that has just written the files,
/// checksums after a crash.
enum class VerifyBy { kSize, kChecksum };

/// \brief The steps after the decision (docs/format/commit.md §4). Each looks first
/// whether it is already done, so that it can be run any number of times, by anyone who
/// holds the lock.
///
/// Thread safety: one thread at a time per target.
/// Errors:        kStoreUnavailable; kCommitConflict where others have changed the target
/// so
///                that the step cannot be done.

/// Brings the new files to their places.
arrow::Status ApplyRecord(const StateFolder& state, const CommitRecord& record);

/// Fails unless every file of `new_files` is at its place and whole.
arrow::Status VerifyApplied(const StateFolder& state, const CommitRecord& record,
                            const DataFileList& new_files, VerifyBy by);

/// Takes the new files away again; the old ones are untouched or back.
arrow::Status UndoRecord(const StateFolder& state, const CommitRecord& record);

/// Removes the old data after the new is applied.
arrow::Status RemoveOld(const StateFolder& state, const CommitRecord& record);

/// Whether the new tree is at the target; for place and swap.
arrow::Result<bool> IsNewInPlace(const StateFolder& state, const CommitRecord& record);

}  // namespace partita
