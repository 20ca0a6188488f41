#include "partita/job/memory_plan.h"

#include <algorithm>

#include "partita/base/error.h"
#include "partita/job/upload_threads.h"
#include "partita/job/worker_threads.h"

namespace partita {
namespace {

constexpr int64_t kMiB = int64_t{1} << 20;
// CSV and JSON encoders and file streams hold at most so much each.
constexpr int64_t kEncoderBytes = 2 * kMiB;
// A worker finds a piece of that size in its core's cache again after others have computed there.
constexpr int64_t kPieceBytes = kMiB / 16;
// Blocks of local files' streams are made in pairs; a thread may keep one beside that in use.
constexpr int64_t kSpareBlock = kMiB;
// One computes, the others wait for their device.
constexpr int kMostWorkersPerThread = 4;
constexpr int64_t kLeastSegment = kMiB;
// Larger ones are no faster, and a thread that has the last one lets the others wait.
constexpr int64_t kMostSegment = 16 * kMiB;
constexpr int64_t kLeastRowGroup = 2 * kMiB;
// Of an object in one request: less is mostly waiting for its first byte.
constexpr int64_t kGoodRange = 8 * kMiB;
constexpr int64_t kMostPartsUnderWay = UploadThreads::kCount;
// Below it what is not planned, such as keys and lists of files, would be most of all.
constexpr int64_t kLeastBudget = 16 * kMiB;

// Row references and field offsets of a segment, beside its bytes; register rows need a
// tenth.
int64_t SegmentMemory(int64_t segment_size) { return segment_size * 5 / 4; }

int64_t PerWorker(const MemoryDemand& demand, int64_t row_group) {
  const bool has_local_outputs = demand.num_object_outputs < demand.num_outputs;
  return kPieceBytes + (has_local_outputs ? kSpareBlock : 0) +
         demand.num_parquet_outputs * row_group + demand.num_outputs * kEncoderBytes +
         demand.num_object_outputs * demand.part_bytes;
}

int64_t PerThread(const MemoryDemand& demand, int64_t segment_size, int64_t row_group) {
  return SegmentMemory(segment_size) + PerWorker(demand, row_group);
}

// A range request's answer lies beside the segment that it is copied to.
int64_t RemoteSegmentMemory(int64_t segment_size) {
  return SegmentMemory(segment_size) + segment_size;
}

// While objects are scanned nothing is encoded or uploaded, and all that is set aside can hold segments.
void PlanRemoteScan(MemoryPlan* plan) {
  plan->remote_readers = static_cast<int>(
      std::clamp<int64_t>(plan->reserved / RemoteSegmentMemory(kGoodRange), plan->threads,
                          int64_t{kRemoteReadersPerThread} * plan->threads));
  const int64_t share = plan->reserved / plan->remote_readers;
  const int64_t segment = share * kLeastSegment / RemoteSegmentMemory(kLeastSegment);
  plan->remote_segment_size = static_cast<size_t>(
      std::clamp(segment, kLeastSegment, static_cast<int64_t>(plan->segment_size)));
}

// What uploads get where there are any: an eighth, if `most` allows it, but a part at least.
int64_t UploadBytes(const MemoryDemand& demand, int64_t most) {
  return demand.num_object_outputs == 0
             ? 0
             : std::clamp(std::min(demand.budget / 8, most), demand.part_bytes,
                          kMostPartsUnderWay * demand.part_bytes);
}

}  // namespace

arrow::Result<MemoryPlan> MakeMemoryPlan(const MemoryDemand& demand) {
  const int64_t least_thread = PerThread(demand, kLeastSegment, kLeastRowGroup);
  const int64_t least = least_thread + UploadBytes(demand, 0);
  int64_t available = demand.budget / 4 * 3;
  if (available < least || demand.budget < kLeastBudget) {
    return Error(
        ErrorCode::kInvalidConfig,
        "too little memory for a thread's buffers of input and outputs; the least "
        "is --memory {}MiB, not {} bytes",
        std::max((least * 4 / 3 + kMiB - 1) / kMiB, kLeastBudget / kMiB), demand.budget);
  }
  MemoryPlan plan;
  plan.budget = demand.budget;
  plan.upload_bytes = UploadBytes(demand, available - least_thread);
  available -= plan.upload_bytes;
  plan.threads =
      static_cast<int>(std::min<int64_t>(demand.threads, available / least_thread));
  const int64_t share = demand.budget / plan.threads;
  const int64_t groups = std::max(demand.num_parquet_outputs, 1);
  int64_t segment = std::clamp(share / 8, kLeastSegment, kMostSegment);
  int64_t row_group = std::clamp(share / 5 / groups, kLeastRowGroup, 128 * kMiB);
  if (PerThread(demand, segment, row_group) * plan.threads > available) {
    segment = kLeastSegment;
    row_group = kLeastRowGroup;
  }
  plan.segment_size = static_cast<size_t>(segment);
  plan.row_group_bytes = row_group;
  plan.piece_size = static_cast<size_t>(kPieceBytes);
  plan.encode_workers = plan.threads;
  plan.reserved =
      PerThread(demand, segment, row_group) * plan.threads + plan.upload_bytes;
  // Runs in memory save more time than waiting costs: half of the budget stays for them.
  const int64_t more = PerWorker(demand, row_group) * plan.threads;
  while (plan.encode_workers < kMostWorkersPerThread * plan.threads &&
         plan.reserved + more <= demand.budget / 2) {
    plan.encode_workers += plan.threads;
    plan.reserved += more;
  }
  PlanRemoteScan(&plan);
  return plan;
}

}  // namespace partita
