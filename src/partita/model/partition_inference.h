#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/model/data_type.h"

namespace partita {

/// \brief Finds names and types of the partition columns of a folder tree, as Spark does.
///
/// Types: integer, long, decimal(p,0), double, timestamp, date, else string; void where
/// every value is NULL. Integer and double give double, long and double string, date and
/// timestamp timestamp, any other mixture string. Looks at the values as the folders
/// spell them, so `1%30` is a string. Memory is that of the column names alone.
/// Thread safety: one thread at a time.
/// Source:        Spark's PartitioningUtils; differs in that a data file outside of the
/// partition folders is an error, not left out.
class PartitionInference {
 public:
  /// Adds the folder of a data file, below the data set's root and without a `/` at
  /// either end; empty for the root itself.
  ///
  /// Errors: kBadInput for an empty name or value (`=1`, `a=`), or columns that are not
  /// those of the folders before.
  arrow::Status Add(std::string_view folder);

  /// The columns, outermost first; names are those of the first folder added.
  ///
  /// Errors: kBadInput for a column that stands twice in the path.
  arrow::Result<std::vector<Field>> Finish() const;

 private:
  arrow::Status CompareColumns(const std::vector<std::string>& columns,
                               std::string_view folder) const;

  bool has_folder_ = false;
  std::string first_folder_;
  std::vector<std::string> columns_;
  std::vector<DataType> types_;
};

/// \brief The values of a folder's partition columns as Spark shows them: `007` of an
/// integer column is `7`. No value means NULL.
///
/// Thread safety: pure.
/// Errors:        kInternal when `folder` was not added to the inference that gave
/// `columns`.
arrow::Result<std::vector<std::optional<std::string>>> InferredPartitionValues(
    std::string_view folder, const std::vector<Field>& columns);

/// \brief Data columns, then partition columns. A column that is in both stands in the
/// place of the data column, with the partition's name and type.
///
/// Thread safety: pure.
Schema WithPartitionColumns(Schema data, const std::vector<Field>& partition_columns);

}  // namespace partita
