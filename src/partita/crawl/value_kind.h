#pragma once

#include <cstdint>
#include <string_view>

#include "partita/model/temporal_format.h"

namespace partita {

/// \brief What a cell's text can be read as without changing its value. Bits, so that
/// kinds seen can be or-ed; dates and timestamps have one for each format, see KindOfFormat().
enum ValueKind : uint16_t {
  kNoValue = 0,       ///< the empty text: no evidence
  kSmallLong = 1,     ///< an integer that a double holds exactly
  kLargeLong = 2,     ///< an integer of 64 bits that a double may not hold
  kDoubleValue = 4,   ///< a number with point or exponent
  kBooleanValue = 8,  ///< true or false, any case
  kTextValue = 16,    ///< anything else
};

/// \brief The kind of dates or timestamps of a format; text is kTextValue. Pure.
constexpr ValueKind KindOfFormat(TemporalFormat format) {
  return format == kNotTemporal ? kTextValue : static_cast<ValueKind>(format << 8);
}

/// \brief The formats of dates and timestamps among `kinds`. Pure.
constexpr uint8_t FormatsOf(uint16_t kinds) { return static_cast<uint8_t>(kinds >> 8); }

/// \brief What counts as a number.
enum class NumberRules {
  kExact,  ///< what reading it as a number changes in no way that matters
  kGlues,  ///< what a Glue crawler takes for one
};

/// \brief What counts as a value of another type than string.
struct ValueRules {
  NumberRules numbers = NumberRules::kExact;
  DateRules dates = DateRules::kText;
};

/// \brief Tells what `text` (without quotes) can be read as.
///
/// Text, not a number: leading zeros and plus signs (`02020`, `+5`: codes and phone
/// numbers), `-0`, NaN and infinities, integers over 64 bits, numbers with more digits
/// than a double keeps or beyond its range, and anything with blanks around. A double
/// may be written otherwise than Java writes it (`1.50`, `1e3`): its value stays.
/// By NumberRules::kGlues neither leading zeros nor `-0` nor digits that a double loses
/// matter, and no integer is too large for a double. Dates and timestamps are text unless
/// DateRules::kTyped takes those that have a TemporalFormat.
/// Thread safety: pure.
ValueKind KindOfValue(std::string_view text, const ValueRules& rules = {});

/// \brief Why `text`, of which KindOfValue() made `kind` by `rules`, is that: the end of a sentence for people.
///
/// Thread safety: pure.
std::string_view KindReason(std::string_view text, ValueKind kind,
                            const ValueRules& rules = {});

}  // namespace partita
