#pragma once

#include <cstdint>
#include <string>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

namespace partita {

/// \brief Appends the text that Spark's df.show prints for one value of an Arrow array:
/// `{a, b}`, `{k -> v}`, `[1, NULL]`, `[48 65]`, `2016-12-01 00:00:00`.
///
/// Not to be called for a NULL at the top; nested ones give `NULL`. Timestamps are shown
/// in UTC, nanoseconds cut to microseconds. Dictionaries, large and view layouts are
/// shown as the values they stand for. Zero columns of a struct give `{}`.
/// Thread safety: pure.
/// Errors:        kBadInput for a type that Spark has not.
arrow::Status AppendCell(const arrow::Array& array, int64_t row, std::string* out);

}  // namespace partita
