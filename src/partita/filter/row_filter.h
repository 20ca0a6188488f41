#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/filter/bound_condition.h"
#include "partita/model/data_type.h"

namespace partita {

/// \brief Decides for rows whether a condition is true for them.
///
/// Thread safety: const members may be called from any thread.
class RowFilter {
 public:
  /// Errors: kInvalidConfig where two types have no comparison after all.
  static arrow::Result<RowFilter> Make(const BoundCondition& condition,
                                       const Schema& schema);

  RowFilter(const RowFilter&) = delete;
  RowFilter& operator=(const RowFilter&) = delete;
  RowFilter(RowFilter&&) noexcept;
  RowFilter& operator=(RowFilter&&) noexcept;
  ~RowFilter();

  /// The columns of the schema that the condition looks at, ascending.
  const std::vector<int>& columns() const;

  /// Which of `num_rows` rows the condition is true for: bits without NULLs.
  ///
  /// `values` is parallel to columns(): arrays of `num_rows`, or scalars that hold for all rows. An array may have
  /// any layout of its column's type (dictionary, large string, other time unit).
  arrow::Result<std::shared_ptr<arrow::BooleanArray>> Matches(
      const std::vector<arrow::Datum>& values, int64_t num_rows) const;

 private:
  struct State;
  explicit RowFilter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace partita
