#include "partita/crawl/partition_layout.h"

#include <algorithm>
#include <cstddef>
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

// A level whose folder is not called key=value has no name yet.
struct Level {
  std::string key;
  std::string value;
};

arrow::Result<Level> LevelOf(const std::string& name, const std::string& path) {
  if (name.find('=') == std::string::npos) {
    return Level{.key = {}, .value = name};
  }
  const std::optional<std::vector<PartitionLevel>> levels = ParsePartitionPath(name);
  if (!levels.has_value()) {
    return Error(ErrorCode::kBadInput,
                 "the key or value of a partition folder is empty; name it key=value: "
                 "folder {} of file {}",
                 name, path);
  }
  const PartitionLevel& level = levels->front();
  return Level{.key = LowerAscii(level.column),
               .value = level.value.value_or(std::string(kNullPartitionName))};
}

// The levels of a file's folder, from outside.
arrow::Result<std::vector<Level>> LevelsOf(const std::string& path) {
  std::vector<Level> levels;
  std::string folder = FolderBelow(path);
  size_t num_unnamed = 0;
  while (!folder.empty()) {
    const size_t end = std::min(folder.find('/'), folder.size());
    ARROW_ASSIGN_OR_RAISE(Level level, LevelOf(folder.substr(0, end), path));
    if (level.key.empty()) {
      level.key = fmt::format("partition_{}", num_unnamed++);
    }
    levels.push_back(std::move(level));
    folder.erase(0, end + 1);
  }
  return levels;
}

std::vector<std::string> KeysOf(const std::vector<Level>& levels) {
  std::vector<std::string> keys;
  keys.reserve(levels.size());
  for (const Level& level : levels) {
    keys.push_back(level.key);
  }
  return keys;
}

std::vector<std::string> ValuesOf(const std::vector<Level>& levels) {
  std::vector<std::string> values;
  values.reserve(levels.size());
  for (const Level& level : levels) {
    values.push_back(level.value);
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

// Files at several depths, and not one of them below a folder key=value.
bool AreJustScattered(const std::vector<FoundFile>& files) {
  std::unordered_set<std::ptrdiff_t> depths;
  for (const FoundFile& file : files) {
    if (FolderBelow(file.path).find('=') != std::string::npos) {
      return false;
    }
    depths.insert(std::count(file.path.begin(), file.path.end(), '/'));
  }
  return depths.size() > 1;
}

PartitionLayout WithoutPartitions(const std::vector<FoundFile>& files) {
  PartitionLayout layout;
  for (const FoundFile& file : files) {
    layout.num_files += 1;
    layout.bytes += file.bytes;
  }
  return layout;
}

}  // namespace

arrow::Result<PartitionLayout> FindPartitions(const std::vector<FoundFile>& files) {
  if (AreJustScattered(files)) {
    return WithoutPartitions(files);
  }
  PartitionLayout layout;
  std::map<std::pair<std::vector<std::string>, std::string>, FoundPartition> by_values;
  for (const FoundFile& file : files) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<Level> levels, LevelsOf(file.path));
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
      if (!layout.partitions.empty() &&
          layout.partitions.back().values == partition.values) {
        return Error(ErrorCode::kBadInput,
                     "two folders are the same partition; make them one: {} and {}",
                     layout.partitions.back().path, partition.path);
      }
      layout.partitions.push_back(std::move(partition));
    }
  }
  return layout;
}

}  // namespace partita
