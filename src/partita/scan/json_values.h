#pragma once

#include <string_view>
#include <vector>

#include <arrow/status.h>
#include <arrow/type_fwd.h>

#include "partita/model/data_type.h"
#include "partita/scan/json_cursor.h"

namespace partita {

/// \brief The field that a member of an object belongs to, or -1: an exact name before one in other letters. Pure.
int FindJsonField(const std::vector<Field>& fields, std::string_view name);

/// \brief Passes a value of any type and appends it to the builder of ToArrowType(type).
///
/// Thread safety: as cursor and builder.
/// Errors:        kBadInput: no JSON, or no value of the type (AppendJsonScalar()); a part may be appended then.
arrow::Status AppendJsonValue(JsonCursor* cursor, const DataType& type,
                              arrow::ArrayBuilder* builder);

/// \brief Passes an object and appends a value, or NULL, to each of `builders`, which belong to `fields`.
///
/// Errors: as AppendJsonValue(), naming the field; kBadInput for a field that is named twice.
arrow::Status AppendJsonMembers(JsonCursor* cursor, const std::vector<Field>& fields,
                                const std::vector<arrow::ArrayBuilder*>& builders);

/// \brief The builders of a struct's fields, which are the builder's. Pure.
std::vector<arrow::ArrayBuilder*> FieldBuilders(arrow::StructBuilder* builder);

}  // namespace partita
