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

/// \brief One partition: a folder of `key=value` levels and what lies in it.
struct FoundPartition {
  std::string path;  ///< relative, `Model Year=2011/Make=KIA`, as it stands
  std::vector<std::string> values;  ///< unescaped, one per key
  int64_t num_files = 0;
  int64_t bytes = 0;
};

/// \brief How a table's files are spread over Hive-partitioned folders.
struct PartitionLayout {
  std::vector<std::string> keys;           ///< lower case; empty where there are none
  std::vector<FoundPartition> partitions;  ///< sorted by values; empty without keys
  int64_t num_files = 0;
  int64_t bytes = 0;
};

/// \brief Finds partition keys and values in the paths of files.
///
/// A file counts as partitioned if one of its folders is called `key=value`; then all of
/// them must be, and all files must have the same keys in the same order (letter case
/// ignored). Without such folders all files belong to one table without keys.
/// Thread safety: pure.
/// Errors:        kBadInput naming two files whose folders differ, or a key that stands
///                twice.
arrow::Result<PartitionLayout> FindPartitions(const std::vector<FoundFile>& files);

}  // namespace partita
