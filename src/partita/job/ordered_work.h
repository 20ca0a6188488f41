#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

#include <arrow/status.h>

#include "partita/job/worker_threads.h"

namespace partita {

/// \brief Calls `work` once for each item below `count`; threads take them in order, each the next one.
///
/// Of several failures that of the first item is returned, however many threads there are: items before it are finished, those
/// behind it are asked to stop, or never begun. A request through `outer` asks all of them, and gives kCancelled.
/// Thread safety: `work` is called from several threads at once, with slots 0 … threads.workers - 1.
arrow::Status ForEachInOrder(
    size_t count, const WorkerCount& threads, const std::stop_token& outer,
    const std::function<arrow::Status(int slot, size_t item,
                                      const std::stop_token& stop)>& work);

}  // namespace partita
