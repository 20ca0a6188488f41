// Forced inlining of the streaming functions fails at -Og.
#ifndef NDEBUG
#define XXH_NO_INLINE_HINTS 1
#endif
#include "partita/base/hash_kernel.h"

#include <array>

namespace partita {
namespace {

constexpr HashKernel kPlain = {
    .hash = [](const void* bytes, size_t size) -> uint64_t {
      return XXH3_64bits(bytes, size);
    },
    .update = [](XXH3_state_t* state, const void* bytes,
                 size_t size) { XXH3_64bits_update(state, bytes, size); }};

}  // namespace

std::span<const HashKernel> HashKernels() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx2") != 0) {
    static const std::array<HashKernel, 2> kernels = {Avx2HashKernel(), kPlain};
    return kernels;
  }
#endif
  return {&kPlain, 1};
}

const HashKernel& BestHashKernel() {
  static const HashKernel best = HashKernels().front();
  return best;
}

}  // namespace partita
