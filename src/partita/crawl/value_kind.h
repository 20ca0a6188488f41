#pragma once

#include <cstdint>
#include <string_view>

namespace partita {

/// \brief What a cell's text can be read as without changing its value. Bits, so that
/// kinds seen can be or-ed.
enum ValueKind : uint8_t {
  kNoValue = 0,       ///< the empty text: no evidence
  kSmallLong = 1,     ///< an integer that a double holds exactly
  kLargeLong = 2,     ///< an integer of 64 bits that a double may not hold
  kDoubleValue = 4,   ///< a number with point or exponent
  kBooleanValue = 8,  ///< true or false, any case
  kTextValue = 16,    ///< anything else
};

/// \brief Tells what `text` (without quotes) can be read as.
///
/// Text, not a number: leading zeros and plus signs (`02020`, `+5`: codes and phone
/// numbers), `-0`, NaN and infinities, integers over 64 bits, numbers with more digits
/// than a double keeps or beyond its range, and anything with blanks around. A double
/// may be written otherwise than Java writes it (`1.50`, `1e3`): its value stays.
/// Thread safety: pure.
ValueKind KindOfValue(std::string_view text);

}  // namespace partita
