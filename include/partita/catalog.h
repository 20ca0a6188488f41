#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <arrow/type_fwd.h>

#include "partita/options.h"
#include "partita/version.h"

namespace partita {

/// \brief A database's entry.
struct DatabaseDefinition {
  std::string name;
  std::string description;
  int64_t create_time_ms = 0;  ///< milliseconds since the epoch
};

/// \brief Name and values of Hive's SerDe for a table.
struct SerdeInfo {
  std::string name;
  std::string serialization_library;
  std::map<std::string, std::string> parameters;

  friend bool operator==(const SerdeInfo&, const SerdeInfo&) = default;
};

/// \brief A column as a catalog holds it: `type` is a Hive type string.
struct CatalogColumn {
  std::string name;
  std::string type;
  std::string comment;

  friend bool operator==(const CatalogColumn&, const CatalogColumn&) = default;
};

/// \brief Where and how a table's or partition's data lies. Field for field Glue's
/// StorageDescriptor.
struct StorageDescriptor {
  std::vector<CatalogColumn> columns;
  std::string location;
  std::string input_format;
  std::string output_format;
  bool compressed = false;
  int number_of_buckets = -1;
  SerdeInfo serde;
  std::map<std::string, std::string> parameters;
  bool stored_as_sub_directories = false;

  friend bool operator==(const StorageDescriptor&, const StorageDescriptor&) = default;
};

/// \brief A table of the catalog, in the terms of Glue and Hive.
///
/// Names are lower case. Partition keys stand after the columns when the table is read.
/// Times are milliseconds since the epoch.
struct TableDefinition {
  std::string database;
  std::string name;
  std::string description;
  std::string owner = "owner";
  std::string table_type = "EXTERNAL_TABLE";
  int retention = 0;
  StorageDescriptor storage;
  std::vector<CatalogColumn> partition_keys;
  std::map<std::string, std::string> parameters;
  int64_t create_time_ms = 0;
  int64_t update_time_ms = 0;

  friend bool operator==(const TableDefinition&, const TableDefinition&) = default;
};

/// \brief A partition of a catalog table: values by position of the table's partition
/// keys.
struct PartitionDefinition {
  std::vector<std::string> values;  ///< NULL is __HIVE_DEFAULT_PARTITION__
  StorageDescriptor storage;
  std::map<std::string, std::string> parameters;
  int64_t create_time_ms = 0;

  friend bool operator==(const PartitionDefinition&,
                         const PartitionDefinition&) = default;
};

/// \brief Names to table definitions, in the Hive and Glue sense. Names are folded to
/// lower case.
///
/// Thread safety: one thread at a time per object; several objects and processes may use
/// one catalog. Errors:        kNotFound (the message lists near names),
/// kStoreUnavailable, kInvalidConfig for a bad name
///                (1–255 characters, one line; no dot in a new database's).
class PARTITA_EXPORT Catalog {
 public:
  virtual ~Catalog() = default;

  virtual arrow::Result<std::vector<DatabaseDefinition>> ListDatabases() = 0;

  /// Makes the database where it is not there yet.
  virtual arrow::Status EnsureDatabase(const std::string& name) = 0;

  /// Drops a database with all its tables; never touches data.
  virtual arrow::Status DropDatabase(const std::string& name) = 0;

  virtual arrow::Result<std::vector<TableDefinition>> ListTables(
      const std::string& database) = 0;

  virtual arrow::Result<TableDefinition> GetTable(const std::string& database,
                                                  const std::string& name) = 0;

  /// Replaces the table's definition, or makes it with its database; its partitions
  /// become exactly `partitions`. One transaction. Keeps create_time_ms of a table that
  /// was there.
  virtual arrow::Status PutTable(const TableDefinition& table,
                                 const std::vector<PartitionDefinition>& partitions) = 0;

  /// Drops the entry and its partitions; never touches data.
  virtual arrow::Status DropTable(const std::string& database,
                                  const std::string& name) = 0;

  /// In the order of their values.
  virtual arrow::Result<std::vector<PartitionDefinition>> ListPartitions(
      const std::string& database, const std::string& name) = 0;

  /// The values alone, in any order: a small part of what the definitions cost.
  virtual arrow::Result<std::vector<std::vector<std::string>>> ListPartitionValues(
      const std::string& database, const std::string& name) = 0;

