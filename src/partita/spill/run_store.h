#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <arrow/result.h>

#include "partita/base/buffer.h"
#include "partita/base/memory_budget.h"
#include "partita/model/sorted_run.h"

namespace partita {

/// \brief Keeps the runs of a job: in memory while they fit the budget, beyond it in
/// unlinked temporary files.
///
/// Life cycle:    Add() from all threads, then Seal() once, then NewReader() per thread.
/// Ownership:     owns the runs and files; borrows the budget.
/// Thread safety: Add() may be called from any thread; a Reader belongs to one thread.
/// Errors:        kStoreUnavailable when a temporary file cannot be written or read (disk
///                full: the message names the folder and --temp-dir).
/// Cost:          a spilled run is written once, sequentially, grouped by partition; one
///                file per adding thread; 8 bytes of memory per 256 partitions of a
///                spilled run.
class RunStore {
 public:
  struct Options {
    std::string temp_dir;            ///< must exist
    MemoryBudget* budget = nullptr;  ///< charged for every run kept in memory
    int num_slots = 1;               ///< adding threads
  };

  static arrow::Result<std::unique_ptr<RunStore>> Make(const Options& options);
  virtual ~RunStore() = default;

  /// Takes over `run`; `sequence` is its place in the input. Returns the run's memory for
  /// re-use if it was spilled. `slot` is the calling thread's, below num_slots. Where
  /// others have charged the budget beyond its limit, kept runs are spilled too.
  virtual arrow::Result<std::optional<SortedRun>> Add(int64_t sequence, SortedRun run,
                                                      int slot) = 0;

  /// Ends adding and puts the runs into input order.
  virtual arrow::Status Seal() = 0;

  /// Reads rows back, partition by partition.
  class Reader {
   public:
    virtual ~Reader() = default;

    /// Turns to the partitions first ≤ id < last, all rows of which are read next.
    virtual arrow::Status OpenPartitions(PartitionId first, PartitionId last) = 0;

    /// The next rows of `partition`, in input order, each with one LF behind it: as many
    /// as fit `piece_size`, at least one. Empty at the end. Partitions are taken in
    /// ascending order, each to its end. The bytes are valid until the next call and
    /// followed by Buffer::kPadding readable bytes.
    virtual arrow::Result<std::string_view> NextPiece(PartitionId partition) = 0;
  };

  virtual arrow::Result<std::unique_ptr<Reader>> NewReader(size_t piece_size) = 0;

  /// Bytes written to temporary files so far.
  virtual int64_t bytes_spilled() const = 0;
};

}  // namespace partita
