#pragma once

#include <cstdint>
#include <string>

#include <arrow/status.h>
#include <arrow/type_fwd.h>

namespace partita {

/// \brief Appends one value of an Arrow array as JSON, the way Spark's to_json writes it.
///
/// Numbers and booleans stand as they are, other values in quotes, binary as base64; NaN and infinite numbers in
/// quotes. Members of a struct that are NULL are left out, elements of lists and maps are `null`.
/// Not to be called for a NULL at the top. Thread safety: pure. Errors: kBadInput for a type that Spark has not.
arrow::Status AppendJsonValue(const arrow::Array& array, int64_t row, std::string* out);

}  // namespace partita
