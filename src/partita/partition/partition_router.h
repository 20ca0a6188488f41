#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/model/row_batch.h"
#include "partita/partition/partition_table.h"

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
/// rendered only at its first sight. Thread safety: one thread at a time; many routers
/// may share one PartitionTable.
class PartitionRouter {
 public:
  /// Borrows `table`.
  static std::unique_ptr<PartitionRouter> Make(const Schema& schema,
                                               const RowFormat& format,
                                               const PartitionSpec& spec,
                                               PartitionTable* table,
                                               MemoryBudget* budget);
  virtual ~PartitionRouter() = default;

  /// Appends one id per row of `batch` to `ids` and adds rows, bytes and hashes to this
  /// router's totals. A row that cannot be routed ends the call with kBadInput and sets
  /// fault().
  virtual arrow::Status Route(const RowBatch& batch, std::vector<PartitionId>* ids) = 0;

  virtual const RouteFault& fault() const = 0;

  /// Totals by partition id; as long as the largest id seen.
  virtual const std::vector<PartitionTotals>& totals() const = 0;
};

/// \brief Groups the rows of one buffer by partition with a stable counting sort.
///
/// `rows` and `ids` are parallel and in input order; `num_partitions` is above every id.
SortedRun SortRun(Buffer bytes, const std::vector<RowRef>& rows,
                  const std::vector<PartitionId>& ids, size_t num_partitions);

}  // namespace partita