  /// The partitions with these values, in their order. Those that are not there, as they may have been dropped since
  /// their values were listed, are left out.
  virtual arrow::Result<std::vector<PartitionDefinition>> GetPartitions(
      const std::string& database, const std::string& name,
      const std::vector<std::vector<std::string>>& values) = 0;
};

/// \brief Opens, and makes where absent, the catalog in an SQLite file; empty means
/// DefaultCatalogFile().
///
/// Errors: kStoreUnavailable when the file cannot be opened or is no catalog;
/// kInvalidConfig when a newer Partita wrote it.
PARTITA_EXPORT arrow::Result<std::unique_ptr<Catalog>> OpenCatalog(
    const std::string& file);

/// \brief Opens the catalog in a file that is there and makes none: for reading and
/// dropping.
///
/// Where file or folder cannot be written, it is read as it lies and refuses changes. A
/// default file (empty name) that is missing is an empty catalog.
/// Errors: those of OpenCatalog(); kNotFound for a named file that is missing.
PARTITA_EXPORT arrow::Result<std::unique_ptr<Catalog>> OpenExistingCatalog(
    const std::string& file);

/// \brief A write that has ended.
struct RunRecord {
  std::string id;             ///< the job's, a UUID
  int64_t start_time_ms = 0;  ///< since the epoch
  std::string outcome;        ///< `done`, or the name of the failure's ErrorCode
  std::string report;  ///< ToJson(JobReport) without its lists of partitions and files
};

/// \brief The writes that a catalog file remembers, newest first.
///
/// Thread safety: one thread at a time per object; several objects and processes may use
/// one file.
/// Errors:        kStoreUnavailable; kNotFound for an id that is not there or names several.
class PARTITA_EXPORT RunHistory {
 public:
  virtual ~RunHistory() = default;

  /// Adds a run and forgets the oldest ones beyond `keep`.
  virtual arrow::Status Add(const RunRecord& run, int64_t keep) = 0;

  /// The newest `limit` ones.
  virtual arrow::Result<std::vector<RunRecord>> List(int64_t limit) = 0;

  /// The one whose id begins like this.
  virtual arrow::Result<RunRecord> Get(const std::string& id) = 0;

  /// Forgets all but the newest `keep`; returns how many are forgotten.
  virtual arrow::Result<int64_t> Prune(int64_t keep) = 0;
};

/// \brief Opens the history in a catalog file; see OpenCatalog().
PARTITA_EXPORT arrow::Result<std::unique_ptr<RunHistory>> OpenRunHistory(
    const std::string& file);

/// \brief The same of a file that is there; see OpenExistingCatalog().
PARTITA_EXPORT arrow::Result<std::unique_ptr<RunHistory>> OpenExistingRunHistory(
    const std::string& file);

/// \brief A run of a named crawler that has ended.
struct CrawlRecord {
  std::string id;             ///< the crawl's, a UUID
  int64_t start_time_ms = 0;  ///< since the epoch
  std::string outcome;        ///< `done`, or the name of the failure's ErrorCode
  std::string report;         ///< ToJson(CrawlReport)
};

/// \brief The named crawlers of a catalog file, and the outcomes of their runs.
///
/// Thread safety: one thread at a time per object; several objects and processes may use
/// one file.
/// Errors:        kNotFound (the message lists near names), kStoreUnavailable.
class PARTITA_EXPORT CrawlerRegistry {
 public:
  virtual ~CrawlerRegistry() = default;

  /// Errors: kAlreadyExists; kInvalidConfig for a name that is not 1 to 255 characters of
  /// one line.
  virtual arrow::Status Create(const CrawlerDefinition& crawler) = 0;

  virtual arrow::Result<CrawlerDefinition> Get(const std::string& name) = 0;

  /// In the order of their names.
  virtual arrow::Result<std::vector<CrawlerDefinition>> List() = 0;

  /// Forgets the crawler and its runs; tables stay.
  virtual arrow::Status Drop(const std::string& name) = 0;

  /// Adds a run and forgets the crawler's oldest ones beyond `keep`.
  virtual arrow::Status AddCrawl(const std::string& name, const CrawlRecord& crawl,
                                 int64_t keep) = 0;

  /// The crawler's newest `limit` runs, newest first.
  virtual arrow::Result<std::vector<CrawlRecord>> ListCrawls(const std::string& name,
                                                             int64_t limit) = 0;
};

/// \brief Opens the crawlers of a catalog file; see OpenCatalog().
PARTITA_EXPORT arrow::Result<std::unique_ptr<CrawlerRegistry>> OpenCrawlerRegistry(
    const std::string& file);

/// \brief The same of a file that is there; see OpenExistingCatalog().
PARTITA_EXPORT arrow::Result<std::unique_ptr<CrawlerRegistry>>
OpenExistingCrawlerRegistry(const std::string& file);

/// \brief Where the catalog lies when the user names none: PARTITA_CATALOG, else
/// partita/catalog.db in the XDG data folder.
PARTITA_EXPORT std::string DefaultCatalogFile();

/// \brief An entry as one JSON object in Glue's member names, for `--json` listings.
PARTITA_EXPORT std::string ToJson(const DatabaseDefinition& database);
PARTITA_EXPORT std::string ToJson(const TableDefinition& table);
PARTITA_EXPORT std::string ToJson(const PartitionDefinition& partition);

/// \brief A crawler in the member names of Glue's CreateCrawler (docs/format/catalog.md).
PARTITA_EXPORT std::string ToJson(const CrawlerDefinition& crawler);

}  // namespace partita
