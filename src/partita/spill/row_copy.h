#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "partita/model/sorted_run.h"

namespace partita {

// Rows of a run lie scattered over a buffer larger than any cache, so a gather fetches
// this many rows ahead.
inline constexpr size_t kRowsAhead = 8;

/// \brief Asks the memory for the first bytes of a row.
///
/// Thread safety: pure.
inline void PrefetchRow(const char* bytes, const RowRef& row) {
  constexpr uint32_t kLine = 64;
  const uint32_t end = std::min(row.length, 5 * kLine);
  for (uint32_t i = 0; i < end; i += kLine) {
    __builtin_prefetch(bytes + row.offset + i);
  }
}

/// \brief Copies a row in fixed steps, faster than memcpy for the usual lengths.
///
/// Up to 63 bytes after `size` are read and overwritten too: both sides need the padding
/// that Buffer gives.
/// Thread safety: pure.
inline void CopyRow(char* to, const char* from, size_t size) {
  constexpr size_t kStep = 64;
  constexpr size_t kLongRow = 1024;
  if (size > kLongRow) {
    std::memcpy(to, from, size);
    return;
  }
  for (size_t i = 0; i < size; i += kStep) {
    std::memcpy(to + i, from + i, kStep);
  }
}

}  // namespace partita
