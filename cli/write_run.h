#pragma once

#include <string>

#include "partita/options.h"

#include "cli/diagnostics.h"
#include "cli/exit_code.h"

namespace partita::cli {

/// \brief Runs a write with progress and signals, and tells its outcome: a summary, or the report to a file or standard
/// output (`-`).
///
/// `report_file` may be empty. The report is left where the job fails, too, unless the call was wrong.
ExitCode RunWrite(WriteOptions options, const std::string& report_file,
                  const LogArguments& log);

}  // namespace partita::cli
