#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace partita {

// Short texts word by word, where a call of the C library would cost more than the work.
// All functions are pure and read no byte outside of the text.

/// \brief Eight characters, the first in the lowest byte.
inline uint64_t LoadWord(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

/// \brief Four characters, the first in the lowest byte.
inline uint64_t LoadHalfWord(const char* bytes) {
  uint32_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

/// \brief True if two texts of `size` bytes are the same.
inline bool SameBytes(const char* left, const char* right, size_t size) {
  if (size >= 8) {
    for (size_t at = 0; at + 8 < size; at += 8) {
      if (LoadWord(left + at) != LoadWord(right + at)) {
        return false;
      }
    }
    return LoadWord(left + size - 8) == LoadWord(right + size - 8);
  }
  if (size >= 4) {
    return LoadHalfWord(left) == LoadHalfWord(right) &&
           LoadHalfWord(left + size - 4) == LoadHalfWord(right + size - 4);
  }
  for (size_t at = 0; at < size; ++at) {
    if (left[at] != right[at]) {
      return false;
    }
  }
  return true;
}

inline bool SameBytes(std::string_view left, std::string_view right) {
  return left.size() == right.size() && SameBytes(left.data(), right.data(), left.size());
}

}  // namespace partita
