#pragma once

#include <memory>

#include <arrow/compute/expression.h>
#include <arrow/result.h>

#include "partita/filter/bound_condition.h"

namespace partita {

/// \brief A condition as an Arrow expression over field references by index: column i of the schema is field i.
///
/// Comparisons follow Spark where Arrow differs: NaN equals NaN and is larger than any other number.
/// Thread safety: pure.
arrow::Result<arrow::compute::Expression> ToExpression(const BoundCondition& condition);

/// \brief Spark's comparison of two expressions of `type`, which they are cast to where they are not of it.
arrow::compute::Expression CompareAs(const std::shared_ptr<arrow::DataType>& type,
                                     ComparisonOp op, arrow::compute::Expression left,
                                     arrow::compute::Expression right);

}  // namespace partita
