#pragma once

#include <functional>
#include <string_view>

#include <arrow/result.h>

#include "partita/scan/json_cursor.h"

namespace partita {

/// \brief Calls `visit` at each object of a line, which it must pass: the line itself, or
/// the elements of an array of objects, as Spark takes lines apart.
///
/// Thread safety: pure.
/// Errors:        kBadInput for a line that is no JSON or holds another kind of value, or
///                more than one; what `visit` returns.
arrow::Status VisitJsonObjects(std::string_view line,
                               const std::function<arrow::Status(JsonCursor*)>& visit);

/// \brief As VisitJsonObjects(), but gives false for a line that goes on behind its first value.
arrow::Result<bool> VisitLeadingJsonObjects(
    std::string_view line, const std::function<arrow::Status(JsonCursor*)>& visit);

/// \brief What is wrong with such a line. Pure.
arrow::Status NotOneJsonValue();

}  // namespace partita
