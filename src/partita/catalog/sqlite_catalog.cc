#include "partita/catalog/sqlite_catalog.h"

#include <algorithm>
#include <chrono>
#include <unordered_set>
#include <utility>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/base/nearest_name.h"
#include "partita/base/system.h"
#include "partita/catalog/catalog_file.h"
#include "partita/catalog/catalog_json.h"
#include "partita/catalog/catalog_name.h"

namespace partita {
namespace {

using Kind = SqliteTransaction::Kind;

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             WallClockNow().time_since_epoch())
      .count();
}

// Columns definition, create_time_ms, update_time_ms, name from `first` on.
arrow::Result<TableDefinition> ReadTableRow(const SqliteStatement& row, int first,
                                            const std::string& database) {
  const std::string name = row.text(first + 3);
  arrow::Result<TableDefinition> table = ReadStoredTable(row.text(first));
  if (!table.ok()) {
    return WithContext(table.status(), fmt::format("table {}.{}", database, name));
  }
  table->database = database;
  table->name = name;
  table->create_time_ms = row.number(first + 1);
  table->update_time_ms = row.number(first + 2);
  return table;
}

arrow::Status CheckPartitions(const TableDefinition& table,
                              const std::vector<PartitionDefinition>& partitions) {
  for (const PartitionDefinition& partition : partitions) {
    if (partition.values.size() != table.partition_keys.size()) {
      return Error(ErrorCode::kInvalidConfig,
                   "a partition must have one value for each of the table's keys: {} "
                   "values, {} keys, table {}.{}",
                   partition.values.size(), table.partition_keys.size(), table.database,
                   table.name);
    }
  }
  return arrow::Status::OK();
}

}  // namespace

arrow::Result<std::unique_ptr<Catalog>> OpenCatalog(const std::string& file) {
  ARROW_ASSIGN_OR_RAISE(SqliteConnection connection, OpenCatalogFile(file));
  return std::make_unique<SqliteCatalog>(std::move(connection));
}

arrow::Result<std::unique_ptr<Catalog>> OpenExistingCatalog(const std::string& file) {
  ARROW_ASSIGN_OR_RAISE(SqliteConnection connection, OpenExistingCatalogFile(file));
  return std::make_unique<SqliteCatalog>(std::move(connection));
}

arrow::Result<std::vector<DatabaseDefinition>> SqliteCatalog::ListDatabases() {
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement row,
      connection_.Prepare(
          "SELECT name, description, create_time_ms FROM databases ORDER BY name"));
  std::vector<DatabaseDefinition> databases;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const bool has_row, row.Next());
    if (!has_row) {
      return databases;
    }
    databases.push_back({.name = row.text(0),
                         .description = row.text(1),
                         .create_time_ms = row.number(2)});
  }
}

arrow::Status SqliteCatalog::EnsureDatabase(const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(const std::string folded, NewDatabaseName(name));
  return InsertDatabase(folded, NowMs());
}

arrow::Status SqliteCatalog::InsertDatabase(const std::string& name, int64_t now_ms) {
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement statement,
      connection_.Prepare("INSERT INTO databases (name, description, create_time_ms) "
                          "VALUES (?1, '', ?2) ON CONFLICT (name) DO NOTHING"));
  return statement.Bind(1, name).Bind(2, now_ms).Run();
}

arrow::Status SqliteCatalog::DropDatabase(const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(const std::string folded, CatalogName("database", name));
  ARROW_ASSIGN_OR_RAISE(SqliteTransaction transaction,
                        SqliteTransaction::Begin(&connection_, Kind::kWrite));
  ARROW_ASSIGN_OR_RAISE(const int64_t id, DatabaseId(folded));
  ARROW_ASSIGN_OR_RAISE(SqliteStatement statement,
                        connection_.Prepare("DELETE FROM databases WHERE id = ?1"));
  ARROW_RETURN_NOT_OK(statement.Bind(1, id).Run());
  return transaction.Commit();
}

arrow::Result<std::vector<TableDefinition>> SqliteCatalog::ListTables(
    const std::string& database) {
  ARROW_ASSIGN_OR_RAISE(const std::string folded, CatalogName("database", database));
  ARROW_ASSIGN_OR_RAISE(SqliteTransaction transaction,
                        SqliteTransaction::Begin(&connection_, Kind::kRead));
  ARROW_ASSIGN_OR_RAISE(const int64_t id, DatabaseId(folded));
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement row,
      connection_.Prepare("SELECT definition, create_time_ms, update_time_ms, name "
                          "FROM tables WHERE database_id = ?1 ORDER BY name"));
  row.Bind(1, id);
  std::vector<TableDefinition> tables;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const bool has_row, row.Next());
    if (!has_row) {
      return tables;
    }
    ARROW_ASSIGN_OR_RAISE(TableDefinition table, ReadTableRow(row, 0, folded));
    tables.push_back(std::move(table));
  }
}

