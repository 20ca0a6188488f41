#include "partita/job/new_folders.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "partita/base/error.h"
#include "partita/store/path.h"

namespace partita {
namespace {

std::string WithoutSlash(std::string location) {
  while (location.size() > 1 && location.ends_with('/')) {
    location.pop_back();
  }
  return location;
}

}  // namespace

arrow::Result<KnownTables> KnownTables::Load(Catalog* catalog,
                                             const std::string& database,
                                             const std::string& crawler,
                                             const std::string& target) {
  KnownTables known;
  known.target_ = target;
  auto tables = catalog->ListTables(database);
  if (!tables.ok() && CodeOf(tables.status()) == ErrorCode::kNotFound) {
    return known;
  }
  ARROW_RETURN_NOT_OK(tables.status());
  for (TableDefinition& table : *tables) {
    const auto owner = table.parameters.find("UPDATED_BY_CRAWLER");
    std::string location = WithoutSlash(table.storage.location);
    if (owner == table.parameters.end() || owner->second != crawler ||
        !IsWithin(location, target)) {
      continue;
    }
    std::vector<std::string>& folders = known.partitions_.emplace_back();
    ARROW_ASSIGN_OR_RAISE(const auto partitions,
                          catalog->ListPartitions(table.database, table.name));
    for (const PartitionDefinition& partition : partitions) {
      folders.push_back(WithoutSlash(partition.storage.location));
    }
    std::sort(folders.begin(), folders.end());
    known.locations_.push_back(std::move(location));
    known.tables_.push_back(std::move(table));
  }
  return known;
}

std::vector<std::string> KnownTables::PathsBelowTarget() const {
  std::vector<std::string> paths;
  for (const std::string& location : locations_) {
    paths.push_back(location == target_ ? "" : location.substr(target_.size() + 1));
  }
  return paths;
}

NewFiles KnownTables::Choose(const std::vector<InputFileInfo>& files) const {
  NewFiles chosen;
  for (const InputFileInfo& file : files) {
    std::optional<size_t> owner;  // the innermost table
    for (size_t i = 0; i < locations_.size(); ++i) {
      if (IsWithin(file.path, locations_[i]) &&
          (!owner.has_value() || locations_[i].size() > locations_[*owner].size())) {
        owner = i;
      }
    }
    if (!owner.has_value()) {
      chosen.others.push_back(file);
      continue;
    }
    const std::vector<std::string>& folders = partitions_[*owner];
    const bool is_known = tables_[*owner].partition_keys.empty() ||
                          std::binary_search(folders.begin(), folders.end(),
                                             ParentPath(file.path), std::less<>());
    if (!is_known) {
      chosen.of_known[*owner].push_back(file);
    }
  }
  return chosen;
}

}  // namespace partita
