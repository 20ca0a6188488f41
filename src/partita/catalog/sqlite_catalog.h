#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/catalog.h"
#include "partita/catalog/sqlite_connection.h"

namespace partita {

/// \brief The catalog in an SQLite file; layout in docs/format/catalog.md.
///
/// Every change is one transaction. See Catalog for the contract.
class SqliteCatalog : public Catalog {
 public:
  /// Of an open catalog file: catalog_file.h.
  explicit SqliteCatalog(SqliteConnection connection)
      : connection_(std::move(connection)) {}

  arrow::Result<std::vector<DatabaseDefinition>> ListDatabases() override;
  arrow::Status EnsureDatabase(const std::string& name) override;
  arrow::Status DropDatabase(const std::string& name) override;
  arrow::Result<std::vector<TableDefinition>> ListTables(
      const std::string& database) override;
  arrow::Result<TableDefinition> GetTable(const std::string& database,
                                          const std::string& name) override;
  arrow::Status PutTable(const TableDefinition& table,
                         const std::vector<PartitionDefinition>& partitions) override;
  arrow::Status DropTable(const std::string& database, const std::string& name) override;
  arrow::Result<std::vector<PartitionDefinition>> ListPartitions(
      const std::string& database, const std::string& name) override;
  arrow::Result<std::vector<std::vector<std::string>>> ListPartitionValues(
      const std::string& database, const std::string& name) override;
  arrow::Result<std::vector<PartitionDefinition>> GetPartitions(
      const std::string& database, const std::string& name,
      const std::vector<std::vector<std::string>>& values) override;

 private:
  struct TableRow {
    int64_t id = 0;
    TableDefinition table;
  };

  // All expect to be called within a transaction; names are folded already.
  arrow::Status InsertDatabase(const std::string& name, int64_t now_ms);
  arrow::Result<int64_t> DatabaseId(const std::string& name);
  // As FindTable(), of names as they were given.
  arrow::Result<TableRow> FindNamed(const std::string& database, const std::string& name);
  arrow::Result<TableRow> FindTable(const std::string& database, const std::string& name);
  arrow::Result<int64_t> UpsertTable(const TableDefinition& table, int64_t now_ms);
  arrow::Status ReplacePartitions(int64_t table_id, const TableDefinition& table,
                                  const std::vector<PartitionDefinition>& partitions,
                                  int64_t now_ms);
  arrow::Result<std::vector<std::string>> Names(std::string_view sql,
                                                std::optional<int64_t> parent);

  SqliteConnection connection_;
};

}  // namespace partita
