#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include <arrow/result.h>

#include "partita/encode/parquet/options.h"

namespace partita {

/// \brief Compresses the bodies of Parquet pages, each on its own.
///
/// Ownership:     owns what the codec keeps between calls.
/// Thread safety: one thread at a time; different objects are independent.
/// Errors:        kInvalidConfig where a codec is not to be had; kInternal when one
/// fails.
class PageCompressor {
 public:
  static arrow::Result<std::unique_ptr<PageCompressor>> Make(ParquetCodec codec,
                                                             int zstd_level);

  virtual ~PageCompressor() = default;

  /// The most bytes that `size` bytes can become.
  virtual size_t MaxSize(size_t size) = 0;

  /// Compresses `body` to `out`, where MaxSize(body.size()) bytes have room; returns the
  /// bytes it became.
  virtual arrow::Result<size_t> Compress(std::string_view body, char* out) = 0;
};

}  // namespace partita
