#pragma once

#include <cstddef>
#include <cstdint>

#include <arrow/result.h>

namespace partita {

/// \brief How a job's memory budget is divided before it starts.
///
/// Units: bytes. The parts below are charged at once; the rest of the budget is for
/// partition keys and for runs kept in memory, which spill when it is used up.
struct MemoryPlan {
  int64_t budget = 0;  ///< the whole
  int threads = 1;     ///< as many as wanted, or as the budget feeds
  int remote_readers =
      1;  ///< threads that scan objects: at least `threads`, as most wait
  int encode_workers = 1;   ///< at least `threads`; more where devices are waited for
  size_t segment_size = 0;  ///< input bytes a thread reads at a time
  size_t remote_segment_size = 0;  ///< the same of an object, by one range request
  int64_t row_group_bytes = 0;     ///< what one open Parquet row group may hold
  size_t piece_size = 0;           ///< row bytes gathered at a time for encoding
  int64_t upload_bytes = 0;  ///< full parts that wait for their upload, or are under way
  int64_t reserved =
      0;  ///< segments of all threads; pieces, row groups, buffers of all workers; uploads
};

/// \brief What a job is planned for.
struct MemoryDemand {
  int64_t budget = 0;
  int threads = 1;
  int num_outputs = 1;
  int num_parquet_outputs = 0;
  int num_object_outputs = 0;  ///< on an object store, where an open file gathers a part
  int64_t part_bytes = 0;      ///< of an object
};

/// \brief Divides the budget among threads and outputs; a quarter at least stays for runs.
///
/// Thread safety: pure.
/// Errors:        kInvalidConfig when the budget does not feed one thread; the message
///                names the least that does.
arrow::Result<MemoryPlan> MakeMemoryPlan(const MemoryDemand& demand);

}  // namespace partita
