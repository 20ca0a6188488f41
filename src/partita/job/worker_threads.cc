#include "partita/job/worker_threads.h"

#include <memory>
#include <system_error>
#include <thread>
#include <vector>

#include "partita/base/compute_slots.h"
#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/base/mapped_reads.h"

namespace partita {
namespace {

arrow::Status Guarded(const std::function<arrow::Status(int, std::stop_token)>& work,
                      int slot, const std::stop_token& stop) {
  return WithoutExceptions([&] {
    const MappedReads reads;
    const arrow::Status status = work(slot, stop);
    // What a thread made of bytes that were gone is no finding of its own.
    const arrow::Status lost = MappedReads::Check();
    return lost.ok() ? status : lost;
  });
}

}  // namespace

arrow::Status RunOnThreads(
    int count, const std::stop_token& outer,
    const std::function<arrow::Status(int, std::stop_token)>& work) {
  const auto inner = std::make_unique<std::stop_source>();
  std::stop_callback forward(outer, [&inner] { inner->request_stop(); });
  std::vector<arrow::Status> outcomes(static_cast<size_t>(count));
  {
    std::vector<std::jthread> threads;
    threads.reserve(outcomes.size());
    const auto run = [&](int slot) {
      arrow::Status& outcome = outcomes[static_cast<size_t>(slot)];
      outcome = Guarded(work, slot, inner->get_token());
      if (!outcome.ok()) {
        inner->request_stop();
      }
    };
    try {
      for (int slot = 0; slot < count; ++slot) {
        threads.emplace_back(run, slot);
      }
    } catch (const std::system_error& error) {
      inner->request_stop();
      outcomes[threads.size()] =
          Error(ErrorCode::kStoreUnavailable,
                "cannot start a thread; give the job fewer --threads: {}", error.what());
    }
  }
  if (outer.stop_requested()) {
    return Error(ErrorCode::kCancelled, "stopped on request");
  }
  const arrow::Status* result = &outcomes.front();
  for (const arrow::Status& outcome : outcomes) {
    if (!outcome.ok() && (result->ok() || CodeOf(*result) == ErrorCode::kCancelled)) {
      result = &outcome;
    }
  }
  return *result;
}

arrow::Status RunComputing(
    const WorkerCount& count, const std::stop_token& outer,
    const std::function<arrow::Status(int, std::stop_token)>& work) {
  if (count.workers <= count.computing) {
    return RunOnThreads(count.workers, outer, work);
  }
  ComputeSlots slots(count.computing);
  return RunOnThreads(count.workers, outer, [&](int slot, const std::stop_token& stop) {
    const ComputeSlots::Holder holder(&slots);
    return work(slot, stop);
  });
}

arrow::Status RunSideBySide(int count, const std::function<arrow::Status()>& work) {
  return RunOnThreads(count, std::stop_token(),
                      [&](int, const std::stop_token&) { return work(); });
}

}  // namespace partita
