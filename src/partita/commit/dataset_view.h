#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/store/store.h"

namespace partita {

/// \brief One file of a data set, and where its bytes lie at the moment.
struct ViewFile {
  std::string path;  ///< below the target
  std::string
      location;  ///< absolute; differs from the target's while a commit is applied
  int64_t bytes = 0;
  EntryInfo info = {};  ///< of an object as it was listed; else of no kind
};

/// \brief A data set as readers of Partita see it.
struct DatasetView {
  bool exists = false;
  int64_t generation = 0;  ///< 0: never committed to by Partita
  std::vector<ViewFile>
      files;  ///< in byte order of paths; `_SUCCESS` and the like included
};

/// \brief Whether the files of a folder, named by its path below the data set's root, are wanted; asked before
/// anything in it, and not at all below one that is not. An empty one wants all, which is the least work on an object store.
using FolderChoice = std::function<bool(std::string_view folder)>;

/// \brief Lists the files of a data set as exactly the old or exactly the new one, also while
/// a commit is under way or after a crash, before recovery (docs/format/commit.md §6).
///
/// Changes nothing and takes no lock. What lies in folders that are not wanted is not looked at; `is_wanted` may be
/// asked several times.
/// Thread safety: any thread.
/// Errors:        kStoreUnavailable, kCommitStateUnknown (state damaged or of a newer
///                version), kInvalidConfig (no such path), kCommitConflict (it kept changing
///                while it was listed).
arrow::Result<DatasetView> ViewDataset(Store* store, const std::string& target,
                                       const FolderChoice& is_wanted);

/// \brief The same of all folders.
arrow::Result<DatasetView> ViewDataset(Store* store, const std::string& target);

/// \brief Fails where the data set's first commit is neither carried out nor taken back: what is missing then may yet come.
/// Later ones have a data set before them, and one without rows is none that is missing.
///
/// Thread safety: any thread. Errors: kCommitConflict, which says what to do, and those of ViewDataset().
arrow::Status CheckCommitIsOver(Store* store, const std::string& target);

/// \brief How many commits of Partita the data set has seen; 0 for none, or no data set.
///
/// Thread safety: any thread. Errors: as ViewDataset().
arrow::Result<int64_t> DatasetGeneration(Store* store, const std::string& target);

}  // namespace partita
