#include "partita/job/partition_choice.h"

#include <utility>

#include <arrow/array.h>
#include <arrow/array/builder_base.h>
#include <arrow/datum.h>

#include "partita/filter/bound_condition.h"
#include "partita/filter/row_filter.h"
#include "partita/model/arrow_types.h"
#include "partita/scan/text_builder.h"

namespace partita {

arrow::Result<std::shared_ptr<arrow::Array>> PartitionColumn(
    const Field& column, size_t index, const std::vector<PartitionValues>& partitions) {
  ARROW_ASSIGN_OR_RAISE(const auto builder, arrow::MakeBuilder(ToArrowType(column.type)));
  ARROW_RETURN_NOT_OK(builder->Reserve(static_cast<int64_t>(partitions.size())));
  for (const PartitionValues& values : partitions) {
    const auto& value = values[index];
    ARROW_RETURN_NOT_OK(value ? AppendText(*value, column.type, builder.get())
                              : builder->AppendNull());
  }
  return builder->Finish();
}

arrow::Result<std::vector<bool>> ChoosePartitions(
    std::string_view text, const Condition& condition, const std::vector<Field>& columns,
    const std::vector<PartitionValues>& partitions) {
  const Schema schema{.fields = columns};
  ARROW_ASSIGN_OR_RAISE(const BoundCondition bound,
                        BindKnownColumns(text, condition, schema));
  std::vector<bool> is_chosen(partitions.size(), true);
  if (IsAlwaysTrue(bound)) {
    return is_chosen;
  }
  ARROW_ASSIGN_OR_RAISE(const RowFilter filter, RowFilter::Make(bound, schema));
  std::vector<arrow::Datum> values;
  for (const int column : filter.columns()) {
    const auto index = static_cast<size_t>(column);
    ARROW_ASSIGN_OR_RAISE(values.emplace_back(),
                          PartitionColumn(columns[index], index, partitions));
  }
  ARROW_ASSIGN_OR_RAISE(const auto matches,
                        filter.Matches(values, static_cast<int64_t>(partitions.size())));
  for (size_t i = 0; i < is_chosen.size(); ++i) {
    is_chosen[i] = matches->Value(static_cast<int64_t>(i));
  }
  return is_chosen;
}

}  // namespace partita
