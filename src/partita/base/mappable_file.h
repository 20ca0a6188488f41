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

  /// The call and reads of the buffer need MappedReads, as Buffer::Map() says.
  virtual arrow::Result<Buffer> Map(int64_t offset, size_t size) = 0;
};

}  // namespace partita
