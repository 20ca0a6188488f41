#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "partita/encode/parquet/column/digits.h"
#include "partita/encode/parquet/schema.h"
#include "partita/model/scalar_text.h"

namespace partita {

/// \brief A decimal integer as ParseLong() reads it; without a call in the usual case of
/// up to 16 digits.
///
/// False if `text` is none.
/// Thread safety: pure.
inline bool ReadLong(std::string_view text, int64_t* out) {
  const size_t sign = !text.empty() && text.front() == '-' ? 1 : 0;
  uint64_t number = 0;
  if (ReadDigits(text.substr(sign), &number)) {
    const auto value = static_cast<int64_t>(number);
    *out = sign != 0 ? -value : value;
    return true;
  }
  const std::optional<int64_t> parsed = ParseLong(text);
  *out = parsed.value_or(0);
  return parsed.has_value();
}

// Readers of a text into the number that Parquet stores; each returns false if the text
// is no value of `field`'s type. All are pure.

/// \brief Bytes, shorts and integers within the type's limits, dates, decimals of up to 9
/// digits.
bool ReadInt32(const ParquetField& field, std::string_view text, int32_t* out);

/// \brief Timestamps (in the column's unit; microseconds for INT96), decimals of up to 18
/// digits; longs go through ReadLong().
bool ReadInt64(const ParquetField& field, std::string_view text, int64_t* out);

bool ReadFloat(std::string_view text, float* out);

bool ReadDouble(std::string_view text, double* out);

/// \brief A decimal of over 18 digits as `field.width` bytes, most significant first.
bool ReadFixedDecimal(const ParquetField& field, std::string_view text, std::string* out);

/// \brief Appends an INT96 timestamp: nanoseconds of the day, then the Julian day, little
/// end first.
///
/// Units: `micros` since the epoch, any sign.
/// Thread safety: pure.
void AppendInt96(int64_t micros, std::string* out);

}  // namespace partita
