#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "partita/base/memory_budget.h"

namespace partita {

/// \brief Memory that only grows, taken in chunks so that nothing ever moves.
///
/// Units:         a place is a 32-bit name of an allocation, half as wide as a pointer;
///                32 GiB can be named.
/// Ownership:     owns the chunks; charges them to the borrowed budget, and gives back
///                when destroyed.
/// Thread safety: one thread at a time.
/// Cost:          allocations are rounded up to 8 bytes.
class KeyArena {
 public:
  explicit KeyArena(MemoryBudget* budget) : budget_(budget) {}

  KeyArena(const KeyArena&) = delete;
  KeyArena& operator=(const KeyArena&) = delete;

  ~KeyArena() { budget_->Release(bytes_taken_); }

  /// The place of `bytes` fresh bytes, aligned to 8.
  uint32_t Allocate(size_t bytes);

  std::byte* at(uint32_t place) const {
    return chunks_[place >> kChunkUnitsLog2].get() +
           (place & (kChunkUnits - 1)) * kUnitBytes;
  }

 private:
  static constexpr int kChunkUnitsLog2 = 13;
  static constexpr uint32_t kChunkUnits = 1U << kChunkUnitsLog2;
  static constexpr size_t kUnitBytes = 8;

  uint32_t AddChunk(size_t units);

  MemoryBudget* budget_;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  uint32_t current_chunk_ = 0;
  uint32_t units_used_ = kChunkUnits;  // of the current chunk
  int64_t bytes_taken_ = 0;
};

}  // namespace partita
