#pragma once

#include <cstddef>
#include <cstdint>

#include <arrow/result.h>

#include "partita/base/buffer.h"

namespace partita {

/// \brief A file whose bytes can be had without a copy.
///
/// Thread safety: Map() may be called from any thread.
/// Errors:        as Buffer::Map().
class MappableFile {
 public:
  virtual ~MappableFile() = default;

  /// Reads of the buffer that may outlive a change of the file need MappedReads.
  virtual arrow::Result<Buffer> Map(int64_t offset, size_t size) = 0;
};

}  // namespace partita
