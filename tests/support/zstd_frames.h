#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace partita {

/// \brief A text in frames of zstd that are not compressed, of up to 255 bytes each: readers get them one at a time, and so
/// the text in pieces of any size. Pure.
inline std::string InZstdFrames(std::string_view text, size_t piece) {
  std::string frames;
  for (size_t at = 0; at < text.size(); at += piece) {
    const std::string_view part = text.substr(at, piece);
    const size_t block = part.size() << 3 | 1;  // the last one of the frame, raw
    frames += "\x28\xB5\x2F\xFD\x20";  // the size of the text follows, in one byte
    for (const size_t byte : {part.size(), block, block >> 8, block >> 16}) {
      frames += static_cast<char>(byte);
    }
    frames += part;
  }
  return frames;
}

}  // namespace partita
