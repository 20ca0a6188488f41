#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/filter/condition.h"
#include "partita/job/dataset_file.h"
#include "partita/model/data_type.h"

namespace partita {

/// \brief The values of one partition column as an Arrow array of its type.
///
/// Errors: kBadInput for a text that is no value of the type.
arrow::Result<std::shared_ptr<arrow::Array>> PartitionColumn(
    const Field& column, size_t index, const std::vector<PartitionValues>& partitions);

/// \brief Which partitions can have rows for which a condition is true: those for which all that it says of partition
/// columns is.
///
/// `text` is what `condition` was read from. Thread safety: pure.
/// Errors:        kInvalidConfig (types), kBadInput (values).
arrow::Result<std::vector<bool>> ChoosePartitions(
    std::string_view text, const Condition& condition, const std::vector<Field>& columns,
    const std::vector<PartitionValues>& partitions);

}  // namespace partita
