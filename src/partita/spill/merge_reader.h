#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <arrow/result.h>

#include "partita/spill/run_cursor.h"
#include "partita/spill/run_store.h"

namespace partita {

/// \brief The runs of a job in input order, where they ended up.
struct StoredRuns {
  std::vector<const SortedRun*> kept;      ///< null where the run was spilled
  std::vector<const SpilledRun*> spilled;  ///< null where the run was kept
};

/// \brief Makes a reader that merges all runs, partition by partition.
///
/// Ownership:     borrows the runs; its memory is charged to the borrowed budget.
/// Thread safety: pure; the reader belongs to one thread.
/// Errors:        kStoreUnavailable when the system gives no memory.
/// Cost:          `piece_size` and at most 6 MiB; where runs were spilled by the
///                thousand, 2.5 KiB for each of them.
arrow::Result<std::unique_ptr<RunStore::Reader>> MakeMergeReader(const StoredRuns& runs,
                                                                 size_t piece_size,
                                                                 MemoryBudget* budget);

}  // namespace partita
