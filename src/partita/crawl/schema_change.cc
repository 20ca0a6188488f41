#include "partita/crawl/schema_change.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include <fmt/core.h>
#include <fmt/ranges.h>

namespace partita {
namespace {

using Parameters = std::map<std::string, std::string>;

// What every crawl counts anew, and what the list of columns says already.
constexpr std::array<std::string_view, 7> kPassedOver{
    "areColumnsQuoted", "averageRecordSize",     "objectCount", "recordCount",
    "sizeKey",          "DEPRECATED_BY_CRAWLER", "paths"};

const CatalogColumn* Find(const std::vector<CatalogColumn>& columns,
                          const std::string& name) {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const CatalogColumn& c) { return c.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

std::vector<std::string> NamesOf(const std::vector<CatalogColumn>& columns) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const CatalogColumn& column : columns) {
    names.push_back(column.name);
  }
  return names;
}

void CompareColumns(const std::vector<CatalogColumn>& before,
                    const std::vector<CatalogColumn>& after,
                    std::vector<std::string>* changes) {
  const size_t num_before = changes->size();
  for (const CatalogColumn& column : after) {
    const CatalogColumn* known = Find(before, column.name);
    if (known == nullptr) {
      changes->push_back(fmt::format("column {} is new: {}", column.name, column.type));
    } else if (known->type != column.type) {
      changes->push_back(
          fmt::format("column {} is {}, was {}", column.name, column.type, known->type));
    }
  }
  for (const CatalogColumn& column : before) {
    if (Find(after, column.name) == nullptr) {
      changes->push_back(fmt::format("column {} is gone", column.name));
    }
  }
  if (changes->size() == num_before && NamesOf(before) != NamesOf(after)) {
    changes->push_back(
        fmt::format("columns are in another order: {}", fmt::join(NamesOf(after), ", ")));
  }
}

void KeepComments(const std::vector<CatalogColumn>& before,
                  std::vector<CatalogColumn>* after) {
  for (CatalogColumn& column : *after) {
    if (const CatalogColumn* known = Find(before, column.name)) {
      column.comment = known->comment;
    }
  }
}

void CompareText(std::string_view what, const std::string& before,
                 const std::string& after, std::vector<std::string>* changes) {
  if (before != after) {
    changes->push_back(fmt::format("{} is {}, was {}", what,
                                   after.empty() ? "gone" : after,
                                   before.empty() ? "none" : before));
  }
}

void CompareParameters(std::string_view what, const Parameters& before,
                       const Parameters& after, std::vector<std::string>* changes) {
  Parameters all = before;
  all.insert(after.begin(), after.end());
  const auto value = [](const Parameters& parameters, const std::string& name) {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string() : found->second;
  };
  for (const auto& entry : all) {
    const std::string& name = entry.first;
    if (std::find(kPassedOver.begin(), kPassedOver.end(), name) == kPassedOver.end()) {
      CompareText(fmt::format("{} {}", what, name), value(before, name),
                  value(after, name), changes);
    }
  }
}

}  // namespace

std::vector<std::string> ChangesOf(const TableDefinition& before,
                                   const TableDefinition& after) {
  std::vector<std::string> changes;
  CompareColumns(before.storage.columns, after.storage.columns, &changes);
  CompareText("the partition key",
              fmt::format("{}", fmt::join(NamesOf(before.partition_keys), ", ")),
              fmt::format("{}", fmt::join(NamesOf(after.partition_keys), ", ")),
              &changes);
  const StorageDescriptor& old_storage = before.storage;
  const StorageDescriptor& new_storage = after.storage;
  CompareText("the location", old_storage.location, new_storage.location, &changes);
  CompareText("the input format", old_storage.input_format, new_storage.input_format,
              &changes);
  CompareText("the SerDe", old_storage.serde.serialization_library,
              new_storage.serde.serialization_library, &changes);
  CompareParameters("the SerDe's parameter", old_storage.serde.parameters,
                    new_storage.serde.parameters, &changes);
  CompareParameters("the parameter", before.parameters, after.parameters, &changes);
  if (IsDeprecated(before) && !IsDeprecated(after)) {
    changes.emplace_back("the table is found again");
  }
  return changes;
}

bool HoldsType(const DataType& kept, const DataType& found) {
  if (kept == found || kept.id == TypeId::kString) {
    return true;
  }
  // A double holds a long only as far as its values tell, which the type does not.
  return kept.id == TypeId::kDecimal && found.id == TypeId::kDecimal &&
         kept.scale >= found.scale &&
         kept.precision - kept.scale >= found.precision - found.scale;
}

void KeepWhatUsersSaid(const TableDefinition& before, TableDefinition* after) {
  after->description = before.description;
  after->owner = before.owner;
  after->retention = before.retention;
  KeepComments(before.storage.columns, &after->storage.columns);
  KeepComments(before.partition_keys, &after->partition_keys);
}

}  // namespace partita
