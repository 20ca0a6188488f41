#include "partita/job/memory_plan.h"

#include <algorithm>

namespace partita {
namespace {

constexpr int64_t kMiB = int64_t{1} << 20;
// CSV and JSON encoders and file streams hold at most so much each.
constexpr int64_t kEncoderBytes = 2 * kMiB;
// Row references and field offsets of a segment, beside its bytes; register rows need a tenth.
constexpr double kSegmentOverhead = 1.25;

}  // namespace

MemoryPlan MakeMemoryPlan(int64_t budget, int threads, int outputs) {
  MemoryPlan plan;
  plan.budget = budget;
  plan.segment_size =
      static_cast<size_t>(std::clamp(budget / (8 * threads), kMiB, 32 * kMiB));
  plan.row_group_bytes = std::clamp(budget / (5 * threads), 2 * kMiB, 128 * kMiB);
  plan.piece_size = size_t{256} << 10;
  const auto segments =
      static_cast<int64_t>(static_cast<double>(plan.segment_size) * kSegmentOverhead);
  const int64_t per_thread = segments + static_cast<int64_t>(plan.piece_size) +
                             plan.row_group_bytes + outputs * kEncoderBytes;
  plan.reserved = std::min(per_thread * threads, budget * 3 / 4);
  return plan;
}

}  // namespace partita
