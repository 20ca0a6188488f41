#pragma once

#include <arrow/result.h>

#include "partita/options.h"
#include "partita/report.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Diagnose() on a store (docs/format/doctor.md).
///
/// Ownership:     borrows the store.
/// Thread safety: starts no threads.
/// Errors:        as Diagnose(), and those of making the store (Store::At).
arrow::Result<DoctorReport> RunDoctorJob(Store* store, const DoctorOptions& options);

}  // namespace partita
