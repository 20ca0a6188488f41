#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <arrow/io/type_fwd.h>

#include "partita/store/store.h"

namespace partita {

/// \brief A file that is open only while it is read, so that any number of them may be
/// held at once.
///
/// `seen` is what Stat() or List() has shown of it: its size, and for an object its version. Ownership:     borrows the store.
/// Thread safety: ReadAt() may be called from any thread; the rest from one at a time.
/// Errors:        Store::OpenSeen's, at each read.
/// Cost:          opens and closes the file for each read: for large pieces of many files.
std::shared_ptr<arrow::io::RandomAccessFile> ReopenForReading(Store* store,
                                                              std::string path,
                                                              const EntryInfo& seen);

}  // namespace partita