arrow::Result<TableDefinition> SqliteCatalog::GetTable(const std::string& database,
                                                       const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(const std::string in, CatalogName("database", database));
  ARROW_ASSIGN_OR_RAISE(const std::string folded, CatalogName("table", name));
  ARROW_ASSIGN_OR_RAISE(SqliteTransaction transaction,
                        SqliteTransaction::Begin(&connection_, Kind::kRead));
  ARROW_ASSIGN_OR_RAISE(TableRow row, FindTable(in, folded));
  return std::move(row.table);
}

arrow::Status SqliteCatalog::PutTable(
    const TableDefinition& table, const std::vector<PartitionDefinition>& partitions) {
  TableDefinition folded = table;
  ARROW_ASSIGN_OR_RAISE(folded.database, NewDatabaseName(table.database));
  ARROW_ASSIGN_OR_RAISE(folded.name, CatalogName("table", table.name));
  ARROW_RETURN_NOT_OK(CheckPartitions(folded, partitions));
  const int64_t now_ms = NowMs();
  ARROW_ASSIGN_OR_RAISE(SqliteTransaction transaction,
                        SqliteTransaction::Begin(&connection_, Kind::kWrite));
  ARROW_RETURN_NOT_OK(InsertDatabase(folded.database, now_ms));
  ARROW_ASSIGN_OR_RAISE(const int64_t table_id, UpsertTable(folded, now_ms));
  ARROW_RETURN_NOT_OK(ReplacePartitions(table_id, folded, partitions, now_ms));
  return transaction.Commit();
}

arrow::Status SqliteCatalog::DropTable(const std::string& database,
                                       const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(const std::string in, CatalogName("database", database));
  ARROW_ASSIGN_OR_RAISE(const std::string folded, CatalogName("table", name));
  ARROW_ASSIGN_OR_RAISE(SqliteTransaction transaction,
                        SqliteTransaction::Begin(&connection_, Kind::kWrite));
  // The definition is not looked at: a damaged entry can be dropped as well.
  ARROW_ASSIGN_OR_RAISE(const int64_t database_id, DatabaseId(in));
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement statement,
      connection_.Prepare("DELETE FROM tables WHERE database_id = ?1 AND name = ?2"));
  ARROW_RETURN_NOT_OK(statement.Bind(1, database_id).Bind(2, folded).Run());
  if (connection_.num_changes() == 0) {
    return FindTable(in, folded).status();
  }
  return transaction.Commit();
}

arrow::Result<std::vector<PartitionDefinition>> SqliteCatalog::ListPartitions(
    const std::string& database, const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(SqliteTransaction transaction,
                        SqliteTransaction::Begin(&connection_, Kind::kRead));
  ARROW_ASSIGN_OR_RAISE(const TableRow table, FindNamed(database, name));
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement row,
      connection_.Prepare(
          "SELECT key, definition, create_time_ms FROM partitions WHERE table_id = ?1"));
  row.Bind(1, table.id);
  const StoredPartitions stored(table.table);
  std::vector<PartitionDefinition> partitions;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const bool has_row, row.Next());
    if (!has_row) {
      break;
    }
    ARROW_ASSIGN_OR_RAISE(PartitionDefinition partition,
                          stored.Read(row.text(0), row.text(1)));
    partition.create_time_ms = row.number(2);
    partitions.push_back(std::move(partition));
  }
  std::sort(partitions.begin(), partitions.end(),
            [](const PartitionDefinition& left, const PartitionDefinition& right) {
              return left.values < right.values;
            });
  return partitions;
}

arrow::Result<std::vector<std::vector<std::string>>> SqliteCatalog::ListPartitionValues(
    const std::string& database, const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(SqliteTransaction transaction,
                        SqliteTransaction::Begin(&connection_, Kind::kRead));
  ARROW_ASSIGN_OR_RAISE(const TableRow table, FindNamed(database, name));
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement row,
      connection_.Prepare("SELECT key FROM partitions WHERE table_id = ?1"));
  row.Bind(1, table.id);
  std::vector<std::vector<std::string>> values;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const bool has_row, row.Next());
    if (!has_row) {
      return values;
    }
    ARROW_ASSIGN_OR_RAISE(values.emplace_back(), ReadStoredPartitionKey(row.text(0)));
  }
}

arrow::Result<std::vector<PartitionDefinition>> SqliteCatalog::GetPartitions(
    const std::string& database, const std::string& name,
    const std::vector<std::vector<std::string>>& values) {
  ARROW_ASSIGN_OR_RAISE(SqliteTransaction transaction,
                        SqliteTransaction::Begin(&connection_, Kind::kRead));
  ARROW_ASSIGN_OR_RAISE(const TableRow table, FindNamed(database, name));
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement row,
      connection_.Prepare("SELECT definition, create_time_ms FROM partitions WHERE "
                          "table_id = ?1 AND key = ?2"));
  const StoredPartitions stored(table.table);
  std::vector<PartitionDefinition> partitions;
  for (const std::vector<std::string>& key_values : values) {
    ARROW_ASSIGN_OR_RAISE(const std::string key, StoredPartitionKey(key_values));
    row.Reset();
    ARROW_ASSIGN_OR_RAISE(const bool has_row, row.Bind(1, table.id).Bind(2, key).Next());
    if (has_row) {
      ARROW_ASSIGN_OR_RAISE(partitions.emplace_back(), stored.Read(key, row.text(0)));
      partitions.back().create_time_ms = row.number(1);
    }
  }
  return partitions;
}

