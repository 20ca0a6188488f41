#include "partita/catalog/catalog_schema.h"

#include <array>

#include <fmt/core.h>

#include "partita/base/error.h"

namespace partita {
namespace {

constexpr int64_t kApplicationId = 0x50617274;  // "Part"

// Entry i leads from version i to i + 1. Never change one that was released.
constexpr std::array<const char*, kCatalogVersion> kMigrations{
    R"sql(
CREATE TABLE databases (
  id             INTEGER PRIMARY KEY,
  name           TEXT NOT NULL UNIQUE,
  description    TEXT NOT NULL,
  create_time_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE tables (
  id             INTEGER PRIMARY KEY,
  database_id    INTEGER NOT NULL REFERENCES databases (id) ON DELETE CASCADE,
  name           TEXT NOT NULL,
  definition     TEXT NOT NULL,
  create_time_ms INTEGER NOT NULL,
  update_time_ms INTEGER NOT NULL,
  UNIQUE (database_id, name)
) STRICT;
CREATE TABLE partitions (
  table_id       INTEGER NOT NULL REFERENCES tables (id) ON DELETE CASCADE,
  key            TEXT NOT NULL,
  definition     TEXT NOT NULL,
  create_time_ms INTEGER NOT NULL,
  PRIMARY KEY (table_id, key)
) STRICT, WITHOUT ROWID;
)sql",
    R"sql(
CREATE TABLE runs (
  id            TEXT PRIMARY KEY,
  start_time_ms INTEGER NOT NULL,
  outcome       TEXT NOT NULL,
  report        TEXT NOT NULL
) STRICT;
CREATE INDEX runs_by_time ON runs (start_time_ms);
)sql",
    R"sql(
CREATE TABLE crawlers (
  id             INTEGER PRIMARY KEY,
  name           TEXT NOT NULL UNIQUE,
  definition     TEXT NOT NULL,
  create_time_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE crawls (
  id            TEXT PRIMARY KEY,
  crawler_id    INTEGER NOT NULL REFERENCES crawlers (id) ON DELETE CASCADE,
  start_time_ms INTEGER NOT NULL,
  outcome       TEXT NOT NULL,
  report        TEXT NOT NULL
) STRICT;
CREATE INDEX crawls_by_crawler ON crawls (crawler_id, start_time_ms);
)sql"};

arrow::Status CheckIsOurs(SqliteConnection* connection) {
  ARROW_ASSIGN_OR_RAISE(const int64_t id,
                        connection->QueryNumber("PRAGMA application_id"));
  ARROW_ASSIGN_OR_RAISE(const int64_t num_objects,
                        connection->QueryNumber("SELECT count(*) FROM sqlite_schema"));
  if (id == kApplicationId || (id == 0 && num_objects == 0)) {
    return arrow::Status::OK();
  }
  return Error(ErrorCode::kStoreUnavailable,
               "catalog file {}: it is an SQLite database of another program; name "
               "another file with --catalog",
               connection->file());
}

arrow::Status CheckVersion(const SqliteConnection& connection, int64_t version) {
  if (version <= kCatalogVersion) {
    return arrow::Status::OK();
  }
  return Error(ErrorCode::kInvalidConfig,
               "catalog file {}: a newer Partita wrote it, use that one or name another "
               "file with --catalog: its version is {}, this program knows up to {}",
               connection.file(), version, kCatalogVersion);
}

// The version, looked at in a transaction so that no other process is in the middle.
arrow::Result<int64_t> UpgradeOnce(SqliteConnection* connection) {
  ARROW_ASSIGN_OR_RAISE(
      SqliteTransaction transaction,
      SqliteTransaction::Begin(connection, SqliteTransaction::Kind::kWrite));
  ARROW_RETURN_NOT_OK(CheckIsOurs(connection));
  ARROW_ASSIGN_OR_RAISE(const int64_t version,
                        connection->QueryNumber("PRAGMA user_version"));
  if (version >= kCatalogVersion) {
    return version;
  }
  ARROW_RETURN_NOT_OK(connection->Execute(kMigrations[static_cast<size_t>(version)]));
  ARROW_RETURN_NOT_OK(connection->Execute(fmt::format(
      "PRAGMA application_id={}; PRAGMA user_version={}", kApplicationId, version + 1)));
  ARROW_RETURN_NOT_OK(transaction.Commit());
  return version + 1;
}

}  // namespace

arrow::Status UpgradeCatalog(SqliteConnection* connection) {
  ARROW_ASSIGN_OR_RAISE(int64_t version, connection->QueryNumber("PRAGMA user_version"));
  ARROW_RETURN_NOT_OK(version == 0 ? arrow::Status::OK() : CheckIsOurs(connection));
  while (version < kCatalogVersion) {
    ARROW_ASSIGN_OR_RAISE(version, UpgradeOnce(connection));
  }
  return CheckVersion(*connection, version);
}

arrow::Status CheckCatalog(SqliteConnection* connection) {
  ARROW_ASSIGN_OR_RAISE(const int64_t version,
                        connection->QueryNumber("PRAGMA user_version"));
  ARROW_RETURN_NOT_OK(CheckIsOurs(connection));
  return CheckVersion(*connection, version);
}

}  // namespace partita
