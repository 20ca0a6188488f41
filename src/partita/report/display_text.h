#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace partita {

// Text as Spark prints it on a terminal. All functions are pure and may be called from
// any thread; texts are UTF-8.

/// \brief Writes `\n`, `\r`, `\t`, `\f`, `\b`, `\v` and `\a` for these control
/// characters; the rest as it is.
std::string EscapeForDisplay(std::string_view text);

/// \brief Java's String.length: UTF-16 code units.
size_t Utf16Length(std::string_view text);

/// \brief The first `length` UTF-16 code units. A character that is cut in the middle
/// becomes `?`, as Java prints it.
std::string Utf16Prefix(std::string_view text, size_t length);

/// \brief Columns of a terminal that Spark counts: UTF-16 units, and one more for each
/// full-width East Asian character.
size_t DisplayWidth(std::string_view text);

}  // namespace partita
