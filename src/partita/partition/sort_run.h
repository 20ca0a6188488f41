#pragma once

#include <cstddef>
#include <vector>

#include "partita/model/sorted_run.h"

namespace partita {

/// \brief Groups the rows of one buffer by partition, keeping input order within each.
///
/// `rows` and `ids` are parallel and in input order; `num_partitions` is above every id.
/// Ownership:     takes the buffer; its bytes are not touched.
/// Thread safety: pure.
/// Cost:          a counting sort, O(rows + partitions); where partitions far outnumber
///                rows, a comparison sort of the ids.
SortedRun SortRun(Buffer bytes, const std::vector<RowRef>& rows,
                  const std::vector<PartitionId>& ids, size_t num_partitions);

}  // namespace partita
