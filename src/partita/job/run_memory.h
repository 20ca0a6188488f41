#pragma once

#include <string>

#include <arrow/status.h>

#include "partita/options.h"
#include "partita/report.h"

namespace partita {

/// \brief Fills in when the job began and what it was asked.
void DescribeRequest(const WriteOptions& options, JobReport* report);

/// \brief Whether a job failed because it was called wrongly, so that there was nothing to run. Pure.
bool IsWrongCall(const JobReport& report);

/// \brief Adds the run to the history in a catalog file, without its lists of partitions and files; does nothing where no
/// file is named and there is no place for a default one. The report is as before afterwards.
///
/// Errors: those of OpenRunHistory() and RunHistory::Add().
arrow::Status RememberRun(JobReport* report, const std::string& catalog_file);

}  // namespace partita
