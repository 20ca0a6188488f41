#pragma once

#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/model/data_type.h"

namespace partita {

/// \brief The columns a job partitions by.
struct PartitionSpec {
  std::vector<int> columns;  ///< indices into the rows' schema, outermost folder first
  std::vector<std::string> names;  ///< as the user spelled them; these name the folders
  bool allow_default_literal = false;  ///< accept the text __HIVE_DEFAULT_PARTITION__ as
                                       ///< a value (it becomes NULL's folder)
};

/// \brief What is wrong with the names alone: none, one twice, one that cannot name a folder.
///
/// Thread safety: pure. Errors: kInvalidConfig.
arrow::Status CheckPartitionNames(const std::vector<std::string>& names);

/// \brief Builds a spec from the names given.
///
/// Matches names to columns without regard to letter case, as Spark does.
/// Errors:        kInvalidConfig, in Spark's order and words where it has them: no name,
///                a name twice, an unknown column (the message lists the nearest), a
///                nested type, every column a partition column, a column name that is
///                empty or begins with a dot (readers would not see its folders).
/// Thread safety: pure.
arrow::Result<PartitionSpec> MakePartitionSpec(const Schema& schema,
                                               const std::vector<std::string>& names);

}  // namespace partita
