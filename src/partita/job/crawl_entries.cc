#include "partita/job/crawl_entries.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <utility>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/catalog/catalog_name.h"
#include "partita/crawl/schema_change.h"
#include "partita/store/path.h"

namespace partita {
namespace {

using Outcome = CrawledTableReport::Outcome;

constexpr char kDeprecated[] = "DEPRECATED_BY_CRAWLER";
constexpr char kCrawler[] = "UPDATED_BY_CRAWLER";

std::string NowText() {
  return fmt::format("{}", std::chrono::duration_cast<std::chrono::milliseconds>(
                               WallClockNow().time_since_epoch())
                               .count());
}

std::string_view WithoutSlash(std::string_view location) {
  while (location.size() > 1 && location.ends_with('/')) {
    location.remove_suffix(1);
  }
  return location;
}

bool IsCrawledBy(const TableDefinition& table, const std::string& crawler) {
  const auto found = table.parameters.find(kCrawler);
  return found != table.parameters.end() && found->second == crawler;
}

// Columns of a partitioned table keep the types that hold all their values: no partition shall have another type than its
// table has.
void KeepTypes(const TableDefinition& before, FoundTable* found) {
  if (before.partition_keys.empty() || found->table.format == FileFormat::kParquet) {
    return;
  }
  std::vector<Field>& fields = found->table.columns.fields;
  for (size_t i = 0; i < fields.size(); ++i) {
    const std::string name = LowerAscii(fields[i].name);
    const auto known =
        std::find_if(before.storage.columns.begin(), before.storage.columns.end(),
                     [&](const CatalogColumn& c) { return c.name == name; });
    if (known == before.storage.columns.end()) {
      continue;
    }
    const auto type = ParseHiveType(known->type);
    if (!type.ok() || *type == fields[i].type) {
      continue;
    }
    const bool holds = found->values.has_value() ? found->values->Holds(i, *type)
                                                 : HoldsType(*type, fields[i].type);
    // Of CSV that was not looked at for types all is text because the user says so.
    if (holds &&
        (found->values.has_value() || found->table.format == FileFormat::kJson)) {
      fields[i].type = *type;
      if (!found->reasons.empty()) {
        found->reasons[i] = "the type that the table has, which every value fits";
      }
    }
  }
}

std::vector<CrawledColumn> ReportColumns(const TableDefinition& table,
                                         const std::vector<std::string>& reasons) {
  std::vector<CrawledColumn> columns;
  for (size_t i = 0; i < table.storage.columns.size(); ++i) {
    const CatalogColumn& column = table.storage.columns[i];
    columns.push_back({.name = column.name,
                       .type = column.type,
                       .reason = i < reasons.size() ? reasons[i] : ""});
  }
  return columns;
}

}  // namespace

CrawlEntries::CrawlEntries(Catalog* catalog, const CrawlOptions& options,
                           CrawlReport* report)
    : catalog_(catalog), options_(options), report_(report) {}

arrow::Status CrawlEntries::LoadTables() {
  auto tables = catalog_->ListTables(options_.crawler.database);
  if (!tables.ok() && CodeOf(tables.status()) == ErrorCode::kNotFound) {
    return arrow::Status::OK();  // the database is yet to be made
  }
  ARROW_ASSIGN_OR_RAISE(tables_, std::move(tables));
  return arrow::Status::OK();
}

const TableDefinition* CrawlEntries::Find(const std::string& name) const {
  const auto found =
      std::find_if(tables_.begin(), tables_.end(),
                   [&](const TableDefinition& t) { return t.name == name; });
  return found == tables_.end() ? nullptr : &*found;
}

arrow::Result<std::string> CrawlEntries::NameFor(const CrawledTable& table) const {
  if (!options_.table.empty()) {
    return CatalogName("table", options_.table);
  }
  ARROW_ASSIGN_OR_RAISE(std::string name,
                        GlueTableName(options_.crawler.table_prefix, table.location));
  const std::string distinct = DistinctTableName(name, table.location);
  const auto is_here = [&](const TableDefinition* known) {
    return known != nullptr && WithoutSlash(known->storage.location) == table.location;
  };
  const bool is_entered =
      std::find(entered_.begin(), entered_.end(), name) != entered_.end();
  const TableDefinition* known = Find(name);
  if (is_here(Find(distinct)) || is_entered || (known != nullptr && !is_here(known))) {
    return distinct;
  }
  return name;
}

CrawledTableReport* CrawlEntries::AddReport(const FoundTable& found) {
  const CrawledTable& table = found.table;
  report_->num_files += table.layout.num_files;
  report_->num_rows += table.num_rows;
  report_->bytes += table.layout.bytes;
  report_->tables.push_back(
      {.name = table.name,
       .location = table.location,
       .classification = std::string(ClassificationOf(table.format)),
       .read_as = found.read_as,
       .is_estimated = found.is_estimated,
       .num_files = table.layout.num_files,
       .num_rows = table.num_rows,
       .bytes = table.layout.bytes,
       .num_partitions = static_cast<int64_t>(table.layout.partitions.size())});
  return &report_->tables.back();
}

arrow::Status CrawlEntries::Enter(CrawlFindings findings) {
  ARROW_RETURN_NOT_OK(LoadTables());
  for (FoundTable& found : findings.tables) {
    ARROW_ASSIGN_OR_RAISE(found.table.name, NameFor(found.table));
    entered_.push_back(found.table.name);
  }
  // What is wrong with one of them is found before another is entered.
  for (FoundTable& found : findings.tables) {
    if (const TableDefinition* before = Find(found.table.name)) {
      KeepTypes(*before, &found);
    }
    ARROW_RETURN_NOT_OK(MakeGlueTable(found.table).status());
  }
  for (const FoundTable& found : findings.tables) {
    ARROW_RETURN_NOT_OK(EnterTable(found));
  }
  const bool are_all_told =
      options_.table.empty() && !options_.crawler.is_for_new_folders_only;
  return are_all_told ? RemoveTables(findings) : arrow::Status::OK();
}

arrow::Status CrawlEntries::EnterTable(const FoundTable& found) {
  Entry entry{.before = Find(found.table.name)};
  ARROW_ASSIGN_OR_RAISE(entry.after, MakeGlueTable(found.table));
  entry.partitions = MakeGluePartitions(found.table, entry.after);
  entry.report = AddReport(found);
  entry.report->columns = ReportColumns(entry.after, found.reasons);
  if (entry.before == nullptr) {
    entry.report->outcome = Outcome::kCreated;
    entry.report->num_partitions_added = entry.report->num_partitions;
    return catalog_->PutTable(entry.after, entry.partitions);
  }
  KeepWhatUsersSaid(*entry.before, &entry.after);
  entry.report->changes = ChangesOf(*entry.before, entry.after);
  const bool is_logged = options_.crawler.update_behavior == UpdateBehavior::kLog;
  return is_logged && !entry.report->changes.empty() ? LogChanges(&entry)
                                                     : ReplaceEntry(&entry);
}

arrow::Status CrawlEntries::ReplaceEntry(Entry* entry) {
  const bool are_known_others =
      entry->before->partition_keys != entry->after.partition_keys ||
      entry->before->storage.location != entry->after.storage.location;
  MergedPartitions merged{.all = std::move(entry->partitions)};
  if (are_known_others) {
    merged.num_added = static_cast<int64_t>(merged.all.size());
  } else {
    ARROW_ASSIGN_OR_RAISE(merged, Merge(*entry->before, std::move(merged.all), false));
  }
  const bool has_changed =
      !entry->report->changes.empty() || merged.num_added > 0 || merged.num_gone > 0;
  entry->report->outcome = has_changed ? Outcome::kUpdated : Outcome::kUnchanged;
  entry->report->num_partitions_added = merged.num_added;
  entry->report->num_partitions_gone = merged.num_gone;
  return catalog_->PutTable(entry->after, merged.all);
}

// New partitions are entered whatever the policy, where they have values for the entry's keys.
arrow::Status CrawlEntries::LogChanges(Entry* entry) {
  entry->report->outcome = Outcome::kLogged;
  if (entry->before->partition_keys != entry->after.partition_keys) {
    return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(MergedPartitions merged,
                        Merge(*entry->before, std::move(entry->partitions), true));
  entry->report->num_partitions_added = merged.num_added;
  entry->report->num_partitions_gone = merged.num_gone;
  return catalog_->PutTable(*entry->before, merged.all);
}

arrow::Result<CrawlEntries::MergedPartitions> CrawlEntries::Merge(
    const TableDefinition& before, std::vector<PartitionDefinition> found,
    bool are_known_kept) {
  ARROW_ASSIGN_OR_RAISE(std::vector<PartitionDefinition> known,
                        catalog_->ListPartitions(before.database, before.name));
  std::map<std::vector<std::string>, PartitionDefinition> all;
  for (PartitionDefinition& partition : found) {
    std::vector<std::string> values = partition.values;
    all.emplace(std::move(values), std::move(partition));
  }
  MergedPartitions merged{.num_added = static_cast<int64_t>(all.size())};
  const DeleteBehavior behavior = options_.crawler.delete_behavior;
  for (PartitionDefinition& partition : known) {
    const auto again = all.find(partition.values);
    if (again != all.end()) {
      merged.num_added -= IsDeprecated(partition) ? 0 : 1;
      again->second.create_time_ms = partition.create_time_ms;
      if (are_known_kept && !IsDeprecated(partition)) {
        again->second = std::move(partition);
      }
      continue;
    }
    merged.num_gone += IsDeprecated(partition) ? 0 : 1;
    if (behavior == DeleteBehavior::kDeleteFromDatabase) {
      continue;
    }
    if (behavior == DeleteBehavior::kDeprecateInDatabase && !IsDeprecated(partition)) {
      partition.parameters[kDeprecated] = NowText();
    }
    std::vector<std::string> values = partition.values;
    all.emplace(std::move(values), std::move(partition));
  }
  for (auto& [values, partition] : all) {
    merged.all.push_back(std::move(partition));
  }
  return merged;
}

arrow::Status CrawlEntries::RemoveTables(const CrawlFindings& findings) {
  std::set<std::string, std::less<>> locations;
  for (const CrawledTableReport& table : report_->tables) {
    locations.insert(table.location);
  }
  for (const TableDefinition& table : tables_) {
    const std::string_view location = WithoutSlash(table.storage.location);
    const bool is_entered =
        std::find(entered_.begin(), entered_.end(), table.name) != entered_.end();
    const bool is_below = std::any_of(
        findings.targets.begin(), findings.targets.end(),
        [&](const std::string& target) { return IsWithin(location, target); });
    const bool is_gone = is_below && !is_entered && !IsDeprecated(table) &&
                         IsCrawledBy(table, options_.crawler.name) &&
                         locations.find(location) == locations.end();
    if (is_gone) {
      ARROW_RETURN_NOT_OK(RemoveTable(table));
    }
  }
  return arrow::Status::OK();
}

arrow::Status CrawlEntries::RemoveTable(const TableDefinition& table) {
  const auto classification = table.parameters.find("classification");
  CrawledTableReport gone{.outcome = Outcome::kGone,
                          .name = table.name,
                          .location = std::string(WithoutSlash(table.storage.location)),
                          .classification = classification == table.parameters.end()
                                                ? ""
                                                : classification->second};
  switch (options_.crawler.delete_behavior) {
    case DeleteBehavior::kLog:
      break;
    case DeleteBehavior::kDeleteFromDatabase:
      gone.outcome = Outcome::kDeleted;
      ARROW_RETURN_NOT_OK(catalog_->DropTable(table.database, table.name));
      break;
    case DeleteBehavior::kDeprecateInDatabase: {
      gone.outcome = Outcome::kDeprecated;
      TableDefinition marked = table;
      marked.parameters[kDeprecated] = NowText();
      ARROW_ASSIGN_OR_RAISE(const auto partitions,
                            catalog_->ListPartitions(table.database, table.name));
      ARROW_RETURN_NOT_OK(catalog_->PutTable(marked, partitions));
      break;
    }
  }
  report_->tables.push_back(std::move(gone));
  return arrow::Status::OK();
}

arrow::Status CrawlEntries::AddPartitions(const TableDefinition& known,
                                          FoundTable found) {
  found.table.name = known.name;
  KeepTypes(known, &found);
  ARROW_ASSIGN_OR_RAISE(TableDefinition after, MakeGlueTable(found.table));
  std::vector<std::string> changes = ChangesOf(known, after);
  // New folders need not have every column of JSON and Parquet, which are read by name.
  if (found.table.format != FileFormat::kCsv) {
    std::erase_if(changes, [](const std::string& change) {
      return change.starts_with("column ") && change.ends_with(" is gone");
    });
  }
  CrawledTableReport* told = AddReport(found);
  told->columns = ReportColumns(after, found.reasons);
  if (!changes.empty()) {
    told->outcome = Outcome::kLogged;
    report_->notes.push_back(
        fmt::format("new folders do not fit table {}.{} and were not entered: {}",
                    known.database, known.name, fmt::join(changes, "; ")));
    told->changes = std::move(changes);
    return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(auto all, catalog_->ListPartitions(known.database, known.name));
  std::map<std::vector<std::string>, size_t> places;
  for (size_t i = 0; i < all.size(); ++i) {
    places.emplace(all[i].values, i);
  }
  for (PartitionDefinition& partition : MakeGluePartitions(found.table, after)) {
    const auto again = places.find(partition.values);
    if (again != places.end()) {
      partition.create_time_ms = all[again->second].create_time_ms;
      all[again->second] = std::move(partition);  // one that was elsewhere
    } else {
      all.push_back(std::move(partition));
    }
    ++told->num_partitions_added;
  }
  told->outcome = Outcome::kUpdated;
  return catalog_->PutTable(known, all);
}

}  // namespace partita
