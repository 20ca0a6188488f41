#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "partita/encode/parquet/column/words.h"

namespace partita {

/// \brief The number that eight characters stand for; false if one is no digit.
///
/// Thread safety: pure.
inline bool ReadEightDigits(uint64_t word, uint64_t* out) {
  constexpr uint64_t kZeros = 0x3030303030303030;
  constexpr uint64_t kHighHalves = 0xF0F0F0F0F0F0F0F0;
  // 0 to 9 have 3 in their upper half, also when 6 is added; nothing else has.
  const uint64_t raised = word + 0x0606060606060606;
  if (((word & kHighHalves) ^ kZeros) != 0 || ((raised & kHighHalves) ^ kZeros) != 0) {
    return false;
  }
  // Neighbours are joined: digits to pairs, pairs to fours, fours to the number.
  word -= kZeros;
  word = word * 10 + (word >> 8);
  word = (word & 0x00FF00FF00FF00FF) * 100 + ((word & 0x00FF00FF00FF00FF) >> 16);
  word = (word & 0x0000FFFF0000FFFF) * 10000 + ((word & 0x0000FFFF0000FFFF) >> 32);
  *out = word & 0xFFFFFFFF;
  return true;
}

/// \brief The number that 1 to 16 digits stand for; false for any other text.
///
/// Thread safety: pure.
inline bool ReadDigits(std::string_view text, uint64_t* out) {
  constexpr uint64_t kZeros = 0x3030303030303030;
  const char* bytes = text.data();
  const size_t size = text.size();
  if (size < 4) {
    uint64_t number = 0;
    for (size_t i = 0; i < size; ++i) {
      const auto digit = static_cast<unsigned char>(bytes[i] - '0');
      if (digit > 9) {
        return false;
      }
      number = number * 10 + digit;
    }
    *out = number;
    return size > 0;
  }
  if (size < 8) {
    // The last four characters, before them the others, before these zeros.
    const uint64_t head = LoadHalfWord(bytes) << (8 * (8 - size)) & 0xFFFFFFFF;
    const uint64_t tail = LoadHalfWord(bytes + size - 4) << 32;
    return ReadEightDigits(head | tail | kZeros >> (8 * size), out);
  }
  if (size == 8) {
    return ReadEightDigits(LoadWord(bytes), out);
  }
  if (size > 16) {
    return false;
  }
  constexpr uint64_t kTailFactor = 100'000'000;
  const size_t head_size = size - 8;
  const uint64_t head_zeros = head_size == 8 ? 0 : kZeros >> (8 * head_size);
  uint64_t head = 0;
  uint64_t tail = 0;
  const bool is_number =
      ReadEightDigits(LoadWord(bytes) << (8 * (8 - head_size)) | head_zeros, &head) &&
      ReadEightDigits(LoadWord(bytes + head_size), &tail);
  *out = head * kTailFactor + tail;
  return is_number;
}

}  // namespace partita
