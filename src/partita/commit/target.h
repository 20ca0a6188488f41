#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/options.h"
#include "partita/store/folder_store.h"
#include "partita/store/side_by_side.h"

namespace partita {

/// \brief The empty file that says a data set is complete, as Spark writes it.
inline constexpr char kSuccessName[] = "_SUCCESS";

/// \brief What lies at a target, to be compared later.
struct TargetState {
  bool exists = false;
  uint64_t inode = 0;
  uint64_t fingerprint =
      0;  ///< of all names, and of files also size, inode and modification time
  std::vector<std::string>
      foreign;  ///< the first few, in byte order, of the entries neither ours nor Spark's

  friend bool operator==(const TargetState&, const TargetState&) = default;
};

/// For each folder below the target ("" is the target itself) that has files: a fingerprint
/// of their names, sizes, inodes and modification times.
using FolderFingerprints = std::map<std::string, uint64_t>;

/// \brief Adds the file `path` below the target to its folder's fingerprint; the order in
/// which files are added makes no difference.
///
/// Thread safety: one thread at a time.
void AddFingerprint(const std::string& path, const EntryInfo& info,
                    FolderFingerprints* folders);

/// \brief Makes sure that `target` is a folder or absent.
///
/// Returns whether it exists.
/// Errors: kAlreadyExists (a file, a link, something else), kStoreUnavailable.
arrow::Result<bool> CheckTargetKind(Store* store, const std::string& target);

/// \brief Whether a write of `mode` leaves the target as it is and does nothing.
///
/// Errors: kAlreadyExists where the mode refuses a target that is there, and those of CheckTargetKind().
arrow::Result<bool> IsSkipped(Store* store, const std::string& target, SaveMode mode);

/// \brief Makes sure that no input is the target, lies in it or holds it; links are
/// followed.
///
/// Errors: kInvalidConfig.
arrow::Status CheckInputs(const std::string& target,
                          const std::vector<std::string>& input_paths);

/// What is done about folders that are neither ours nor Spark's: most of the time it is enough to know that there are some.
enum class Foreign { kNamed, kListed };

/// \brief Lists the target, the folders in it side by side by `run`, if there is one.
///
/// Cost:   one look at each file.
/// Errors: kStoreUnavailable, kNotFound (a folder that was removed meanwhile).
arrow::Result<TargetState> LookAtTarget(FolderStore* store, const std::string& target,
                                        Foreign foreign, const SideBySide& run);

/// \brief Adds a file of the target to those that are neither ours nor Spark's, if it is one and few are named yet.
///
/// `path` is below the target.
void AddForeign(const std::string& path, TargetState* state);

/// \brief Fails when the target holds what is neither ours nor Spark-shaped; says so where it is the job's own input.
///
/// Errors: kAlreadyExists, naming some of it.
arrow::Status CheckForeign(const std::string& target, const TargetState& state,
                           const std::vector<std::string>& input_paths);

/// \brief Whether Spark or we may have written an entry of this name: `part-…`,
/// `_SUCCESS`,
/// `.….crc`, `key=value/`, `_temporary/` with all below it, and the like.
///
/// Thread safety: pure.
bool IsDatasetShaped(const TreeEntry& entry);

}  // namespace partita
