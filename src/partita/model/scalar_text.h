#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <arrow/result.h>

#include "partita/model/data_type.h"

namespace partita {

// Typed values from text and back, by the rules of Spark's CSV reader and its CAST AS
// STRING. All functions are pure and may be called from any thread. Texts carry no
// quotes.

/// \brief A decimal integer with an optional sign; leading zeros allowed; nothing else,
/// as Java's parseLong.
std::optional<int64_t> ParseLong(std::string_view text);

/// \brief A floating-point number as Spark's CSV reader takes it: decimal or exponent
/// form, NaN, Inf, -Inf, Infinity.
std::optional<double> ParseDouble(std::string_view text);

/// \brief `true` or `false`, any case.
std::optional<bool> ParseBoolean(std::string_view text);

/// \brief Days since 1970-01-01 from `yyyy-MM-dd` (also `yyyy-M-d`).
std::optional<int32_t> ParseDate(std::string_view text);

/// \brief Microseconds since the epoch from `yyyy-MM-dd[
/// T]HH:mm[:ss[.fraction]][Z|±hh:mm]`; UTC where no zone stands.
std::optional<int64_t> ParseTimestamp(std::string_view text);

/// \brief The unscaled value of a decimal as a 128-bit integer (two halves) if it fits
/// precision and scale.
struct Decimal128Parts {
  int64_t high = 0;
  uint64_t low = 0;
};

std::optional<Decimal128Parts> ParseDecimal(std::string_view text, int precision,
                                            int scale);

/// \brief True if `text` is a value of `type` (never called for NULL). Every text is a
/// string.
bool FitsType(std::string_view text, const DataType& type);

/// \brief True if `text` is already what RenderCast() gives for it, so it may be copied.
///
/// Fast for long and string; may say false for a text that is canonical, never true for
/// one that is not.
bool IsCanonical(std::string_view text, const DataType& type);

/// \brief Java's Double.toString: `100.0`, `1.0E10`, `NaN`, `-Infinity`; digits are the
/// shortest that read back.
void AppendDouble(double value, std::string* out);

/// \brief Java's Float.toString.
void AppendFloat(float value, std::string* out);

/// \brief `yyyy-MM-dd`; years over 9999 with `+`.
void AppendDate(int32_t days, std::string* out);

/// \brief Where a value is rendered: the same timestamp or decimal is written differently
/// in each.
enum class RenderStyle {
  kCast,      ///< CAST AS STRING (partition folders, show): `2016-12-01 00:00:00.5`
  kDataFile,  ///< CSV and JSON files: `2016-12-01T00:00:00.500Z`, decimals as
              ///< BigDecimal.toString
};

/// \brief Appends the value that `text` stands for, of type `type`, as Spark renders it.
/// UTC is the session zone.
///
/// A long `007` becomes `7`. Requires FitsType(text, type).
void AppendRendered(std::string_view text, const DataType& type, RenderStyle style,
                    std::string* out);

}  // namespace partita
