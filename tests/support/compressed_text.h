#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <arrow/util/compression.h>

#include <gtest/gtest.h>

#include "partita/scan/compression.h"

#include "support/snappy_blocks.h"

namespace partita {

/// \brief `text` as one member, stream, frame or block of a compression.
inline std::string Compressed(Compression compression, const std::string& text) {
  if (compression == Compression::kSnappy) {
    return InSnappyBlock(text, size_t{212992});  // as much as Hadoop's chunks hold
  }
  arrow::util::GZipCodecOptions gzip;
  gzip.gzip_format = compression == Compression::kDeflate ? arrow::util::GZipFormat::ZLIB
                                                          : arrow::util::GZipFormat::GZIP;
  auto codec = compression == Compression::kBzip2
                   ? arrow::util::Codec::Create(arrow::Compression::BZ2)
               : compression == Compression::kZstd
                   ? arrow::util::Codec::Create(arrow::Compression::ZSTD)
                   : arrow::util::Codec::Create(arrow::Compression::GZIP, gzip);
  EXPECT_TRUE(codec.ok()) << codec.status();
  const auto compressor = *(*codec)->MakeCompressor();
  std::string out(2 * text.size() + 4096, '\0');
  auto* bytes = reinterpret_cast<uint8_t*>(out.data());
  int64_t size = 0;
  for (size_t taken = 0; taken < text.size();) {
    const auto step =
        *compressor->Compress(static_cast<int64_t>(text.size() - taken),
                              reinterpret_cast<const uint8_t*>(text.data()) + taken,
                              static_cast<int64_t>(out.size()) - size, bytes + size);
    taken += static_cast<size_t>(step.bytes_read);
    size += step.bytes_written;
  }
  const auto end =
      *compressor->End(static_cast<int64_t>(out.size()) - size, bytes + size);
  EXPECT_FALSE(end.should_retry);
  out.resize(static_cast<size_t>(size + end.bytes_written));
  return out;
}

}  // namespace partita
