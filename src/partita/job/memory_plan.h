#pragma once

#include <cstddef>
#include <cstdint>

namespace partita {

/// \brief How a job's memory budget is divided before it starts.
///
/// Units: bytes. The parts below are charged at once; the rest of the budget is for partition keys and for runs kept in
/// memory, which spill when it is used up.
struct MemoryPlan {
  int64_t budget = 0;           ///< the whole
  size_t segment_size = 0;      ///< input bytes a thread reads at a time
  int64_t row_group_bytes = 0;  ///< what one open Parquet row group may hold
  size_t piece_size =
      0;  ///< row bytes gathered at a time for encoding; fits a core's cache
  int64_t reserved =
      0;  ///< segments, pieces, row groups and encoder buffers of all threads
};

/// \brief Divides `budget` among `threads` threads writing `outputs` outputs each.
MemoryPlan MakeMemoryPlan(int64_t budget, int threads, int outputs);

}  // namespace partita
