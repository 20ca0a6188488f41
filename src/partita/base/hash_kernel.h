#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <xxhash.h>

namespace partita {

/// \brief The parts of XXH3 whose speed hangs on the width of the vectors, for one set of instructions.
///
/// Thread safety: pure; `update` but for the state.
struct HashKernel {
  uint64_t (*hash)(const void* bytes, size_t size);
  void (*update)(XXH3_state_t* state, const void* bytes, size_t size);
};

/// \brief The kernels that this machine can run, the fastest first: AVX2, and the one of every machine. All give the
/// same hashes.
///
/// Thread safety: any thread.
std::span<const HashKernel> HashKernels();

/// \brief The first of HashKernels().
///
/// Thread safety: any thread.
const HashKernel& BestHashKernel();

#ifdef __x86_64__
/// \brief The one for machines that have AVX2; it may be called on no other.
///
/// Thread safety: any thread.
HashKernel Avx2HashKernel();
#endif

}  // namespace partita
