#pragma once

#include <arrow/result.h>

#include "partita/commit/object_state.h"
#include "partita/report.h"
#include "partita/store/side_by_side.h"

namespace partita {

/// \brief Heals a target on an object store (docs/format/commit-objects.md §4): finishes what a dead job had decided, and removes what
/// dead jobs have left. Jobs whose lease has not run out are left alone.
///
/// With `dry_run` it changes nothing, and looks at the uploads of a commit that is not over to say how that would end.
/// Thread safety: any thread, any number of processes at once.
/// Errors:        kCommitConflict (a live job is in the middle of its commit), kCommitStateUnknown, kStoreUnavailable.
arrow::Result<RecoveryReport> HealObjects(const ObjectState& state, const SideBySide& run,
                                          bool dry_run);

}  // namespace partita
