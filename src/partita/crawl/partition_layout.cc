#include "partita/crawl/partition_layout.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_set>
#include <utility>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/model/data_file.h"
#include "partita/model/data_type.h"
#include "partita/model/hive_path.h"

namespace partita {
namespace {

// The levels of a file's folder: none where no folder is called key=value.
arrow::Result<std::vector<PartitionLevel>> LevelsOf(const std::string& path) {
  const std::string folder = FolderBelow(path);
  if (folder.find('=') == std::string::npos) {
    return std::vector<PartitionLevel>{};
  }
  std::optional<std::vector<PartitionLevel>> levels = ParsePartitionPath(folder);
  if (!levels.has_value()) {
    return Error(ErrorCode::kBadInput,
                 "folders mix key=value with other names, or a key or value is empty; "
                 "crawl the folder right above the first key: file {}",
                 path);
  }
  return *std::move(levels);
}

std::vector<std::string> KeysOf(const std::vector<PartitionLevel>& levels) {
  std::vector<std::string> keys;
  keys.reserve(levels.size());
  for (const PartitionLevel& level : levels) {
    keys.push_back(LowerAscii(level.column));
  }
  return keys;
}

std::vector<std::string> ValuesOf(const std::vector<PartitionLevel>& levels) {
  std::vector<std::string> values;
  values.reserve(levels.size());
  for (const PartitionLevel& level : levels) {
    values.push_back(level.value.value_or(std::string(kNullPartitionName)));
  }
  return values;
}

arrow::Status CheckDistinct(const std::vector<std::string>& keys,
                            const std::string& path) {
  const std::unordered_set<std::string> distinct(keys.begin(), keys.end());
  if (distinct.size() == keys.size()) {
    return arrow::Status::OK();
  }
  return Error(ErrorCode::kBadInput, "a partition key stands twice in a path: file {}",
               path);
}

}  // namespace

arrow::Result<PartitionLayout> FindPartitions(const std::vector<FoundFile>& files) {
  PartitionLayout layout;
  std::map<std::pair<std::vector<std::string>, std::string>, FoundPartition> by_values;
  for (const FoundFile& file : files) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<PartitionLevel> levels, LevelsOf(file.path));
    const std::vector<std::string> keys = KeysOf(levels);
    ARROW_RETURN_NOT_OK(CheckDistinct(keys, file.path));
    if (layout.num_files == 0) {
      layout.keys = keys;
    } else if (keys != layout.keys) {
      return Error(ErrorCode::kBadInput,
                   "files of one table lie under different partition keys: [{}] and "
                   "[{}], files {} and {}",
                   fmt::join(layout.keys, ", "), fmt::join(keys, ", "),
                   files.front().path, file.path);
    }
    layout.num_files += 1;
    layout.bytes += file.bytes;
    const std::string folder = FolderBelow(file.path);
    FoundPartition& partition = by_values[{ValuesOf(levels), folder}];
    partition.path = folder;
    partition.num_files += 1;
    partition.bytes += file.bytes;
  }
  if (!layout.keys.empty()) {
    for (auto& [key, partition] : by_values) {
      partition.values = key.first;
      layout.partitions.push_back(std::move(partition));
    }
  }
  return layout;
}

}  // namespace partita
