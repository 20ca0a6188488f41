#pragma once

#include <arrow/result.h>

#include "partita/options.h"
#include "partita/report.h"

namespace partita {

/// \brief Writes generated rows to a file; see Generate() in partita/job.h.
arrow::Result<GenerateReport> RunGenerateJob(const GenerateOptions& options);

}  // namespace partita
