#include "partita/partition/key_arena.h"

#include <algorithm>

namespace partita {

uint32_t KeyArena::Allocate(size_t bytes) {
  const size_t units = (bytes + kUnitBytes - 1) / kUnitBytes;
  if (units > kChunkUnits) {
    return AddChunk(units) << kChunkUnitsLog2;  // alone in a chunk of its own size
  }
  if (units_used_ + units > kChunkUnits) {
    current_chunk_ = AddChunk(kChunkUnits);
    units_used_ = 0;
  }
  const uint32_t place = (current_chunk_ << kChunkUnitsLog2) | units_used_;
  units_used_ += static_cast<uint32_t>(units);
  return place;
}

uint32_t KeyArena::AddChunk(size_t units) {
  const size_t bytes = units * kUnitBytes;
  chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(bytes));
  budget_->Charge(static_cast<int64_t>(bytes));
  bytes_taken_ += static_cast<int64_t>(bytes);
  return static_cast<uint32_t>(chunks_.size() - 1);
}

}  // namespace partita
