#include "partita/encode/text/json_string.h"

#include <cstdint>
#include <cstring>

namespace partita {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool IsContinuation(std::string_view text, size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

struct Utf8Step {
  size_t length = 1;
  bool is_valid = false;
};

// The second byte's lowest and highest value, which rule out overlong forms, surrogates
// and what lies over U+10FFFF.
struct ByteRange {
  unsigned char least = 0x80;
  unsigned char most = 0xBF;
};

ByteRange SecondByteAfter(unsigned char lead) {
  switch (lead) {
    case 0xE0:
      return {.least = 0xA0};
    case 0xF0:
      return {.least = 0x90};
    case 0xF4:
      return {.most = 0x8F};
    default:
      return {};
  }
}

size_t LengthByLead(unsigned char lead) {
  if (lead >= 0xC2 && lead <= 0xDF) {
    return 2;
  }
  if (lead >= 0xE0 && lead <= 0xEF) {
    return 3;
  }
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 1;
}

// The character that begins at `at` with a byte over 0x7F, or what of it is to be
// replaced as one. Java takes a surrogate's three bytes as one fault.
Utf8Step StepUtf8(std::string_view text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const size_t length = LengthByLead(lead);
  if (length == 1 || !IsContinuation(text, at + 1)) {
    return {};
  }
  const auto second = static_cast<unsigned char>(text[at + 1]);
  const ByteRange range = SecondByteAfter(lead);
  if (second < range.least || second > range.most) {
    return {};
  }
  for (size_t i = 2; i < length; ++i) {
    if (!IsContinuation(text, at + i)) {
      return {.length = i};
    }
  }
  const bool is_surrogate = lead == 0xED && second >= 0xA0;
  return {.length = length, .is_valid = !is_surrogate};
}

// Bytes at the begin of `text` that are written as they are, counted eight at a time.
size_t CountPlainWords(std::string_view text) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHighBits = 0x8080808080808080;
  size_t count = 0;
  for (; count + 8 <= text.size(); count += 8) {
    uint64_t word = 0;
    std::memcpy(&word, text.data() + count, sizeof(word));
    // In ASCII a byte borrows from its high bit if it is below what is taken off. Where a
    // byte before it has borrowed there is a special byte anyway.
    const uint64_t quote = (word ^ kOnes * '"') - kOnes;
    const uint64_t backslash = (word ^ kOnes * '\\') - kOnes;
    const uint64_t control = word - kOnes * ' ';
    if (((word | quote | backslash | control) & kHighBits) != 0) {
      break;
    }
  }
  return count;
}

void AppendEscape(char c, std::string* out) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "\"\\\b\t\n\f\r";
  constexpr std::string_view kLetters = "\"\\btnfr";
  out->push_back('\\');
  const size_t at = kPlain.find(c);
  if (at != std::string_view::npos) {
    out->push_back(kLetters[at]);
    return;
  }
  out->append("u00");
  out->push_back(kHex[static_cast<unsigned char>(c) >> 4]);
  out->push_back(kHex[static_cast<unsigned char>(c) & 15]);
}

}  // namespace

void AppendJsonString(std::string_view text, std::string* out) {
  out->push_back('"');
  size_t begin = 0;  // of the stretch not yet appended
  size_t at = 0;
  for (;;) {
    at += CountPlainWords(text.substr(at));
    if (at == text.size()) {
      break;
    }
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x80) {
      const Utf8Step step = StepUtf8(text, at);
      if (!step.is_valid) {
        out->append(text.substr(begin, at - begin)).append(kReplacement);
        begin = at + step.length;
      }
      at += step.length;
      continue;
    }
    if (byte < ' ' || byte == '"' || byte == '\\') {
      out->append(text.substr(begin, at - begin));
      AppendEscape(text[at], out);
      begin = at + 1;
    }
    ++at;
  }
  out->append(text.substr(begin)).push_back('"');
}

}  // namespace partita
