// Forced inlining of the streaming functions fails at -Og.
#ifndef NDEBUG
#define XXH_NO_INLINE_HINTS 1
#endif
#include "partita/base/hash.h"

namespace partita {

StreamHash64::StreamHash64() : state_(XXH3_createState()) {
  XXH3_64bits_reset(state_.get());
}

void StreamHash64::Append(std::string_view bytes) {
  BestHashKernel().update(state_.get(), bytes.data(), bytes.size());
}

uint64_t StreamHash64::value() const { return XXH3_64bits_digest(state_.get()); }

void StreamHash64::Free::operator()(XXH3_state_t* state) const { XXH3_freeState(state); }

}  // namespace partita
