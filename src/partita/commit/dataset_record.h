#pragma once

#include <optional>
#include <string>

#include <arrow/result.h>

#include "partita/commit/commit_state.h"
#include "partita/store/store.h"

namespace partita {

/// \brief What the last commit to a data set recorded; empty where Partita has never committed to it.
///
/// Thread safety: any thread; takes no lock.
/// Errors:        kCommitConflict (a commit is under way, or its writer has died), kCommitStateUnknown,
///                kStoreUnavailable, kInvalidConfig (a store without folders).
arrow::Result<std::optional<Manifest>> ReadDatasetRecord(Store* store,
                                                         const std::string& target);

}  // namespace partita
