#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <arrow/result.h>

namespace partita {

/// \brief A file found below the crawled path.
struct FoundFile {
  std::string path;  ///< relative to the crawled folder
  int64_t bytes = 0;
};

/// \brief One partition: a folder below the table's, and what lies in it.
struct FoundPartition {
  std::string path;  ///< relative, `Model Year=2011/Make=KIA`, as it stands
  std::vector<std::string> values;  ///< unescaped, one per key
  int64_t num_files = 0;
  int64_t bytes = 0;
};

/// \brief How a table's files are spread over folders.
struct PartitionLayout {
  std::vector<std::string> keys;           ///< lower case; empty where there are none
  std::vector<FoundPartition> partitions;  ///< sorted by values; empty without keys
  int64_t num_files = 0;
  int64_t bytes = 0;
};

/// \brief Finds partition keys and values in the paths of files.
///
/// A folder `key=value` has that key; any other is a value of `partition_0`, `partition_1`, …, counted from outside. All
/// files must have the same keys in the same order (letter case ignored). Only where no folder is `key=value` may files lie
/// at different depths: they belong to one table without keys.
/// Thread safety: pure.
/// Errors:        kBadInput naming two files whose folders differ, a key or value that is
///                empty, a key that stands twice, or two folders of one partition.
arrow::Result<PartitionLayout> FindPartitions(const std::vector<FoundFile>& files);

}  // namespace partita
