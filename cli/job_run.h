#pragma once

#include <arrow/result.h>

#include "cli/diagnostics.h"
#include "cli/progress_bar.h"
#include "cli/stop_signals.h"
#include "cli/waiting_text.h"

namespace partita::cli {

/// \brief Runs a job of the library with logging, progress, and signals that stop it.
///
/// Errors: the job's own.
template <typename Options, typename Report>
arrow::Result<Report> RunJob(arrow::Result<Report> (*job)(const Options&),
                             Options options, const LogArguments& log) {
  StartLogging(log);
  StopSignals signals;
  ProgressBar progress(log.quiet, WaitingFor(options));
  options.stop = signals.token();
  options.on_progress = progress.Callback();
  return job(options);
}

}  // namespace partita::cli
