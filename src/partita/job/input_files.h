#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/commit/dataset_view.h"
#include "partita/scan/csv_scan.h"
#include "partita/store/store.h"

namespace partita {

/// \brief An input file as it was when the job began.
struct InputFileInfo {
  std::string path;  ///< absolute, links resolved
  std::string
      location;  ///< where its bytes lie now; staging, while a commit is under way
  EntryInfo info;
};

/// \brief Whether two looks have seen the same file at the same path, unchanged as far as size, time and identity tell.
bool IsSameFile(const InputFileInfo& left, const InputFileInfo& right);

/// \brief Spark's rule for names of files and folders that are no data.
bool IsHiddenName(std::string_view name);

/// \brief The data files below `path` in path order: the file itself, or every file of a folder that Spark would read (names
/// beginning with `.` or `_` are left out, but `_name=value` folders). A data set that Partita commits to is seen as exactly
/// the old or exactly the new one.
///
/// Errors: kNotFound, kStoreUnavailable, kCommitConflict (its first commit is not over, or it kept changing while it was listed).
arrow::Result<std::vector<InputFileInfo>> ListInputFiles(Store* store,
                                                         const std::string& path);

/// \brief The same of the folders that are wanted (an empty choice wants all); others are not listed.
arrow::Result<std::vector<InputFileInfo>> ListInputFiles(Store* store,
                                                         const std::string& path,
                                                         const FolderChoice& is_wanted);

/// \brief Whether any of the files is read through a network, so that reading it waits more than it computes.
bool HasRemote(const std::vector<InputFileInfo>& files);

/// \brief Opens one as it was listed.
///
/// Errors: kNotFound, kStoreUnavailable; kBadInput for an object that was replaced since.
arrow::Result<InputFile> OpenInputFile(Store* store, const InputFileInfo& file);

/// \brief Opens the files for CsvScan; very many are opened only while they are read.
///
/// Errors: kNotFound, kStoreUnavailable.
arrow::Result<std::vector<InputFile>> OpenInputFiles(
    Store* store, const std::vector<InputFileInfo>& files);

/// \brief Fails with kBadInput when one listing of an input is not the other one. Pure.
arrow::Status CompareListings(const std::vector<InputFileInfo>& before,
                              const std::vector<InputFileInfo>& now);
/// \brief Whether a file is meant, by its absolute path.
using FileChoice = std::function<bool(const std::string& path)>;

/// \brief Fails with kBadInput when the files below `roots` are not those listed when the
/// job began: one more, one less, or one of another size, time or identity. Files that are left out are passed over.
arrow::Status CheckUnchanged(Store* store, const std::vector<std::string>& roots,
                             const std::vector<InputFileInfo>& files,
                             const FileChoice& is_left_out = nullptr);

}  // namespace partita
