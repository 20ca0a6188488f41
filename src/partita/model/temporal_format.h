#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "partita/model/data_type.h"

namespace partita {

/// \brief How a date or timestamp is written where its type keeps all that the text says. Bits, so that formats seen can be
/// or-ed.
///
/// A timestamp may have a fraction of a second of one to three, six or nine digits, or none: all are one format.
enum TemporalFormat : uint8_t {
  kNotTemporal = 1,              ///< any other text
  kDateFormat = 2,               ///< 2024-01-31
  kTimestampFormat = 4,          ///< 2024-01-31 10:30:00.5
  kTimestampTFormat = 8,         ///< 2024-01-31T10:30:00.5
  kTimestampZFormat = 16,        ///< 2024-01-31 10:30:00.5Z
  kTimestampTZFormat = 32,       ///< 2024-01-31T10:30:00.5Z
  kTimestampOffsetFormat = 64,   ///< 2024-01-31 10:30:00.5+00:00
  kTimestampTOffsetFormat = 128  ///< 2024-01-31T10:30:00.5+00:00
};

/// \brief What becomes of texts that are dates and timestamps where types are looked for.
enum class DateRules {
  kText,   ///< they are text, as with Glue and Spark
  kTyped,  ///< they are of type date or timestamp where a column has one format throughout
};

/// \brief The format of `text` if reading it as a date or timestamp alters nothing, else kNotTemporal.
///
/// Not temporal: days that the calendar does not have, years other than 0001 to 9999, parts with fewer digits, times
/// without seconds, fractions finer than milliseconds (which CSV and JSON files do not keep; zeros may follow), and zones
/// other than UTC (the text's own time of day would be lost).
/// Thread safety: pure. Cost: some nanoseconds.
TemporalFormat TemporalFormatOf(std::string_view text);

/// \brief The type of values that have shown `formats`: date or timestamp, or nothing where they have more than one format,
/// another text or none at all.
///
/// Thread safety: pure.
std::optional<DataType> TypeOfFormats(uint8_t formats);

/// \brief A format for people: `a date like 2024-01-31`.
///
/// Thread safety: pure.
std::string_view Describe(TemporalFormat format);

}  // namespace partita
