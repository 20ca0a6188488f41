#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <arrow/io/type_fwd.h>
#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/model/data_file.h"
#include "partita/options.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Replaces or makes one data set, all or nothing (protocol:
/// docs/format/commit.md).
///
/// Life cycle:    Begin → OpenDataFile… → Stage → Commit. Destroyed before Commit, it
/// aborts: staging goes, the target stays. Ownership:     borrows the store. Thread
/// safety: OpenDataFile() may be called from several threads; the rest from one. Errors:
/// per member.
class DatasetTransaction {
 public:
  struct Options {
    SaveMode mode = SaveMode::kErrorIfExists;
    std::string job_id;
    bool force = false;  ///< overwrite a folder that holds files of others
    std::vector<std::string> input_paths;  ///< refused as target, as its parent or child
  };

  /// Looks at the target, heals what a dead job left, takes the lock, checks mode and
  /// foreign files. Changes nothing readers see. Errors: kAlreadyExists (mode error;
  /// foreign files without force; a target that is a file or symlink), kInvalidConfig
  /// (the input itself or around it), kCommitConflict (another live job),
  /// kStoreUnavailable.
  static arrow::Result<std::unique_ptr<DatasetTransaction>> Begin(
      Store* store, const std::string& target, const Options& options);
  virtual ~DatasetTransaction() = default;

  /// True where the mode is ignore and the target exists: nothing is to be written.
  virtual bool is_skipped() const = 0;

  /// Opens a new data file in staging; `path` is below the target. Makes its folders.
  /// Errors of Close() count. Errors: kStoreUnavailable.
  virtual arrow::Result<std::shared_ptr<arrow::io::OutputStream>> OpenDataFile(
      const std::string& path) = 0;

  /// Ends writing: checks that exactly `files` are staged with their sizes, adds
  /// `_SUCCESS`, makes all durable. Errors: kStoreUnavailable, kInternal (staged files
  /// are not those).
  virtual arrow::Status Stage(std::vector<DataFile> files) = 0;

  /// Makes the staged data set visible and removes the old one.
  /// Errors: kCommitConflict (the target changed since Begin; nothing done),
  /// kStoreUnavailable (nothing done), kCommitStateUnknown (recover() decides; delete
  /// nothing).
  virtual arrow::Status Commit() = 0;

  /// Gives staging up. Called by the destructor; safe to call again.
  virtual arrow::Status Abort() = 0;
};

}  // namespace partita
