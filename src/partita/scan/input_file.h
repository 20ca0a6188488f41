#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <arrow/io/type_fwd.h>
#include <arrow/status.h>

#include "partita/base/buffer.h"
#include "partita/base/mappable_file.h"

namespace partita {

/// \brief One input file, opened.
struct InputFile {
  std::string path;  ///< as the user would name it, for messages
  std::shared_ptr<arrow::io::RandomAccessFile> file;
  int64_t size = 0;
  MappableFile* mappable = nullptr;  ///< `file` again, where it can be mapped
  int64_t max_unpacked_bytes = 0;  ///< of a compressed text; 0: DefaultMaxUnpackedBytes()
};

/// \brief The `size` bytes at `offset`, in `buffer`: mapped where the file can be, else
/// read behind those of the first `used` that are there already.
///
/// `buffer` is replaced or grown as needed; its content stays.
/// Thread safety: any thread, each with its own buffer.
/// Errors:        as ReadExactly(); kStoreUnavailable when there is no memory.
arrow::Status LoadBytes(const InputFile& input, int64_t offset, size_t size, size_t used,
                        Buffer* buffer);

/// \brief MappedReads::Check() of the calling thread, which has read `input`: the message names the file.
///
/// Thread safety: any thread.
/// Errors:        kBadInput when bytes were not there.
arrow::Status CheckMappedReads(const InputFile& input);

/// \brief Reads `size` bytes at `offset` to `out`.
///
/// Thread safety: any thread, as RandomAccessFile::ReadAt() is.
/// Errors:        kStoreUnavailable; kBadInput when the file has become shorter.
arrow::Status ReadExactly(const InputFile& input, int64_t offset, size_t size, char* out);

}  // namespace partita
