#pragma once

#include <string>
#include <string_view>

namespace partita {

// Texts of protocols and settings, in which A to Z are the only letters that have a case, whatever the locale.
// All functions are pure.

inline char LowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string LowerAscii(std::string_view text);

/// \brief Whether two texts are the same in lower case.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

/// \brief Without blanks, tabs and line ends before and behind.
std::string_view Trimmed(std::string_view text);

}  // namespace partita
