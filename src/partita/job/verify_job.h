#pragma once

#include <arrow/result.h>

#include "partita/options.h"
#include "partita/report.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Verify() on a store.
///
/// Ownership:     borrows the store.
/// Thread safety: starts and ends its own threads.
/// Errors:        as Verify().
arrow::Result<VerifyReport> RunVerifyJob(Store* store, const VerifyOptions& options);

}  // namespace partita
