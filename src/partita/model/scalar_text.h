#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <arrow/result.h>

#include "partita/model/data_type.h"

namespace partita {

// Typed values from text and back, by the rules of Spark's CSV reader, its CAST AS STRING
// and its file writers, with UTC as session zone. All functions are pure and may be
// called from any thread. Texts carry no quotes. FitsType() accepts exactly what the
// Parse function of its type accepts.
//
// Checked against Spark 4.3. Left out, hence not accepted, though Spark reads them:
// digits outside ASCII, zone names other than UTC, GMT and UT, and times without a date,
// whose value would be that of the day the job runs on.

/// \brief A decimal integer with an optional sign; leading zeros allowed; nothing else,
/// as Java's parseLong.
std::optional<int64_t> ParseLong(std::string_view text);

/// \brief A floating-point number as Spark's CSV reader takes it: NaN, Inf, -Inf, or what
/// Java's parseDouble takes.
///
/// That is decimal or exponent form, hexadecimal with a `p`, a d or f behind it,
/// Infinity, blanks around it. Too large is infinite, too small is zero.
std::optional<double> ParseDouble(std::string_view text);

/// \brief As ParseDouble(), rounded once to the nearest float.
std::optional<float> ParseFloat(std::string_view text);

/// \brief `true` or `false`, any case.
std::optional<bool> ParseBoolean(std::string_view text);

/// \brief Days since 1970-01-01 from `[±]yyyy[-M[-d]]`, years of four to seven digits.
///
/// Behind a full date anything may follow a blank or `T`; blanks around it are dropped.
std::optional<int32_t> ParseDate(std::string_view text);

/// \brief Microseconds since the epoch from `[±]yyyy[-M[-d[( |T)H[:m[:s[.f]]]]]][zone]`;
/// UTC where no zone stands.
///
/// Years of four to six digits. A zone follows the seconds only: `Z`, `±h[h][:mm[:ss]]`,
/// `±hhmm`, each also behind UTC, GMT or UT. Digits beyond microseconds are cut off.
std::optional<int64_t> ParseTimestamp(std::string_view text);

/// \brief As ParseTimestamp(), but a zone is refused: Spark's timestamp_ntz.
std::optional<int64_t> ParseTimestampNtz(std::string_view text);

/// \brief A 128-bit integer in two halves: the unscaled value of a decimal.
struct Decimal128Parts {
  int64_t high = 0;
  uint64_t low = 0;

  friend bool operator==(const Decimal128Parts&, const Decimal128Parts&) = default;
};

/// \brief The unscaled value of a decimal, rounded half up to `scale`; nothing if it then
/// has over `precision` digits.
///
/// Decimal or exponent form; commas are skipped, as Spark does.
std::optional<Decimal128Parts> ParseDecimal(std::string_view text, int precision,
                                            int scale);

/// \brief True if `text` is a value of `type` (never called for NULL). Every text is a
/// string or binary; none is a value of a nested type.
bool FitsType(std::string_view text, const DataType& type);

/// \brief Where a value is rendered: the same timestamp or decimal is written differently
/// in each.
enum class RenderStyle {
  kCast,      ///< CAST AS STRING (partition folders, show): `2016-12-01 00:00:00.5`
  kDataFile,  ///< CSV and JSON files: `2016-12-01T00:00:00.500Z`, decimals as
              ///< BigDecimal.toString
};

/// \brief True if `text` is already what AppendRendered() gives for it, so it may be
/// copied.
///
/// Fast for long and string; may say false for a text that is canonical, never true for
/// one that is not.
bool IsCanonical(std::string_view text, const DataType& type,
                 RenderStyle style = RenderStyle::kCast);

/// \brief Java's Double.toString: `100.0`, `1.0E10`, `NaN`, `-Infinity`; digits are the
/// shortest that read back, as of JDK 19.
///
/// Older JDKs give longer digits for some doubles from 1e16 on (9.999999999999999E22) and
/// for more floats (1.50000005E10).
void AppendDouble(double value, std::string* out);

/// \brief Java's Float.toString.
void AppendFloat(float value, std::string* out);

/// \brief `yyyy-MM-dd`; years over 9999 with `+`, years before 0 with `-`.
void AppendDate(int32_t days, std::string* out);

/// \brief A timestamp of kTimestamp or kTimestampNtz; only the first has a `Z` in
/// kDataFile.
///
/// kCast shows up to six digits of fraction without trailing zeros, kDataFile always
/// three, the rest cut off.
void AppendTimestamp(int64_t micros, TypeId type, RenderStyle style, std::string* out);

/// \brief A decimal: kCast plain with its full scale, kDataFile as BigDecimal.toString
/// (`0E-18`, `1.00E-7`).
void AppendDecimal(Decimal128Parts unscaled, int scale, RenderStyle style,
                   std::string* out);

/// \brief Appends the value that `text` stands for, of type `type`, as Spark renders it.
///
/// A long `007` becomes `7`; binary is `[48 65]` in kDataFile, its bytes in kCast.
/// Requires FitsType(text, type).
void AppendRendered(std::string_view text, const DataType& type, RenderStyle style,
                    std::string* out);

}  // namespace partita
