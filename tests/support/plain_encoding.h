#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "partita/scan/text_encoding.h"

namespace partita {

/// \brief Appends a character. Pure but for `out`.
inline void AppendPlainUtf8(uint32_t code, std::string* out) {
  const auto put = [out](uint32_t byte) { *out += static_cast<char>(byte); };
  const auto put_rest = [&](int count) {
    while (count-- > 0) {
      put(0x80 | (code >> (6 * count) & 0x3F));
    }
  };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put_rest(1);
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put_rest(2);
  } else {
    put(0xF0 | code >> 18);
    put_rest(3);
  }
}

/// \brief UTF-16 as UTF-8, without its byte-order mark; nothing where it is not all characters, or has another mark. Pure.
inline std::optional<std::string> PlainUtf8OfUtf16(std::string_view bytes,
                                                   TextEncoding encoding) {
  const bool has_little = bytes.starts_with("\xFF\xFE");
  const bool has_big = bytes.starts_with("\xFE\xFF");
  const bool is_little = encoding == TextEncoding::kUtf16LittleEndian ||
                         (encoding == TextEncoding::kUtf16 && has_little);
  if (bytes.size() % 2 != 0 || (is_little ? has_big : has_little)) {
    return std::nullopt;
  }
  const auto unit_at = [&](size_t i) {
    const auto first = static_cast<unsigned char>(bytes[i]);
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<uint32_t>(is_little ? second << 8 | first : first << 8 | second);
  };
  std::string text;
  for (size_t i = has_little || has_big ? 2 : 0; i < bytes.size(); i += 2) {
    uint32_t code = unit_at(i);
    if (code >= 0xDC00 && code < 0xE000) {
      return std::nullopt;
    }
    if (code >= 0xD800 && code < 0xDC00) {
      i += 2;
      const uint32_t low = i < bytes.size() ? unit_at(i) : 0;
      if (low < 0xDC00 || low >= 0xE000) {
        return std::nullopt;
      }
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    AppendPlainUtf8(code, &text);
  }
  return text;
}

/// \brief A text's bytes as UTF-8, which is taken as it is; nothing where they are not all characters of the encoding. Pure.
inline std::optional<std::string> PlainUtf8(std::string_view bytes,
                                            TextEncoding encoding) {
  if (encoding == TextEncoding::kUtf8) {
    return std::string(bytes);
  }
  if (encoding != TextEncoding::kAscii && encoding != TextEncoding::kLatin1) {
    return PlainUtf8OfUtf16(bytes, encoding);
  }
  std::string text;
  for (const char c : bytes) {
    const auto code = static_cast<unsigned char>(c);
    if (code >= 0x80 && encoding == TextEncoding::kAscii) {
      return std::nullopt;
    }
    AppendPlainUtf8(code, &text);
  }
  return text;
}

}  // namespace partita
