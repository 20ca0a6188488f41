#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/filter/bound_condition.h"
#include "partita/filter/row_filter.h"
#include "partita/model/data_type.h"

namespace partita {

/// \brief The values a column has in each of some groups of rows; arrays are parallel.
struct ColumnRanges {
  std::shared_ptr<arrow::Array>
      smallest;  ///< of the column's type; a lower bound, or NULL where none is known
  std::shared_ptr<arrow::Array> largest;
  std::shared_ptr<arrow::BooleanArray> has_null;   ///< true where a row may be NULL
  std::shared_ptr<arrow::BooleanArray> has_value;  ///< false where all rows are NULL
};

/// \brief Decides for groups of rows whether a condition can be true for one of them.
///
/// Thread safety: const members may be called from any thread.
class RangeFilter {
 public:
  /// Errors: as RowFilter::Make().
  static arrow::Result<RangeFilter> Make(const BoundCondition& condition,
                                         const Schema& schema);

  /// The columns whose ranges decide, ascending; none where nothing can be left out.
  const std::vector<int>& columns() const { return columns_; }

  /// Which of `num_groups` groups are to be read. `ranges` is parallel to columns().
  arrow::Result<std::shared_ptr<arrow::BooleanArray>> MayMatch(
      const std::vector<ColumnRanges>& ranges, int64_t num_groups) const;

 private:
  RangeFilter(std::vector<int> columns, RowFilter filter)
      : columns_(std::move(columns)), filter_(std::move(filter)) {}

  std::vector<int> columns_;
  RowFilter filter_;  // over four columns a column: those of ColumnRanges
};

}  // namespace partita
