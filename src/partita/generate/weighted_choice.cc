#include "partita/generate/weighted_choice.h"

#include <algorithm>
#include <numeric>

namespace partita {

// Each slot gets the same room; small weights leave some of theirs to large ones.
WeightedChoice::WeightedChoice(const std::vector<uint32_t>& weights)
    : slots_(weights.size()) {
  // Weights that are all 0 are all drawn alike.
  const uint64_t room =
      std::max<uint64_t>(1, std::accumulate(weights.begin(), weights.end(), uint64_t{0}));
  std::vector<uint64_t> left;  // of the weight, times the number of slots
  std::vector<size_t> small;
  std::vector<size_t> large;
  for (size_t i = 0; i < weights.size(); ++i) {
    left.push_back(uint64_t{weights[i]} * weights.size());
    (left[i] < room ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    const size_t giver = large.back();
    Slot& slot = slots_[small.back()];
    slot.alias = static_cast<uint32_t>(giver);
    slot.threshold = (left[small.back()] << 32) / room;
    left[giver] -= room - left[small.back()];
    small.pop_back();
    if (left[giver] < room) {
      large.pop_back();
      small.push_back(giver);
    }
  }
  for (const std::vector<size_t>* full : {&small, &large}) {
    for (const size_t i : *full) {
      slots_[i].threshold = uint64_t{1} << 32;
    }
  }
}

}  // namespace partita
