#pragma once

#include <arrow/status.h>

namespace partita {

/// \brief The failure that an exception is; to be called while it is being handled.
///
/// Errors:        kStoreUnavailable for std::bad_alloc (give the job less memory, run again),
///                kInternal for anything else.
/// Thread safety: pure.
arrow::Status StatusOfException();

/// \brief Returns what `work` returns, a Status or a Result, or StatusOfException() if it throws.
///
/// Thread safety: that of `work`.
template <typename Work>
auto WithoutExceptions(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (...) {
    return StatusOfException();
  }
}

}  // namespace partita
