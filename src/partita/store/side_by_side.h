#pragma once

#include <cstddef>
#include <functional>

#include <arrow/status.h>

namespace partita {

/// \brief Runs `work` on `count` threads at once and waits for all of them.
///
/// A store starts no threads: who does hands it one of these. Fewer threads than asked for, or an error because there was
/// none to have, are no harm: what `work` leaves undone is done afterwards by the caller's own thread.
using SideBySide =
    std::function<arrow::Status(int count, const std::function<arrow::Status()>& work)>;

/// \brief Calls `call(i)` once for every i < `count`, a few at a time; one after another where there is no `run`, or too
/// little to do. After a failure no further call begins.
///
/// It is for removing and listing: they wait for the device and compute next to nothing, so how many go at a time is
/// fixed, and has nothing to do with processors.
/// Errors: one of those of `call`; that of `run` where a call threw.
arrow::Status ForEachSideBySide(const SideBySide& run, size_t count,
                                const std::function<arrow::Status(size_t)>& call);

}  // namespace partita
