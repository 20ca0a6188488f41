#include "partita/catalog/sqlite_connection.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include "partita/base/error.h"

namespace partita {
namespace {

constexpr int kBusyTimeoutMs = 30'000;
constexpr int kRetryPauseMs = 5;

arrow::Status MakeParentFolder(const std::string& file) {
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  std::error_code error;
  if (!folder.empty()) {
    std::filesystem::create_directories(folder, error);
  }
  if (error) {
    return Error(ErrorCode::kStoreUnavailable,
                 "cannot make the catalog's folder: {}: {}; name another file with "
                 "--catalog",
                 folder.string(), error.message());
  }
  return arrow::Status::OK();
}

bool IsWritable(const std::filesystem::path& path) {
  return faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

// Whether this process can only read the file, and the file alone says everything.
bool IsFrozen(const std::string& file) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(file, error);
  if (error || (IsWritable(real) && IsWritable(real.parent_path()))) {
    return false;
  }
  const auto log_size = std::filesystem::file_size(real.string() + "-wal", error);
  return error || log_size == 0;
}

std::string FrozenUri(const std::string& file) {
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(file).string()) {
    uri +=
        c == '%' || c == '?' || c == '#' ? fmt::format("%{:02X}", c) : std::string(1, c);
  }
  return uri + "?immutable=1";
}

const char* Advice(int code) {
  switch (code & 0xFF) {
    case SQLITE_NOTADB:
      return "; it is no catalog, name another file with --catalog";
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "; the file and its folder must be writable";
    case SQLITE_BUSY:
      return "; another process has held it for long, run again";
    case SQLITE_FULL:
      return "; free some space, run again";
    default:
      return "";
  }
}

arrow::Status FailureOf(sqlite3* connection, const std::string& file) {
  return Error(ErrorCode::kStoreUnavailable, "catalog file {}: {}{}", file,
               sqlite3_errmsg(connection), Advice(sqlite3_extended_errcode(connection)));
}

}  // namespace

SqliteStatement& SqliteStatement::Bind(int parameter, std::string_view text) {
  sqlite3_bind_text64(statement_.get(), parameter, text.data(), text.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int parameter, int64_t number) {
  sqlite3_bind_int64(statement_.get(), parameter, number);
  return *this;
}

arrow::Result<bool> SqliteStatement::Next() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW || code == SQLITE_DONE) {
    return code == SQLITE_ROW;
  }
  sqlite3* connection = sqlite3_db_handle(statement_.get());
  const char* file = sqlite3_db_filename(connection, "main");
  return FailureOf(connection, file == nullptr ? "" : file);
}

arrow::Status SqliteStatement::Run() {
  ARROW_RETURN_NOT_OK(Next().status());
  sqlite3_reset(statement_.get());
  return arrow::Status::OK();
}

std::string SqliteStatement::text(int column) const {
  const unsigned char* bytes = sqlite3_column_text(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? "" : std::string(bytes, bytes + size);
}

int64_t SqliteStatement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

arrow::Result<SqliteConnection> SqliteConnection::Open(const std::string& file) {
  ARROW_RETURN_NOT_OK(MakeParentFolder(file));
  ARROW_ASSIGN_OR_RAISE(SqliteConnection connection,
                        OpenAs(file, file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
  ARROW_RETURN_NOT_OK(connection.TurnOnWriteAheadLog());
  ARROW_RETURN_NOT_OK(connection.SetUp());
  return connection;
}

arrow::Result<SqliteConnection> SqliteConnection::OpenExisting(const std::string& file) {
  const bool is_frozen = IsFrozen(file);
  ARROW_ASSIGN_OR_RAISE(
      SqliteConnection connection,
      is_frozen ? OpenAs(file, FrozenUri(file), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
                : OpenAs(file, file, SQLITE_OPEN_READWRITE));
  ARROW_RETURN_NOT_OK(connection.SetUp());
  return connection;
}

arrow::Result<SqliteConnection> SqliteConnection::OpenAs(const std::string& file,
                                                         const std::string& name,
                                                         int flags) {
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(name.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  SqliteConnection connection(file, raw);
  if (code != SQLITE_OK) {
    return connection.Failure();
  }
  sqlite3_busy_timeout(raw, kBusyTimeoutMs);
  return connection;
}

arrow::Status SqliteConnection::SetUp() {
  return Execute("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
}

// SQLite does not wait for locks here as it does elsewhere: another process that opens
// the same fresh file makes it fail at once.
arrow::Status SqliteConnection::TurnOnWriteAheadLog() {
  for (int waited_ms = 0; waited_ms < kBusyTimeoutMs; waited_ms += kRetryPauseMs) {
    const int code = sqlite3_exec(connection_.get(), "PRAGMA journal_mode=WAL", nullptr,
                                  nullptr, nullptr);
    if (code == SQLITE_OK) {
      return arrow::Status::OK();
    }
    if (code != SQLITE_BUSY) {
      break;
    }
    sqlite3_sleep(kRetryPauseMs);
  }
  return Failure();
}

arrow::Status SqliteConnection::Execute(const std::string& sql) {
  const int code =
      sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? arrow::Status::OK() : Failure();
}

arrow::Result<SqliteStatement> SqliteConnection::Prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(connection_.get(), sql.data(),
                                      static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) {
    return Failure();
  }
  return SqliteStatement(statement);
}

arrow::Result<int64_t> SqliteConnection::QueryNumber(std::string_view sql) {
  ARROW_ASSIGN_OR_RAISE(SqliteStatement statement, Prepare(sql));
  ARROW_ASSIGN_OR_RAISE(const bool has_row, statement.Next());
  if (!has_row) {
    return Error(ErrorCode::kInternal, "no row from {}", sql);
  }
  return statement.number(0);
}

arrow::Status SqliteConnection::Failure() const {
  return FailureOf(connection_.get(), file_);
}

arrow::Result<SqliteTransaction> SqliteTransaction::Begin(SqliteConnection* connection,
                                                          Kind kind) {
  ARROW_RETURN_NOT_OK(
      connection->Execute(kind == Kind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN"));
  return SqliteTransaction(connection);
}

SqliteTransaction::~SqliteTransaction() {
  if (connection_ != nullptr) {
    // Nothing can be done about a failure; SQLite drops what is not committed anyway.
    static_cast<void>(connection_->Execute("ROLLBACK"));
  }
}

arrow::Status SqliteTransaction::Commit() {
  ARROW_RETURN_NOT_OK(connection_->Execute("COMMIT"));
  connection_ = nullptr;
  return arrow::Status::OK();
}

}  // namespace partita
