#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "partita/base/buffer.h"

namespace partita {

/// \brief Dense number of a partition within one job, in order of first sight.
using PartitionId = uint32_t;

/// \brief Where a row lies in its run's buffer, without its line end.
struct RowRef {
  uint32_t offset = 0;
  uint32_t length = 0;
};

/// \brief One stretch of the input with its rows grouped by partition; the rows still lie
/// where they were read.
///
/// Shapes:        `partitions` (ascending) and `begins` run in parallel; rows of
/// partitions[i] are
///                rows[begins[i]] … rows[begins[i + 1]), in input order; begins has one
///                entry more.
/// Ownership:     owns the buffer the rows lie in.
/// Thread safety: as any value.
struct SortedRun {
  Buffer bytes;
  std::vector<RowRef> rows;
  std::vector<PartitionId> partitions;
  std::vector<uint32_t> begins;

  /// Bytes of memory held.
  int64_t memory_bytes() const {
    return static_cast<int64_t>(bytes.memory_bytes() + rows.capacity() * sizeof(RowRef) +
                                partitions.capacity() * sizeof(PartitionId) +
                                begins.capacity() * sizeof(uint32_t));
  }
};

/// \brief What is known of the rows of one partition: the proof that encode saw what scan
/// saw.
struct PartitionTotals {
  int64_t num_rows = 0;
  int64_t bytes = 0;  ///< row bytes with one line end each
  uint64_t hash_sum =
      0;  ///< sum of Hash64 over the rows' bytes: does not depend on their order
  int64_t num_empty_keys =
      0;  ///< rows with an empty string, not NULL, as a partition value

  friend bool operator==(const PartitionTotals&, const PartitionTotals&) = default;

  PartitionTotals& operator+=(const PartitionTotals& other) {
    num_rows += other.num_rows;
    bytes += other.bytes;
    hash_sum += other.hash_sum;
    num_empty_keys += other.num_empty_keys;
    return *this;
  }
};

}  // namespace partita
