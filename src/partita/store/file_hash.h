#pragma once

#include <cstdint>
#include <string>

#include <arrow/result.h>

#include "partita/store/store.h"

namespace partita {

/// \brief Hash64() of a whole file, read in blocks: what DataFile::checksum holds.
///
/// Thread safety: any thread. Errors: as Store::OpenForReading(); kStoreUnavailable.
arrow::Result<uint64_t> HashFile(Store* store, const std::string& path);

/// \brief The same of one that is open, from where it stands.
arrow::Result<uint64_t> HashFile(arrow::io::RandomAccessFile* file);

}  // namespace partita
