#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "partita/crawl/value_kind.h"

namespace partita {

/// \brief KindOfValue() of the texts that nearly all values have, by any rules, and kNoValue for all others.
///
/// Those are numbers of up to 15 digits without exponent, `true` and `false`. Eight characters are looked at together: up to
/// 17 bytes from the text's begin are read, also beyond its end, and must be readable.
/// Thread safety: pure. Cost: a few nanoseconds, whatever the text; in this header so that loops over fields take it in.
class PlainValue {
 public:
  static ValueKind KindOf(const char* text, size_t size) {
    if (size > kMostDigits + 2) {
      return kNoValue;
    }
    const size_t sign = text[0] == '-' ? 1 : 0;
    return size - sign <= 8 ? KindOfShort(text + sign, size - sign, sign != 0)
                            : KindOfLong(text + sign, size - sign);
  }

 private:
  static constexpr size_t kMostDigits = 15;  // see KindOfValue()
  static constexpr uint64_t kHighBits = 0x8080808080808080;

  // The first byte is the lowest.
  static uint64_t Load(const char* bytes) {
    uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof(word));
    if constexpr (std::endian::native == std::endian::big) {
      word = __builtin_bswap64(word);
    }
    return word;
  }

  // The highest bit of each byte that is no digit.
  static uint64_t NonDigits(uint64_t word) {
    const uint64_t digits = word ^ 0x3030303030303030;
    return (((digits & ~kHighBits) + 0x7676767676767676) | digits) & kHighBits;
  }

  static bool IsPoint(const char* number, size_t at, size_t size) {
    return number[at] == '.' && at > 0 && at + 1 < size && (number[0] != '0' || at == 1);
  }

  // `size` is 8 at most; `number` stands behind a sign, if there is one.
  static ValueKind KindOfShort(const char* number, size_t size, bool has_sign) {
    if (size == 0) {
      return kNoValue;
    }
    const uint64_t word = Load(number);
    const uint64_t others = NonDigits(word) << (64 - 8 * size);
    if (others == 0) {
      return number[0] != '0' || (size == 1 && !has_sign) ? kSmallLong : kNoValue;
    }
    if ((others & (others - 1)) == 0) {
      const size_t at = size - 8 + static_cast<size_t>(std::countr_zero(others)) / 8;
      return IsPoint(number, at, size) ? kDoubleValue : kNoValue;
    }
    return IsTrueOrFalse(word, size) && !has_sign ? kBooleanValue : kNoValue;
  }

  // `size` is 9 to 17.
  static ValueKind KindOfLong(const char* number, size_t size) {
    if (size > kMostDigits + 1) {
      return kNoValue;
    }
    const uint64_t head = NonDigits(Load(number));
    const uint64_t tail = NonDigits(Load(number + 8)) << (128 - 8 * size);
    if ((head | tail) == 0) {
      return size <= kMostDigits && number[0] != '0' ? kSmallLong : kNoValue;
    }
    const uint64_t others = head != 0 ? head : tail;
    if ((head != 0 && tail != 0) || (others & (others - 1)) != 0) {
      return kNoValue;
    }
    const auto byte = static_cast<size_t>(std::countr_zero(others)) / 8;
    return IsPoint(number, head != 0 ? byte : size - 8 + byte, size) ? kDoubleValue
                                                                     : kNoValue;
  }

  static bool IsTrueOrFalse(uint64_t word, size_t size) {
    constexpr uint64_t kLowerCase = 0x2020202020202020;
    constexpr uint64_t kTrue = 0x65757274;     // "true"
    constexpr uint64_t kFalse = 0x65736C6166;  // "false"
    const uint64_t letters = word | kLowerCase;
    return (size == 4 && (letters & 0xFFFFFFFF) == kTrue) ||
           (size == 5 && (letters & 0xFFFFFFFFFF) == kFalse);
  }
};

}  // namespace partita
