#pragma once

#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/catalog.h"
#include "partita/job/table_inference.h"
#include "partita/options.h"
#include "partita/report.h"

namespace partita {

/// \brief What a crawl looked at and found.
struct CrawlFindings {
  std::vector<std::string> targets;  ///< absolute
  std::vector<FoundTable> tables;
};

/// \brief Enters what a crawl has found in its database, by the crawler's policy: makes, changes, deprecates and drops
/// entries of tables and partitions (docs/format/crawl.md, "A second crawl").
///
/// Ownership:     borrows catalog, options and report, which gets a table for each entry that was looked at.
/// Thread safety: one thread at a time.
/// Errors:        those of the catalog; kBadInput (a partition key that is a column too). Entries made before stay.
class CrawlEntries {
 public:
  CrawlEntries(Catalog* catalog, const CrawlOptions& options, CrawlReport* report);

  arrow::Status Enter(CrawlFindings findings);

  /// Adds the partitions of `found` to the table that is there, unless columns, types or format do not fit its entry: then
  /// the report gets a note, and nothing changes.
  arrow::Status AddPartitions(const TableDefinition& known, FoundTable found);

 private:
  struct MergedPartitions {
    std::vector<PartitionDefinition> all;
    int64_t num_added = 0;
    int64_t num_gone = 0;
  };

  // A table's entry before and after.
  struct Entry {
    const TableDefinition* before = nullptr;
    TableDefinition after;
    std::vector<PartitionDefinition> partitions;
    CrawledTableReport* report = nullptr;
  };

  arrow::Status LoadTables();
  const TableDefinition* Find(const std::string& name) const;
  arrow::Result<std::string> NameFor(const CrawledTable& table) const;
  arrow::Status EnterTable(const FoundTable& found);
  arrow::Status ReplaceEntry(Entry* entry);
  arrow::Status LogChanges(Entry* entry);
  arrow::Status RemoveTables(const CrawlFindings& findings);
  arrow::Status RemoveTable(const TableDefinition& table);
  arrow::Result<MergedPartitions> Merge(const TableDefinition& before,
                                        std::vector<PartitionDefinition> found,
                                        bool are_known_kept);
  CrawledTableReport* AddReport(const FoundTable& found);

  Catalog* catalog_;
  const CrawlOptions& options_;
  CrawlReport* report_;
  std::vector<TableDefinition> tables_;  // of the database, as they were
  std::vector<std::string> entered_;     // names
};

}  // namespace partita
