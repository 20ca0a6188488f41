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

/// \brief What counts as a number.
enum class NumberRules {
  kExact,  ///< what reading it as a number changes in no way that matters
  kGlues,  ///< what a Glue crawler takes for one
};

/// \brief Tells what `text` (without quotes) can be read as.
///
/// Text, not a number: leading zeros and plus signs (`02020`, `+5`: codes and phone
/// numbers), `-0`, NaN and infinities, integers over 64 bits, numbers with more digits
/// than a double keeps or beyond its range, and anything with blanks around. A double
/// may be written otherwise than Java writes it (`1.50`, `1e3`): its value stays.
/// By NumberRules::kGlues neither leading zeros nor `-0` nor digits that a double loses
/// matter, and no integer is too large for a double.
/// Thread safety: pure.
ValueKind KindOfValue(std::string_view text, NumberRules rules = NumberRules::kExact);

/// \brief Why `text`, of which KindOfValue() made `kind`, is that: the end of a sentence for people.
///
/// Thread safety: pure.
std::string_view KindReason(std::string_view text, ValueKind kind);

}  // namespace partita
