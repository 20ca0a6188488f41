#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/commit/data_file_stream.h"
#include "partita/commit/upload_queue.h"
#include "partita/model/data_file_list.h"
#include "partita/options.h"
#include "partita/store/side_by_side.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Replaces or makes one data set, all or nothing (protocol:
/// docs/format/commit.md).
///
/// Life cycle:    Begin → OpenDataFile… → Stage → Commit → CleanUp. Destroyed before
///                Commit, it aborts: staging goes, the target stays. Destroyed after it,
///                it cleans up.
/// Ownership:     borrows the store, which must outlive it.
/// Thread safety: OpenDataFile() may be called from several threads; the rest but KeepAlive() from one.
/// Errors:        per member. After one, only Abort() and warnings() are allowed.
class DatasetTransaction {
 public:
  struct Options {
    SaveMode mode = SaveMode::kErrorIfExists;
    std::string job_id;  ///< names the staging; a fresh one where empty
    bool force = false;  ///< overwrite a folder that holds files of others
    std::vector<std::string> input_paths;  ///< refused below or above the target
    Durability durability = Durability::kFull;
    std::chrono::milliseconds wait{0};  ///< for another job on the same target
    std::stop_token stop;               ///< ends that waiting
    SideBySide side_by_side;  ///< for requests of many objects, and long listings
    // Of object stores.
    std::string file_uuid;       ///< in the names of all files; `job_id` where empty
    int64_t max_file_bytes = 0;  ///< no file is much larger; 0: nobody knows
    UploadQueue* uploads =
        nullptr;  ///< borrowed; without, parts are uploaded where they are written
    std::chrono::milliseconds lease_interval{
        15'000};  ///< how old a lease becomes before Begin() renews it itself
  };

  /// Looks at the target, heals what a dead job left, takes the lock, checks mode and
  /// foreign files. `target` is spelled as users do (AbsolutePath()), and `store` may be one
  /// that passes calls on (Store::At()). When it fails, nothing has
  /// changed. Errors: kAlreadyExists (mode error; foreign files without force; a target
  /// that is a file or symlink), kInvalidConfig (the input itself or around it; no such
  /// store), kCommitConflict (another live job), kCommitStateUnknown (state of a newer
  /// version, or damaged), kStoreUnavailable, kCancelled.
  static arrow::Result<std::unique_ptr<DatasetTransaction>> Begin(
      Store* store, const std::string& target, const Options& options);

  /// A transaction that looks at the target and counts what it is given, but changes nothing; its Commit() is refused.
  /// Another job on the target is not noticed, nor that its folder cannot be written. Errors: as Begin() otherwise.
  static arrow::Result<std::unique_ptr<DatasetTransaction>> Preview(
      Store* store, const std::string& target, const Options& options);
  virtual ~DatasetTransaction() = default;

  /// True where the mode is ignore and the target exists: nothing is to be written, and
  /// Stage() and Commit() do nothing.
  virtual bool is_skipped() const = 0;

  /// True where a dead job's commit was carried out or taken back, or its leavings were removed, before this one began.
  virtual bool is_recovered() const = 0;

  /// The target's absolute path.
  virtual const std::string& target() const = 0;

  /// Opens a new data file in staging; `path` is below the target. Makes its folders. Its
  /// bytes_written() and checksum() after Close() belong into its DataFile.
  /// Errors: kStoreUnavailable, kInternal (not a path below the target).
  virtual arrow::Result<std::shared_ptr<DataFileStream>> OpenDataFile(
      const std::string& path) = 0;

  /// Ends writing: checks that exactly `files` were opened and are staged with their sizes, adds
  /// `_SUCCESS`, makes all durable. Errors: kStoreUnavailable, kInternal (staged files
  /// are not those).
  virtual arrow::Status Stage(const DataFileList& files) = 0;

  /// Makes the staged data set visible.
  /// Errors: kCommitConflict (the target changed since Begin; nothing done),
  /// kStoreUnavailable (nothing done), kCommitStateUnknown (recover() decides; delete
  /// nothing).
  virtual arrow::Status Commit() = 0;

  /// Removes what Commit() has replaced and gives the lock up; a merge, of which plain readers see old and new files
  /// till then, has done so in Commit(). What cannot be removed is a
  /// warning: the next job does it. Without a commit, or a second time, it does nothing.
  virtual void CleanUp() = 0;

  /// Whether others take the job for dead unless KeepAlive() is called: a file system's lock needs nothing.
  virtual bool has_lease() const { return false; }

  /// Tells others that the job lives; to be called every 15 s from Begin() on, from a thread of its own, while others may
  /// call the rest. After CleanUp() or Abort() it does nothing.
  /// Errors: kStoreUnavailable; one that fails may be made good by the next.
  virtual arrow::Status KeepAlive() { return arrow::Status::OK(); }

  /// Gives staging up. Called by the destructor; safe to call again.
  /// Errors: kStoreUnavailable (something of it stays; the next job removes it).
  virtual arrow::Status Abort() = 0;

  /// After Stage() of a preview: the files that a commit would remove. Null for a real one, which does not list them.
  virtual const DataFileList* replaced() const { return nullptr; }

  /// What did not stop the job but should be known: leavings that could not be removed.
  virtual const std::vector<std::string>& warnings() const = 0;
};

}  // namespace partita
