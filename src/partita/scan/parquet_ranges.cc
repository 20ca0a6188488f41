#include "partita/scan/parquet_ranges.h"

#include <utility>

#include <arrow/array/builder_base.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <parquet/arrow/reader.h>
#include <parquet/metadata.h>
#include <parquet/statistics.h>

#include "partita/filter/comparable_types.h"

namespace partita {
namespace {

// What is known of a column in one row group; both bounds or none.
struct GroupRange {
  std::shared_ptr<arrow::Scalar> smallest;
  std::shared_ptr<arrow::Scalar> largest;
  bool has_null = true;
  bool has_value = true;
};

GroupRange RangeOf(const parquet::RowGroupMetaData& group, int leaf,
                   const std::shared_ptr<arrow::DataType>& type) {
  GroupRange range;
  if (leaf < 0) {
    range.has_value = leaf == kNestedColumn;
    return range;
  }
  const auto column = group.ColumnChunk(leaf);
  const auto statistics = column->is_stats_set() ? column->statistics() : nullptr;
  if (statistics == nullptr) {
    return range;
  }
  if (statistics->HasNullCount()) {
    range.has_null = statistics->null_count() > 0;
    range.has_value = statistics->null_count() < group.num_rows();
  }
  std::shared_ptr<arrow::Scalar> smallest;
  std::shared_ptr<arrow::Scalar> largest;
  if (!statistics->HasMinMax() ||
      !parquet::arrow::StatisticsAsScalars(*statistics, &smallest, &largest).ok()) {
    return range;
  }
  // A bound that its own type cannot be told from is none.
  auto smallest_as_type = smallest->CastTo(type);
  auto largest_as_type = largest->CastTo(type);
  // Old writers noted NaN as a bound, which says nothing of the other values.
  if (smallest_as_type.ok() && largest_as_type.ok() && !IsNan(**smallest_as_type) &&
      !IsNan(**largest_as_type)) {
    range.smallest = *std::move(smallest_as_type);
    range.largest = *std::move(largest_as_type);
  }
  return range;
}

arrow::Status AppendBound(const std::shared_ptr<arrow::Scalar>& bound,
                          arrow::ArrayBuilder* builder) {
  return bound == nullptr ? builder->AppendNull() : builder->AppendScalar(*bound);
}

}  // namespace

arrow::Result<ColumnRanges> RangesOfColumn(const parquet::FileMetaData& footer, int leaf,
                                           const std::shared_ptr<arrow::DataType>& type) {
  ARROW_ASSIGN_OR_RAISE(const auto smallest, arrow::MakeBuilder(type));
  ARROW_ASSIGN_OR_RAISE(const auto largest, arrow::MakeBuilder(type));
  arrow::BooleanBuilder has_null;
  arrow::BooleanBuilder has_value;
  for (int i = 0; i < footer.num_row_groups(); ++i) {
    const GroupRange range = RangeOf(*footer.RowGroup(i), leaf, type);
    ARROW_RETURN_NOT_OK(AppendBound(range.smallest, smallest.get()));
    ARROW_RETURN_NOT_OK(AppendBound(range.largest, largest.get()));
    ARROW_RETURN_NOT_OK(has_null.Append(range.has_null));
    ARROW_RETURN_NOT_OK(has_value.Append(range.has_value));
  }
  ColumnRanges ranges;
  ARROW_ASSIGN_OR_RAISE(ranges.smallest, smallest->Finish());
  ARROW_ASSIGN_OR_RAISE(ranges.largest, largest->Finish());
  ARROW_RETURN_NOT_OK(has_null.Finish(&ranges.has_null));
  ARROW_RETURN_NOT_OK(has_value.Finish(&ranges.has_value));
  return ranges;
}

}  // namespace partita
