#include "partita/catalog/catalog_file.h"

#include <filesystem>
#include <system_error>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/catalog.h"
#include "partita/catalog/catalog_schema.h"
#include "partita/model/s3_scheme.h"

namespace partita {
namespace {

arrow::Result<std::string> ChosenFile(const std::string& file) {
  std::string chosen = file.empty() ? DefaultCatalogFile() : file;
  if (chosen.empty()) {
    return Error(ErrorCode::kInvalidConfig,
                 "no place for the catalog is known; name a file with --catalog or "
                 "PARTITA_CATALOG");
  }
  if (S3SchemeLength(chosen) > 0) {
    return Error(ErrorCode::kInvalidConfig,
                 "a catalog is a local file, as object stores lock nothing; choose "
                 "another than {}",
                 chosen);
  }
  return chosen;
}

arrow::Result<SqliteConnection> Upgraded(SqliteConnection connection) {
  ARROW_RETURN_NOT_OK(UpgradeCatalog(&connection));
  return connection;
}

}  // namespace

std::string DefaultCatalogFile() {
  if (std::string file = Environment("PARTITA_CATALOG"); !file.empty()) {
    return file;
  }
  // The XDG specification has relative folders ignored.
  if (std::string data = Environment("XDG_DATA_HOME"); data.starts_with('/')) {
    return data + "/partita/catalog.db";
  }
  const std::string home = Environment("HOME");
  return home.empty() ? "" : home + "/.local/share/partita/catalog.db";
}

arrow::Result<SqliteConnection> OpenCatalogFile(const std::string& file) {
  ARROW_ASSIGN_OR_RAISE(const std::string chosen, ChosenFile(file));
  ARROW_ASSIGN_OR_RAISE(SqliteConnection connection, SqliteConnection::Open(chosen));
  return Upgraded(std::move(connection));
}

arrow::Result<SqliteConnection> OpenExistingCatalogFile(const std::string& file) {
  ARROW_ASSIGN_OR_RAISE(const std::string chosen, ChosenFile(file));
  std::error_code error;
  if (std::filesystem::status(chosen, error).type() ==
      std::filesystem::file_type::not_found) {
    if (!file.empty()) {
      return Error(ErrorCode::kNotFound, "no catalog at {}; `partita crawl` makes one",
                   file);
    }
    ARROW_ASSIGN_OR_RAISE(SqliteConnection empty, SqliteConnection::Open(":memory:"));
    return Upgraded(std::move(empty));
  }
  ARROW_ASSIGN_OR_RAISE(SqliteConnection connection,
                        SqliteConnection::OpenExisting(chosen));
  ARROW_ASSIGN_OR_RAISE(const int64_t version,
                        connection.QueryNumber("PRAGMA user_version"));
  if (version == 0) {  // nothing in it yet, or no catalog
    return Upgraded(std::move(connection));
  }
  ARROW_RETURN_NOT_OK(CheckCatalog(&connection));
  return connection;
}

}  // namespace partita