arrow::Result<int64_t> SqliteCatalog::DatabaseId(const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(SqliteStatement row,
                        connection_.Prepare("SELECT id FROM databases WHERE name = ?1"));
  ARROW_ASSIGN_OR_RAISE(const bool has_row, row.Bind(1, name).Next());
  if (has_row) {
    return row.number(0);
  }
  ARROW_ASSIGN_OR_RAISE(const std::vector<std::string> names,
                        Names("SELECT name FROM databases", std::nullopt));
  return Error(ErrorCode::kNotFound, "the catalog has no database {}{}", name,
               DidYouMean(name, names));
}

arrow::Result<SqliteCatalog::TableRow> SqliteCatalog::FindNamed(
    const std::string& database, const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(const std::string in, CatalogName("database", database));
  ARROW_ASSIGN_OR_RAISE(const std::string folded, CatalogName("table", name));
  return FindTable(in, folded);
}

arrow::Result<SqliteCatalog::TableRow> SqliteCatalog::FindTable(
    const std::string& database, const std::string& name) {
  ARROW_ASSIGN_OR_RAISE(const int64_t database_id, DatabaseId(database));
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement row,
      connection_.Prepare("SELECT id, definition, create_time_ms, update_time_ms, name "
                          "FROM tables WHERE database_id = ?1 AND name = ?2"));
  ARROW_ASSIGN_OR_RAISE(const bool has_row,
                        row.Bind(1, database_id).Bind(2, name).Next());
  if (!has_row) {
    ARROW_ASSIGN_OR_RAISE(
        const std::vector<std::string> names,
        Names("SELECT name FROM tables WHERE database_id = ?1", database_id));
    return Error(ErrorCode::kNotFound, "database {} has no table {}{}", database, name,
                 DidYouMean(name, names));
  }
  TableRow found{.id = row.number(0)};
  ARROW_ASSIGN_OR_RAISE(found.table, ReadTableRow(row, 1, database));
  return found;
}

arrow::Result<std::vector<std::string>> SqliteCatalog::Names(
    std::string_view sql, std::optional<int64_t> parent) {
  ARROW_ASSIGN_OR_RAISE(SqliteStatement row, connection_.Prepare(sql));
  if (parent.has_value()) {
    row.Bind(1, *parent);
  }
  std::vector<std::string> names;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const bool has_row, row.Next());
    if (!has_row) {
      return names;
    }
    names.push_back(row.text(0));
  }
}

arrow::Result<int64_t> SqliteCatalog::UpsertTable(const TableDefinition& table,
                                                  int64_t now_ms) {
  ARROW_ASSIGN_OR_RAISE(const int64_t database_id, DatabaseId(table.database));
  ARROW_ASSIGN_OR_RAISE(const std::string definition, StoredTable(table));
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement row,
      connection_.Prepare(
          "INSERT INTO tables "
          "(database_id, name, definition, create_time_ms, update_time_ms) "
          "VALUES (?1, ?2, ?3, ?4, ?4) ON CONFLICT (database_id, name) DO UPDATE SET "
          "definition = excluded.definition, update_time_ms = excluded.update_time_ms "
          "RETURNING id"));
  row.Bind(1, database_id).Bind(2, table.name).Bind(3, definition).Bind(4, now_ms);
  ARROW_RETURN_NOT_OK(row.Next().status());
  return row.number(0);
}

arrow::Status SqliteCatalog::ReplacePartitions(
    int64_t table_id, const TableDefinition& table,
    const std::vector<PartitionDefinition>& partitions, int64_t now_ms) {
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement remove,
      connection_.Prepare("DELETE FROM partitions WHERE table_id = ?1"));
  ARROW_RETURN_NOT_OK(remove.Bind(1, table_id).Run());
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement insert,
      connection_.Prepare(
          "INSERT INTO partitions (table_id, key, definition, create_time_ms) "
          "VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"));
  const StoredPartitions stored(table);
  for (const PartitionDefinition& partition : partitions) {
    ARROW_ASSIGN_OR_RAISE(const std::string key, StoredPartitionKey(partition.values));
    ARROW_ASSIGN_OR_RAISE(const std::string definition, stored.Write(partition));
    const int64_t created =
        partition.create_time_ms == 0 ? now_ms : partition.create_time_ms;
    insert.Bind(1, table_id).Bind(2, key).Bind(3, definition).Bind(4, created);
    ARROW_RETURN_NOT_OK(insert.Run());
    if (connection_.num_changes() == 0) {
      return Error(ErrorCode::kInvalidConfig,
                   "two partitions of table {}.{} have the same values: {}",
                   table.database, table.name, key);
    }
  }
  return arrow::Status::OK();
}

}  // namespace partita
