#pragma once

#include <cstddef>
#include <string_view>

namespace partita {

/// \brief True if `bytes` holds an odd number of `"`. Thread safety: pure. Cost: as fast as
/// memory.
bool HasOddQuotes(std::string_view bytes);

/// \brief Offset behind the first LF outside of quotes at or behind `begin`, or npos.
///
/// `in_quotes` tells whether `begin` stands within quotes, and becomes so for the end of
/// `bytes` where no such LF is found. Thread safety: pure.
size_t FindLineBegin(std::string_view bytes, size_t begin, bool* in_quotes);

}  // namespace partita
