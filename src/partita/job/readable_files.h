#pragma once

#include <stop_token>

#include <arrow/status.h>

#include "partita/job/dataset_source.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Takes those files out of `source` that cannot be read to their end, and notes in `left_out` why; nothing where
/// the source does not ask for it.
///
/// A file is left out as a whole: one that cannot be opened, whose bytes cannot be had, whose compression is damaged, or that
/// is Parquet and cannot be decoded. Broken rows of a file that can be read stay an error, and so does a server that fails.
/// Thread safety: runs on threads of its own, `threads` of them.
/// Errors:        kBadInput where no file is left; kStoreUnavailable of a server; kCancelled.
/// Cost:          reads every file once.
arrow::Status LeaveOutUnreadable(Store* store, int threads, const std::stop_token& stop,
                                 DatasetSource* source);

}  // namespace partita
