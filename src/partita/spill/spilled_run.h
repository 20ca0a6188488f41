#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <arrow/result.h>

#include "partita/model/sorted_run.h"
#include "partita/spill/temp_file.h"

namespace partita {

/// \brief One partition of a spilled run, as written in the run's directory.
struct SpilledGroup {
  PartitionId partition = 0;
  uint32_t bytes = 0;  ///< of its rows, each with its length
};

/// \brief Where in a temporary file a run lies.
///
/// Format:        the rows, grouped by partition (ascending) and in input order within
///                each, every row as its length (32 bits) and its bytes; then the
///                directory, one SpilledGroup per partition.
/// Units:         `data_begin` and `directory_begin` are offsets in the file, those in
///                `blocks` offsets from data_begin.
/// Ownership:     borrows the file; owns the index, one entry per block of the directory.
/// Thread safety: as any value.
struct SpilledRun {
  static constexpr size_t kBlockGroups = 256;

  struct Block {
    PartitionId first = 0;
    uint32_t data_offset = 0;
  };

  const TempFile* file = nullptr;
  int64_t data_begin = 0;
  int64_t directory_begin = 0;
  size_t num_groups = 0;
  std::vector<Block> blocks;

  int64_t memory_bytes() const {
    return static_cast<int64_t>(blocks.capacity() * sizeof(Block));
  }
};

/// \brief Appends `run` to `file`, passing the bytes through `buffer`.
///
/// Errors:        kStoreUnavailable as TempFile; kInternal for a run of 4 GiB or more.
/// Thread safety: one thread at a time per file.
/// Cost:          one sequential write; rows are fetched ahead.
arrow::Result<SpilledRun> SpillRun(const SortedRun& run, TempFile* file, Buffer* buffer);

}  // namespace partita
