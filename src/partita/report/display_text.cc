#include "partita/report/display_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace partita {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// The blocks Spark's table printer takes for full-width.
constexpr std::array<Range, 7> kFullWidth = {{{0x1100, 0x115F},
                                              {0x2E80, 0xA4CF},
                                              {0xAC00, 0xD7A3},
                                              {0xF900, 0xFAFF},
                                              {0xFE30, 0xFE6F},
                                              {0xFF00, 0xFF60},
                                              {0xFFE0, 0xFFE6}}};

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Only characters of four bytes need two UTF-16 units.
bool IsPairLead(char c) { return static_cast<unsigned char>(c) >= 0xF0; }

// Full-width blocks lie where UTF-8 needs three bytes.
bool IsFullWidthAt(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(text[i]));
  };
  if ((byte(at) & 0xF0U) != 0xE0U || at + 2 >= text.size()) {
    return false;
  }
  const uint32_t code =
      (byte(at) & 0x0FU) << 12U | (byte(at + 1) & 0x3FU) << 6U | (byte(at + 2) & 0x3FU);
  return std::any_of(kFullWidth.begin(), kFullWidth.end(), [code](const Range& range) {
    return code >= range.first && code <= range.last;
  });
}

}  // namespace

std::string EscapeForDisplay(std::string_view text) {
  constexpr std::string_view kControls = "\n\r\t\f\b\v\a";
  constexpr std::string_view kLetters = "nrtfbva";
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    if (const size_t index = kControls.find(c); index != std::string_view::npos) {
      escaped.append({'\\', kLetters[index]});
    } else {
      escaped.push_back(c);
    }
  }
  return escaped;
}

size_t Utf16Length(std::string_view text) {
  size_t length = 0;
  for (const char c : text) {
    length += (IsContinuation(c) ? 0U : 1U) + (IsPairLead(c) ? 1U : 0U);
  }
  return length;
}

std::string Utf16Prefix(std::string_view text, size_t length) {
  size_t units = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsContinuation(text[i])) {
      continue;
    }
    if (units == length) {
      return std::string(text.substr(0, i));
    }
    if (IsPairLead(text[i]) && units + 1 == length) {
      return std::string(text.substr(0, i)) + "?";
    }
    units += IsPairLead(text[i]) ? 2U : 1U;
  }
  return std::string(text);
}

size_t DisplayWidth(std::string_view text) {
  size_t width = Utf16Length(text);
  for (size_t i = 0; i < text.size(); ++i) {
    width += IsFullWidthAt(text, i) ? 1U : 0U;
  }
  return width;
}

}  // namespace partita
