#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace partita {

/// \brief Draws indexes in proportion to weights, in constant time (alias method).
///
/// Integers only, so that the same draws come on every machine.
/// Thread safety: immutable once made.
class WeightedChoice {
 public:
  /// At least one weight; their sum below 2^32.
  explicit WeightedChoice(const std::vector<uint32_t>& weights);

  /// The index that 64 evenly spread bits stand for.
  size_t Draw(uint64_t random) const {
    const uint64_t slot = ((random & 0xFFFFFFFFU) * slots_.size()) >> 32;
    const Slot& chosen = slots_[slot];
    return (random >> 32) < chosen.threshold ? slot : chosen.alias;
  }

 private:
  struct Slot {
    uint64_t threshold = 0;  // of 2^32: below it the slot itself is drawn
    uint32_t alias = 0;
  };

  std::vector<Slot> slots_;
};

/// \brief Bits of a counter, mixed so that they look random (splitmix64).
///
/// Thread safety: pure.
inline uint64_t MixBits(uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

}  // namespace partita
