#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/job/dataset_file.h"
#include "partita/model/data_type.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Says which partitions are wanted, from their values.
using PartitionChooser = std::function<arrow::Result<std::vector<bool>>(
    const std::vector<Field>& columns, const std::vector<PartitionValues>& partitions)>;

/// \brief The files of a data set, and what its folders say.
struct PartitionListing {
  std::vector<DatasetFile>
      files;  ///< of the wanted partitions, in path order within a root; files without a byte are left out
  std::vector<DatasetFile>
      sample;                  ///< some of any partition, where no partition is wanted
  std::vector<Field> columns;  ///< the partition columns, their types by all folders
  int64_t num_partitions = 0;  ///< of all; 1 without partition columns
  int64_t num_wanted = 0;
};

/// \brief Lists the files below `roots`, files or folders with `key=value` folders in them.
///
/// With a chooser only the levels of key folders are listed, and one folder below them to know how many there are;
/// then the folders that are wanted.
/// Errors: kNotFound, kBadInput (folders that do not agree on their columns, a link out of a root), the chooser's,
/// kStoreUnavailable.
arrow::Result<PartitionListing> ListPartitions(Store* store,
                                               const std::vector<std::string>& roots,
                                               const PartitionChooser& chooser);

/// \brief The same of all partitions.
arrow::Result<PartitionListing> ListPartitions(Store* store,
                                               const std::vector<std::string>& roots);

/// \brief The files below `path` that hold a byte, in path order; `folders` gets the folder of each, below `path`.
///
/// Errors: kNotFound, kBadInput (a link out of it), kStoreUnavailable.
arrow::Result<std::vector<InputFileInfo>> ListDataFiles(
    Store* store, const std::string& path, const FolderChoice& is_wanted,
    std::vector<std::string>* folders);

}  // namespace partita
