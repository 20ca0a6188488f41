#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "partita/encode/parquet_schema.h"
#include "partita/model/scalar_text.h"

namespace partita {

/// \brief A decimal integer as ParseLong() reads it; digits only, without a call, in the
/// usual case.
///
/// False if `text` is none. Thread safety: pure.
inline bool ReadLong(std::string_view text, int64_t* out) {
  constexpr size_t kSafeDigits = 18;
  const bool is_negative = !text.empty() && text.front() == '-';
  const size_t begin = is_negative ? 1 : 0;
  int64_t number = 0;
  bool is_plain = text.size() > begin && text.size() - begin <= kSafeDigits;
  for (size_t i = begin; is_plain && i < text.size(); ++i) {
    const auto digit = static_cast<unsigned char>(text[i] - '0');
    is_plain = digit <= 9;
    number = number * 10 + digit;
  }
  if (is_plain) {
    *out = is_negative ? -number : number;
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
/// Units: `micros` since the epoch, any sign. Thread safety: pure.
void AppendInt96(int64_t micros, std::string* out);

}  // namespace partita
