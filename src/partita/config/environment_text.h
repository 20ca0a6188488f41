#pragma once

#include <string>
#include <string_view>

#include <arrow/result.h>

namespace partita {

/// \brief `text` with `${NAME}` and `${NAME:-default}` replaced by environment variables, and `$$` by `$`.
///
/// Thread safety: reads the environment.
/// Errors:        kInvalidConfig: a variable that is not set or empty and has no default, any other `$`.
arrow::Result<std::string> WithEnvironment(std::string_view text);

}  // namespace partita
