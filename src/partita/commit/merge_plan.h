#pragma once

#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/commit/commit_state.h"
#include "partita/commit/replaced_files.h"
#include "partita/commit/state_folder.h"
#include "partita/commit/target.h"

namespace partita {

/// \brief What is to be merged into a target.
struct MergeRequest {
  Replaced replaced = Replaced::kNothing;
  bool force = false;  ///< replace files of others too
  std::vector<std::string>
      input_paths;  ///< of the job, to tell its input from files of others
  DataFileList new_files;
  FolderFingerprints at_begin;  ///< for kTouchedPartitions: FingerprintFolders()
};

/// \brief Looks at all files of a target, to tell later which partitions others changed.
///
/// Cost:   one look at each file.
/// Errors: kStoreUnavailable, kNotFound (no target).
arrow::Result<FolderFingerprints> FingerprintFolders(FolderStore* store,
                                                     const std::string& target);

/// \brief Lists the target and fills the record's lists: new files, exactly the old files
/// to delete, and the folders the target has not.
///
/// Thread safety: any thread; the caller holds the target's lock.
/// Errors:        kAlreadyExists (files of others would go), kCommitConflict (a new name
///                is taken, or a partition that is replaced has changed since
///                `at_begin`), kStoreUnavailable.
arrow::Status PlanMerge(const StateFolder& state, MergeRequest request,
                        CommitRecord* record);

/// \brief Takes what `new_files` replace out of an old manifest's `files`.
///
/// Thread safety: pure.
void DropReplaced(Replaced replaced, const DataFileList& new_files, DataFileList* files);

}  // namespace partita
