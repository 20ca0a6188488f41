#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <snappy.h>

namespace partita {

/// \brief A text as one block of Hadoop's snappy, in chunks of up to `chunk_bytes` of it. Pure.
inline std::string InSnappyBlock(std::string_view text, size_t chunk_bytes) {
  const auto length = [](size_t size) {
    return std::string{static_cast<char>(size >> 24), static_cast<char>(size >> 16),
                       static_cast<char>(size >> 8), static_cast<char>(size)};
  };
  std::string block = length(text.size());
  while (!text.empty()) {
    const size_t size = std::min(chunk_bytes, text.size());
    std::string chunk;
    snappy::Compress(text.data(), size, &chunk);
    block += length(chunk.size()) + chunk;
    text.remove_prefix(size);
  }
  return block;
}

}  // namespace partita
