#pragma once

#include <functional>
#include <stop_token>

#include <arrow/status.h>

namespace partita {

/// \brief Runs `work(slot, stop)` once on each of `count` threads and waits for all of them.
///
/// The first failure asks the others to stop; it is returned, and failures that only say "stopped" give way to it. A
/// request through `outer` asks all of them to stop and gives kCancelled. An exception out of `work` becomes kInternal,
/// std::bad_alloc kStoreUnavailable, and whatever `work` says kBadInput once it has read bytes that a mapped input file
/// has lost meanwhile or that its disk does not give (MappedReads).
/// Thread safety: `work` is called from `count` threads at once, with slots 0 … count - 1.
arrow::Status RunOnThreads(
    int count, const std::stop_token& outer,
    const std::function<arrow::Status(int slot, std::stop_token stop)>& work);

/// \brief How many threads work: `computing` of `workers` at once, the others wait for devices or the network.
struct WorkerCount {
  int computing = 1;
  int workers = 1;
};

/// How many threads read objects for each one that computes: a range request takes a few times as long as computing what
/// it brings.
inline constexpr int kRemoteReadersPerThread = 4;

/// \brief RunOnThreads() of `count.workers`, each of which holds a compute slot (base/compute_slots.h) while it does not wait.
arrow::Status RunComputing(
    const WorkerCount& count, const std::stop_token& outer,
    const std::function<arrow::Status(int slot, std::stop_token stop)>& work);

/// \brief RunOnThreads() for work that is nobody's to stop: what a store removes or lists many files with.
arrow::Status RunSideBySide(int count, const std::function<arrow::Status()>& work);

}  // namespace partita
