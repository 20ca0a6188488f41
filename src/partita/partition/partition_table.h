#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/base/memory_budget.h"
#include "partita/model/data_type.h"
#include "partita/model/sorted_run.h"

namespace partita {

/// \brief The columns a job partitions by.
struct PartitionSpec {
  std::vector<int> columns;  ///< indices into the rows' schema, outermost folder first
  std::vector<std::string> names;  ///< as the user spelled them; these name the folders
  bool allow_default_literal = false;  ///< accept the text __HIVE_DEFAULT_PARTITION__ as
                                       ///< a value (it becomes NULL's folder)
};

/// \brief Builds a spec from the names given.
///
/// Matches names to columns without regard to letter case, as Spark does.
/// Errors: kInvalidConfig, in Spark's order and words where it has them: no name, a name
/// twice, an unknown column (the message lists the nearest), a nested type, every column
/// a partition column, a column name that begins with a dot (readers would not see its
/// folders).
arrow::Result<PartitionSpec> MakePartitionSpec(const Schema& schema,
                                               const std::vector<std::string>& names);

/// \brief All partitions of a job: their keys, dense ids and folder paths.
///
/// Keys are compared as rendered by Spark's CAST AS STRING; NULL and the empty string are
/// one key. Ownership:     owns the keys; charges the budget for them. Thread safety:
/// FindOrAdd() takes a lock (PartitionRouter asks only at a key's first sight per
/// thread); the rest may
///                be called by any thread once adding has ended.
/// Errors:        kBadInput for a key that cannot be a folder: over 255 bytes escaped,
/// with a NUL byte, or equal to
///                the text __HIVE_DEFAULT_PARTITION__ where that is not allowed.
class PartitionTable {
 public:
  static std::unique_ptr<PartitionTable> Make(MemoryBudget* budget);
  virtual ~PartitionTable() = default;

  /// The id of the partition whose path (`Model Year=2011/Make=KIA`) is `path`; adds it
  /// when new.
  virtual PartitionId FindOrAdd(const std::string& path) = 0;

  virtual size_t size() const = 0;

  /// The folder path below the data set's root.
  virtual std::string path(PartitionId id) const = 0;
};

}  // namespace partita
