#pragma once

#include <string_view>

#include <arrow/status.h>
#include <arrow/type_fwd.h>

#include "partita/model/data_type.h"
#include "partita/scan/json_cursor.h"

namespace partita {

/// \brief Appends a value of JSON that is not NULL to the builder of a type that is not nested.
///
/// `text` is a string's characters, else the value as it stands. Kinds are those of Spark's reader: a number or a boolean
/// in quotes is text, but for `NaN`, `INF` and `Infinity` of floating-point columns and for decimals; a whole number is a
/// timestamp's seconds since the epoch; a string column takes any value.
/// Thread safety: as the builder.
/// Errors:        kBadInput where it is no value of the type; nothing is appended then.
arrow::Status AppendJsonScalar(JsonCursor::Kind kind, std::string_view text,
                               const DataType& type, arrow::ArrayBuilder* builder);

/// \brief Whether AppendJsonScalar() takes the value. Pure.
bool FitsJsonScalar(JsonCursor::Kind kind, std::string_view text, const DataType& type);

}  // namespace partita
