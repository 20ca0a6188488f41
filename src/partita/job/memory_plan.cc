#include "partita/job/memory_plan.h"

#include <algorithm>

#include "partita/base/error.h"

namespace partita {
namespace {

constexpr int64_t kMiB = int64_t{1} << 20;
// CSV and JSON encoders and file streams hold at most so much each.
constexpr int64_t kEncoderBytes = 2 * kMiB;
constexpr int64_t kPieceBytes = kMiB / 4;
constexpr int64_t kLeastSegment = kMiB;
constexpr int64_t kLeastRowGroup = 2 * kMiB;
// Below it what is not planned, such as keys and lists of files, would be most of all.
constexpr int64_t kLeastBudget = 16 * kMiB;

// Row references and field offsets of a segment, beside its bytes; register rows need a
// tenth.
int64_t SegmentMemory(int64_t segment_size) { return segment_size * 5 / 4; }

int64_t PerWorker(const MemoryDemand& demand, int64_t row_group) {
  return kPieceBytes + demand.num_parquet_outputs * row_group +
         demand.num_outputs * kEncoderBytes;
}

int64_t PerThread(const MemoryDemand& demand, int64_t segment_size, int64_t row_group) {
  return SegmentMemory(segment_size) + PerWorker(demand, row_group);
}

}  // namespace

arrow::Result<MemoryPlan> MakeMemoryPlan(const MemoryDemand& demand) {
  const int64_t least = PerThread(demand, kLeastSegment, kLeastRowGroup);
  const int64_t available = demand.budget / 4 * 3;
  if (available < least || demand.budget < kLeastBudget) {
    return Error(
        ErrorCode::kInvalidConfig,
        "too little memory for a thread's buffers of input and outputs; the least "
        "is --memory {}MiB, not {} bytes",
        std::max((least * 4 / 3 + kMiB - 1) / kMiB, kLeastBudget / kMiB), demand.budget);
  }
  MemoryPlan plan;
  plan.budget = demand.budget;
  plan.threads = static_cast<int>(std::min<int64_t>(demand.threads, available / least));
  const int64_t share = demand.budget / plan.threads;
  const int64_t groups = std::max(demand.num_parquet_outputs, 1);
  int64_t segment = std::clamp(share / 8, kLeastSegment, 32 * kMiB);
  int64_t row_group = std::clamp(share / 5 / groups, kLeastRowGroup, 128 * kMiB);
  if (PerThread(demand, segment, row_group) * plan.threads > available) {
    segment = kLeastSegment;
    row_group = kLeastRowGroup;
  }
  plan.segment_size = static_cast<size_t>(segment);
  plan.row_group_bytes = row_group;
  plan.piece_size = static_cast<size_t>(kPieceBytes);
  plan.encode_workers = plan.threads;
  plan.reserved = PerThread(demand, segment, row_group) * plan.threads;
  // Runs in memory save more time than waiting costs: half of the budget stays for them.
  const int64_t more = PerWorker(demand, row_group) * plan.threads;
  if (plan.reserved + more <= demand.budget / 2) {
    plan.encode_workers = 2 * plan.threads;
    plan.reserved += more;
  }
  return plan;
}

}  // namespace partita
