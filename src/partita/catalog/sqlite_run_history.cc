#include "partita/catalog/sqlite_run_history.h"

#include "partita/base/error.h"
#include "partita/catalog/catalog_file.h"

namespace partita {
namespace {

using Kind = SqliteTransaction::Kind;

arrow::Result<std::vector<RunRecord>> ReadRuns(SqliteStatement rows) {
  std::vector<RunRecord> runs;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(const bool has_row, rows.Next());
    if (!has_row) {
      return runs;
    }
    runs.push_back({.id = rows.text(0),
                    .start_time_ms = rows.number(1),
                    .outcome = rows.text(2),
                    .report = rows.text(3)});
  }
}

arrow::Status NoSuchRun(const std::string& id) {
  return Error(ErrorCode::kNotFound,
               "no run has an id that begins like this; `partita runs` lists them: {}",
               id);
}

}  // namespace

arrow::Result<std::unique_ptr<RunHistory>> OpenRunHistory(const std::string& file) {
  ARROW_ASSIGN_OR_RAISE(SqliteConnection connection, OpenCatalogFile(file));
  return std::make_unique<SqliteRunHistory>(std::move(connection));
}

arrow::Result<std::unique_ptr<RunHistory>> OpenExistingRunHistory(
    const std::string& file) {
  ARROW_ASSIGN_OR_RAISE(SqliteConnection connection, OpenExistingCatalogFile(file));
  return std::make_unique<SqliteRunHistory>(std::move(connection));
}

arrow::Status SqliteRunHistory::Add(const RunRecord& run, int64_t keep) {
  ARROW_ASSIGN_OR_RAISE(SqliteTransaction transaction,
                        SqliteTransaction::Begin(&connection_, Kind::kWrite));
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement insert,
      connection_.Prepare("INSERT INTO runs (id, start_time_ms, outcome, report) "
                          "VALUES (?1, ?2, ?3, ?4)"));
  insert.Bind(1, run.id).Bind(2, run.start_time_ms).Bind(3, run.outcome);
  ARROW_RETURN_NOT_OK(insert.Bind(4, run.report).Run());
  ARROW_RETURN_NOT_OK(Forget(keep).status());
  return transaction.Commit();
}

arrow::Result<bool> SqliteRunHistory::HasTable() {
  ARROW_ASSIGN_OR_RAISE(
      const int64_t num_tables,
      connection_.QueryNumber("SELECT count(*) FROM sqlite_schema WHERE name = 'runs'"));
  return num_tables > 0;
}

arrow::Result<std::vector<RunRecord>> SqliteRunHistory::List(int64_t limit) {
  ARROW_ASSIGN_OR_RAISE(const bool has_table, HasTable());
  if (!has_table) {
    return std::vector<RunRecord>();
  }
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement rows,
      connection_.Prepare("SELECT id, start_time_ms, outcome, report FROM runs "
                          "ORDER BY start_time_ms DESC, rowid DESC LIMIT ?1"));
  rows.Bind(1, limit);
  return ReadRuns(std::move(rows));
}

arrow::Result<RunRecord> SqliteRunHistory::Get(const std::string& id) {
  ARROW_ASSIGN_OR_RAISE(const bool has_table, HasTable());
  if (!has_table) {
    return NoSuchRun(id);
  }
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement rows,
      connection_.Prepare("SELECT id, start_time_ms, outcome, report FROM runs "
                          "WHERE substr(id, 1, length(?1)) = ?1 LIMIT 2"));
  rows.Bind(1, id);
  ARROW_ASSIGN_OR_RAISE(std::vector<RunRecord> runs, ReadRuns(std::move(rows)));
  if (id.empty() || runs.empty()) {
    return NoSuchRun(id);
  }
  if (runs.size() > 1) {
    return Error(ErrorCode::kNotFound,
                 "several runs have ids that begin like this; give more of it: {}", id);
  }
  return std::move(runs.front());
}

arrow::Result<int64_t> SqliteRunHistory::Prune(int64_t keep) {
  ARROW_ASSIGN_OR_RAISE(const bool has_table, HasTable());
  if (!has_table) {
    return 0;
  }
  ARROW_ASSIGN_OR_RAISE(SqliteTransaction transaction,
                        SqliteTransaction::Begin(&connection_, Kind::kWrite));
  ARROW_ASSIGN_OR_RAISE(const int64_t num_forgotten, Forget(keep));
  ARROW_RETURN_NOT_OK(transaction.Commit());
  return num_forgotten;
}

arrow::Result<int64_t> SqliteRunHistory::Forget(int64_t keep) {
  // The index by time alone tells which to forget: no report is read.
  ARROW_ASSIGN_OR_RAISE(
      SqliteStatement forget,
      connection_.Prepare("DELETE FROM runs WHERE rowid IN (SELECT rowid FROM runs "
                          "ORDER BY start_time_ms DESC, rowid DESC LIMIT -1 OFFSET ?1)"));
  ARROW_RETURN_NOT_OK(forget.Bind(1, keep).Run());
  return connection_.num_changes();
}

}  // namespace partita
