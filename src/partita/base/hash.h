#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <xxhash.h>

#include "partita/base/hash_kernel.h"

namespace partita {

/// \brief 64-bit XXH3 of the bytes; the one hash of rows, keys and files in Partita.
///
/// Thread safety: pure.
inline uint64_t Hash64(std::string_view bytes) {
  // Beyond that XXH3 works in vectors.
  return bytes.size() <= XXH3_MIDSIZE_MAX
             ? XXH3_64bits(bytes.data(), bytes.size())
             : BestHashKernel().hash(bytes.data(), bytes.size());
}

/// \brief Hash64() of bytes that come in pieces.
///
/// Thread safety: one thread at a time.
/// Errors:        none.
class StreamHash64 {
 public:
  StreamHash64();

  void Append(std::string_view bytes);

  /// Of all bytes so far; more may follow.
  uint64_t value() const;

 private:
  struct Free {
    void operator()(XXH3_state_t* state) const;
  };

  std::unique_ptr<XXH3_state_t, Free> state_;
};

}  // namespace partita
