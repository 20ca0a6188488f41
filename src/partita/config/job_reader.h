#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/job.h"

namespace partita {

/// \brief Reads the text of a job file called `name`; `overrides` are KEY=VALUE.
///
/// Thread safety: any thread; reads environment variables.
/// Errors:        kInvalidConfig with name, line and column, or with the override.
/// Source:        docs/format/job.md
arrow::Result<JobFile> ReadJob(std::string_view text, const std::string& name,
                               const std::vector<std::string>& overrides);

}  // namespace partita
