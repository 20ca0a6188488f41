#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <arrow/result.h>
#include <sqlite3.h>

namespace partita {

/// \brief A prepared SQL statement; finalized when it goes.
///
/// Ownership:     borrows its connection, which must outlive it.
/// Thread safety: one thread at a time, as its connection.
/// Errors:        kStoreUnavailable with SQLite's own message.
class SqliteStatement {
 public:
  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}

  /// Values of the parameters, from 1. The text is copied.
  SqliteStatement& Bind(int parameter, std::string_view text);
  SqliteStatement& Bind(int parameter, int64_t number);

  /// Goes to the next row; false behind the last one.
  arrow::Result<bool> Next();

  /// Makes it ready for other values, whatever rows are left.
  void Reset() { sqlite3_reset(statement_.get()); }

  /// Runs a statement that gives no rows, and makes it ready for other values.
  arrow::Status Run();

  /// A column of the row, from 0.
  std::string text(int column) const;
  int64_t number(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// \brief An open SQLite file, set up for use by several processes.
///
/// Ownership:     closes the file when it goes.
/// Thread safety: one thread at a time; several connections to one file are independent.
/// Errors:        kStoreUnavailable with the file's name and SQLite's own message.
class SqliteConnection {
 public:
  /// Opens or makes `file` (and its folder): write-ahead log, foreign keys, waiting on
  /// locks.
  static arrow::Result<SqliteConnection> Open(const std::string& file);

  /// Opens a file that is there. One that cannot be written, or whose folder cannot, is
  /// read as it lies (SQLite's `immutable`): a log beside it could not be made or shared.
  /// A log that holds changes already is never passed over.
  static arrow::Result<SqliteConnection> OpenExisting(const std::string& file);

  /// Runs statements without values or rows.
  arrow::Status Execute(const std::string& sql);

  arrow::Result<SqliteStatement> Prepare(std::string_view sql);

  /// The first column of the first row, which must be there.
  arrow::Result<int64_t> QueryNumber(std::string_view sql);

  /// Rows that the last statement inserted, changed or removed.
  int64_t num_changes() const { return sqlite3_changes64(connection_.get()); }

  const std::string& file() const { return file_; }

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  };

  SqliteConnection(std::string file, sqlite3* connection)
      : file_(std::move(file)), connection_(connection) {}

  // `name` is what SQLite takes: the file, or a URI of it.
  static arrow::Result<SqliteConnection> OpenAs(const std::string& file,
                                                const std::string& name, int flags);
  arrow::Status SetUp();
  arrow::Status TurnOnWriteAheadLog();
  arrow::Status Failure() const;

  std::string file_;
  std::unique_ptr<sqlite3, Close> connection_;
};

/// \brief A transaction that is rolled back unless Commit() was called.
///
/// Ownership:     borrows the connection.
/// Thread safety: one thread at a time; no two at once on a connection.
class SqliteTransaction {
 public:
  enum class Kind { kRead, kWrite };

  /// A write transaction waits for its turn here, so that it cannot fail for that later.
  static arrow::Result<SqliteTransaction> Begin(SqliteConnection* connection, Kind kind);

  SqliteTransaction(SqliteTransaction&& other) noexcept
      : connection_(std::exchange(other.connection_, nullptr)) {}

  SqliteTransaction& operator=(SqliteTransaction&&) = delete;
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  ~SqliteTransaction();

  arrow::Status Commit();

 private:
  explicit SqliteTransaction(SqliteConnection* connection) : connection_(connection) {}

  SqliteConnection* connection_;
};

}  // namespace partita
