#pragma once

#include <string>
#include <utility>
#include <vector>

#include <arrow/result.h>

#include "partita/catalog.h"
#include "partita/catalog/sqlite_connection.h"

namespace partita {

/// \brief The run history in a catalog file; layout in docs/format/catalog.md. See RunHistory for the contract.
class SqliteRunHistory : public RunHistory {
 public:
  /// Of an open catalog file of any layout; Add() takes the newest: OpenCatalogFile().
  explicit SqliteRunHistory(SqliteConnection connection)
      : connection_(std::move(connection)) {}

  arrow::Status Add(const RunRecord& run, int64_t keep) override;
  arrow::Result<std::vector<RunRecord>> List(int64_t limit) override;
  arrow::Result<RunRecord> Get(const std::string& id) override;
  arrow::Result<int64_t> Prune(int64_t keep) override;

 private:
  // False in a file of the layout before it.
  arrow::Result<bool> HasTable();

  // Within a transaction.
  arrow::Result<int64_t> Forget(int64_t keep);

  SqliteConnection connection_;
};

}  // namespace partita
