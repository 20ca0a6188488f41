#pragma once

#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/commit/object_state.h"
#include "partita/store/side_by_side.h"

namespace partita {

/// How a decided commit has ended.
enum class ObjectOutcome {
  kApplied,    ///< the data set is the new one, what was old is gone
  kUndone,     ///< the data set is the old one, what was new is gone
  kOvertaken,  ///< another process put HEAD in between: read it and look again
};

/// \brief Takes a commit that HEAD names, decided or undone or applied, to its end (docs/format/commit-objects.md §3 and §4).
///
/// Each step looks first whether it is done, so that any number of processes may do this at once, and be
/// killed while they do. `head` is HEAD as it was read, and afterwards as it was put.
/// Thread safety: any thread; `run` does the requests of many objects at once.
/// Errors:        kStoreUnavailable, kCommitStateUnknown: how far it came is not known; the next one goes on.
arrow::Result<ObjectOutcome> FinishCommit(const ObjectState& state, const SideBySide& run,
                                          const ObjectRecord& record,
                                          VersionedHead* head);

/// \brief The first part of that, of a decided commit: completes the uploads and puts HEAD `applied`, or takes it back where an upload
/// has vanished. Old objects stay.
arrow::Result<ObjectOutcome> ApplyCommit(const ObjectState& state, const SideBySide& run,
                                         const ObjectRecord& record, VersionedHead* head);

/// \brief Whether ApplyCommit() would find all it needs: each new object is there, or its upload with its parts. Changes nothing.
///
/// Errors: kStoreUnavailable; listing parts takes a right of its own (s3:ListMultipartUploadParts).
arrow::Result<bool> CanApply(const ObjectState& state, const SideBySide& run,
                             const ObjectRecord& record);

/// \brief The other end of a decided commit, or of one that is being undone: takes it back, whatever its uploads could still become.
arrow::Result<ObjectOutcome> UndoCommit(const ObjectState& state, const SideBySide& run,
                                        const ObjectRecord& record, VersionedHead* head);

/// \brief The second part, of an applied commit: deletes old objects, then the record and older manifests.
///
/// Errors: kStoreUnavailable, kCommitStateUnknown (HEAD is damaged).
arrow::Status RemoveReplaced(const ObjectState& state, const SideBySide& run,
                             const ObjectRecord& record);

/// \brief Aborts uploads, many at once; those that are gone are aborted already.
///
/// Errors: kStoreUnavailable.
arrow::Status AbortUploads(const ObjectState& state, const SideBySide& run,
                           const std::vector<OpenUpload>& uploads);

/// \brief Aborts the uploads of jobs that can decide nothing any more, and forgets them.
///
/// Errors: kStoreUnavailable.
arrow::Status RemoveDeadJobs(const ObjectState& state, const SideBySide& run,
                             const std::vector<ObjectIntent>& jobs);

/// \brief Removes what neither HEAD names nor belongs to a job that has an intent, and the record of `ended_job`'s commit, whose
/// clean-up is over. While a commit is not applied it removes nothing: HEAD may yet name the manifest before it again.
///
/// Errors: kStoreUnavailable, kCommitStateUnknown (HEAD is damaged).
arrow::Status SweepState(const ObjectState& state, std::string_view ended_job);

}  // namespace partita
