#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/filter/condition.h"
#include "partita/model/data_type.h"

namespace partita {

/// \brief The type in which values of both types are compared without loss; nothing where they cannot be.
///
/// Numbers: the wider integer, a decimal that holds both, else double. Date and timestamp: timestamp.
/// Thread safety: pure. Source: docs/format/condition.md, "Types".
std::shared_ptr<arrow::DataType> ComparableType(const arrow::DataType& left,
                                                const arrow::DataType& right);

/// \brief The value of a literal in its own type: the narrowest that holds it. NULL has Arrow's null type.
///
/// Errors: kInvalidConfig (without a place) for a date or timestamp that is none, or a number out of all range.
arrow::Result<std::shared_ptr<arrow::Scalar>> LiteralValue(const Literal& literal);

/// \brief A string literal read as a value of a column's type; nothing where it is none.
std::shared_ptr<arrow::Scalar> ReadAs(std::string_view text, const DataType& type);

/// \brief `value` in the type of a comparison. Requires ComparableType() to have given `type`.
arrow::Result<std::shared_ptr<arrow::Scalar>> ValueAs(
    const std::shared_ptr<arrow::Scalar>& value,
    const std::shared_ptr<arrow::DataType>& type);

/// \brief True for a float or double that is not a number. Thread safety: pure.
bool IsNan(const arrow::Scalar& value);

}  // namespace partita
