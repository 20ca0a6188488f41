#pragma once

#include <cstddef>

namespace partita {

/// \brief memcpy() for bytes that this processor will not look at again soon: large pieces
/// are stored past its caches, which need not fetch the old content of `to` first.
///
/// Thread safety: as memcpy().
void StreamCopy(char* to, const char* from, size_t size);

}  // namespace partita
