// Compiled for AVX2, which XXH3 chooses its vectors by. No inline function but its own, which are static, may be used:
// one compiled here could be the one that the linker takes for the whole program.
#ifndef NDEBUG
#define XXH_NO_INLINE_HINTS 1
#endif
#include "partita/base/hash_kernel.h"

#ifdef __x86_64__

// The latter where the whole program is compiled for a machine that has it.
static_assert(XXH_VECTOR == XXH_AVX2 || XXH_VECTOR == XXH_AVX512);

namespace partita {

HashKernel Avx2HashKernel() {
  return {.hash = [](const void* bytes, size_t size) -> uint64_t {
            return XXH3_64bits(bytes, size);
          },
          .update = [](XXH3_state_t* state, const void* bytes,
                       size_t size) { XXH3_64bits_update(state, bytes, size); }};
}

}  // namespace partita

#endif
