#pragma once

#include <cstdint>
#include <string_view>

#include <xxhash.h>

namespace partita {

/// \brief 64-bit XXH3 of the bytes; the one hash of rows, keys and files in Partita.
///
/// Thread safety: pure.
inline uint64_t Hash64(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

}  // namespace partita
