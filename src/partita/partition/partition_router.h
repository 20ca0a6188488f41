#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <arrow/status.h>

#include "partita/model/row_batch.h"
#include "partita/partition/partition_spec.h"
#include "partita/partition/partition_table.h"
#include "partita/partition/sort_run.h"

namespace partita {

/// \brief A row that cannot be routed: which one, and why.
struct RouteFault {
  size_t row = 0;  ///< within the batch
  int column = 0;  ///< within the schema
  std::string what;
};

/// \brief Tells each row's partition; one per thread.
///
/// Keeps a table from the raw bytes of the key fields to ids, so a key is read and
/// rendered only at its first sight.
/// Ownership:     borrows the table and the budget, which is charged for its memory.
/// Thread safety: one thread at a time; many routers may share one PartitionTable.
/// Errors:        kBadInput for a key that cannot be a folder: over 255 bytes escaped,
///                with a NUL byte, equal to the text __HIVE_DEFAULT_PARTITION__ where
///                that is not allowed, or no value of its column's type.
/// Cost:          about 60 bytes and the key per different key.
class PartitionRouter {
 public:
  static std::unique_ptr<PartitionRouter> Make(const Schema& schema,
                                               const RowFormat& format,
                                               const PartitionSpec& spec,
                                               PartitionTable* table,
                                               MemoryBudget* budget);
  virtual ~PartitionRouter() = default;

  /// Appends one id per row of `batch` to `ids` and adds rows, bytes and hashes to this
  /// router's totals. A row that cannot be routed ends the call with kBadInput and sets
  /// fault(); ids and totals then hold the rows before it.
  virtual arrow::Status Route(const RowBatch& batch, std::vector<PartitionId>* ids) = 0;

  virtual const RouteFault& fault() const = 0;

  /// Adds this router's totals to `sums`, which are by partition id and grow as needed.
  virtual void AddTotals(std::vector<PartitionTotals>* sums) const = 0;

  /// This router's totals alone, up to the largest id seen; made anew by each call.
  std::vector<PartitionTotals> totals() const {
    std::vector<PartitionTotals> sums;
    AddTotals(&sums);
    return sums;
  }
};

}  // namespace partita
