#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "partita/base/memory_budget.h"
#include "partita/model/sorted_run.h"

namespace partita {

/// \brief All partitions of a job: dense ids and folder paths.
///
/// Partitions are told apart by their paths, so keys are compared as Spark's CAST AS
/// STRING renders them; NULL and the empty string are one key.
/// Ownership:     owns the paths; charges the borrowed budget for them.
/// Thread safety: FindOrAdd() takes a lock (PartitionRouter asks only at a key's first
///                sight per thread); size() may be called at any time, path() once
///                adding has ended.
/// Cost:          about 27 bytes and the path per partition.
class PartitionTable {
 public:
  /// `bytes_elsewhere` is what others are going to keep for each partition: charged as soon as it is seen, so that rows
  /// are spilled while there still are some.
  static std::unique_ptr<PartitionTable> Make(MemoryBudget* budget,
                                              int64_t bytes_elsewhere = 0);
  virtual ~PartitionTable() = default;

  /// The id of the partition whose path (`Model Year=2011/Make=KIA`) is `path`; adds it
  /// when new.
  virtual PartitionId FindOrAdd(const std::string& path) = 0;

  virtual size_t size() const = 0;

  /// The folder path below the data set's root.
  virtual std::string path(PartitionId id) const = 0;
};

}  // namespace partita
