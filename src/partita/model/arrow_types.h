#pragma once

#include <memory>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/model/data_type.h"

namespace partita {

// Spark's types as Arrow's and back. All functions are pure and may be called from any
// thread.

/// \brief The Arrow type that holds values of `type`: timestamps are microseconds (in UTC
/// for `timestamp`, without a zone for `timestamp_ntz`), decimals 128 bits wide.
std::shared_ptr<arrow::DataType> ToArrowType(const DataType& type);

/// \brief Names and types as an Arrow schema.
std::shared_ptr<arrow::Schema> ToArrowSchema(const Schema& schema);

/// \brief The type that Spark gives values of an Arrow type, all parts nullable.
///
/// Unsigned integers get the next larger type. Nanoseconds, which Spark refuses, are
/// taken as a timestamp. Errors: kBadInput for a type Spark has none for (time of day,
/// intervals, unions).
arrow::Result<DataType> FromArrowType(const arrow::DataType& type);

/// \brief FromArrowType() of every field. Errors: kBadInput naming the column.
arrow::Result<Schema> FromArrowSchema(const arrow::Schema& schema);

}  // namespace partita
