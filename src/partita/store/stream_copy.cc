#include "partita/store/stream_copy.h"

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace partita {
namespace {

#if defined(__SSE2__)
constexpr size_t kLine = 64;
// Shorter pieces are still in the caches when they are written.
constexpr size_t kLeastBytes = 4096;

void StreamLine(char* to, const char* from) {
  constexpr size_t kVectors = kLine / sizeof(__m128i);
  __m128i line[kVectors];
  std::memcpy(line, from, kLine);
  for (size_t i = 0; i < kVectors; ++i) {
    _mm_stream_si128(reinterpret_cast<__m128i*>(to) + i, line[i]);
  }
}
#endif

}  // namespace

void StreamCopy(char* to, const char* from, size_t size) {
#if defined(__SSE2__)
  if (size >= kLeastBytes) {
    const size_t head = (kLine - reinterpret_cast<uintptr_t>(to) % kLine) % kLine;
    const size_t end = head + (size - head) / kLine * kLine;
    std::memcpy(to, from, head);
    for (size_t i = head; i < end; i += kLine) {
      StreamLine(to + i, from + i);
    }
    _mm_sfence();
    std::memcpy(to + end, from + end, size - end);
    return;
  }
#endif
  std::memcpy(to, from, size);
}

}  // namespace partita
