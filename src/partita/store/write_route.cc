#include "partita/store/write_route.h"

namespace partita {

bool WriteRoute::ShallCache() {
  if (num_direct_ < kEnoughDirect) {
    return false;
  }
  if (num_to_pass_ > 0) {
    --num_to_pass_;
    return false;
  }
  return true;
}

void WriteRoute::TellCached(std::chrono::nanoseconds time) {
  if (time > kDear) {
    num_to_pass_ = kBlocksToPass;
  }
}

}  // namespace partita
