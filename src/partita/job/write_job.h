#pragma once

#include <arrow/result.h>

#include "partita/options.h"
#include "partita/report.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Runs a partitioned write from its options to its report, on a store that holds all paths it names; see Write() in
/// partita/job.h.
///
/// Ownership: borrows the store.
arrow::Result<JobReport> RunWriteJob(Store* store, const WriteOptions& options);

}  // namespace partita
