#pragma once

#include <limits>
#include <memory>

#include <arrow/result.h>

#include "partita/model/sorted_run.h"
#include "partita/spill/piece_buffer.h"
#include "partita/spill/spilled_run.h"

namespace partita {

/// \brief A reader's place in one run, which goes from partition to partition.
///
/// Ownership:     borrows the run.
/// Thread safety: one thread at a time; many cursors may stand in one run.
/// Errors:        kStoreUnavailable when a temporary file cannot be read.
class RunCursor {
 public:
  /// Stands for no partition; above every id.
  static constexpr PartitionId kEnd = std::numeric_limits<PartitionId>::max();

  virtual ~RunCursor() = default;

  /// Turns to the first partition of the run in first ≤ id < last and returns it, or
  /// kEnd.
  virtual arrow::Result<PartitionId> Seek(PartitionId first, PartitionId last) = 0;

  /// Leaves the partition for the run's next one below `last`; returns it, or kEnd.
  virtual arrow::Result<PartitionId> Next() = 0;

  /// Moves on through the partition's rows and adds them to `piece`, each with a LF,
  /// until they end (true) or no longer fit (false).
  virtual arrow::Result<bool> Append(PieceBuffer* piece) = 0;
};

/// \brief A cursor in a run kept in memory.
///
/// Thread safety: pure.
std::unique_ptr<RunCursor> MakeKeptCursor(const SortedRun& run);

/// \brief Bytes of the window a spilled cursor needs at least.
inline constexpr size_t kLeastWindowBytes =
    SpilledRun::kBlockGroups * sizeof(SpilledGroup) + 512;

/// \brief A cursor in a spilled run, which reads through the `size` bytes at `window`.
///
/// Ownership:     borrows the window, which is aligned to 8 and followed by
///                Buffer::kPadding readable bytes (another cursor's window will do).
/// Thread safety: pure.
/// Cost:          one read per 256 partitions, and one per window of rows; never reads
///                rows outside of the partitions sought.
std::unique_ptr<RunCursor> MakeSpilledCursor(const SpilledRun& run, char* window,
                                             size_t size);

}  // namespace partita
