#include "partita/scan/quote_parity.h"

#include <cstdint>

namespace partita {
namespace {

// Written so that the compiler makes vectors of it: the parity of every lane is kept.
inline __attribute__((always_inline)) bool OddQuotes(const char* bytes, size_t size) {
  uint8_t parity = 0;
  for (size_t i = 0; i < size; ++i) {
    parity ^= static_cast<uint8_t>(bytes[i] == '"' ? 1 : 0);
  }
  return parity != 0;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) bool OddQuotesAvx2(const char* bytes, size_t size) {
  return OddQuotes(bytes, size);
}
#endif

}  // namespace

bool HasOddQuotes(std::string_view bytes) {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  if (has_avx2) {
    return OddQuotesAvx2(bytes.data(), bytes.size());
  }
#endif
  return OddQuotes(bytes.data(), bytes.size());
}

size_t FindLineBegin(std::string_view bytes, size_t begin, bool* in_quotes) {
  for (size_t i = begin; i < bytes.size(); ++i) {
    if (*in_quotes) {
      i = bytes.find('"', i);
      if (i == std::string_view::npos) {
        return i;
      }
      *in_quotes = false;
    } else if (bytes[i] == '"') {
      *in_quotes = true;
    } else if (bytes[i] == '\n') {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

}  // namespace partita
