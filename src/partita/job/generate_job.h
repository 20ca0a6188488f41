#pragma once

#include <arrow/result.h>

#include "partita/options.h"
#include "partita/report.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Writes generated rows to a file on a store; see Generate() in partita/job.h.
///
/// Ownership: borrows the store.
arrow::Result<GenerateReport> RunGenerateJob(Store* store,
                                             const GenerateOptions& options);

}  // namespace partita
