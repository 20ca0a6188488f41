#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <arrow/io/type_fwd.h>
#include <arrow/status.h>

namespace partita {

/// \brief One input file, opened.
struct InputFile {
  std::string path;  ///< as the user would name it, for messages
  std::shared_ptr<arrow::io::RandomAccessFile> file;
  int64_t size = 0;
};

/// \brief Reads `size` bytes at `offset` to `out`.
///
/// Thread safety: any thread, as RandomAccessFile::ReadAt() is.
/// Errors:        kStoreUnavailable; kBadInput when the file has become shorter.
arrow::Status ReadExactly(const InputFile& input, int64_t offset, size_t size, char* out);

}  // namespace partita
