#pragma once

#include <arrow/result.h>

#include "partita/options.h"
#include "partita/report.h"

namespace partita {

/// \brief Finds what is wrong with the options alone; see CheckOptions() in partita/job.h.
arrow::Status CheckWriteOptions(const WriteOptions& options);

/// \brief Runs a partitioned write from its options to its report; see Write() in partita/job.h.
arrow::Result<JobReport> RunWriteJob(const WriteOptions& options);

}  // namespace partita
