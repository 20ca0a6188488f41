#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/encode/file_encoder.h"
#include "partita/model/data_type.h"
#include "partita/model/row_fields.h"
#include "partita/model/scalar_text.h"

namespace partita {

/// \brief A data column as the text encoders see it: where its fields lie and when their
/// bytes may be copied.
///
/// Thread safety: as any value.
struct TextColumn {
  size_t index = 0;  ///< in the rows
  std::string name;
  DataType type;
  bool is_any_text = false;  ///< strings: every text is as it shall be written
  size_t safe_digits = 0;    ///< whole numbers: so many digits cannot overflow; else 0
};

/// \brief The data columns of `schema`; the rows' other columns do not reach the file.
///
/// Thread safety: pure. Errors: kInvalidConfig for no data columns or one that `format`
/// cannot hold; kInternal for an index out of range.
arrow::Result<std::vector<TextColumn>> MakeTextColumns(const EncodeSchema& schema,
                                                       std::string_view format);

/// \brief The value of a field as Spark writes it in data files; strings as they are.
///
/// `scratch` holds the characters where they differ from `text`; the result is valid
/// until it changes. Thread safety: pure. Errors: kBadInput if the text is no value of
/// the column's type.
arrow::Result<std::string_view> RenderField(const TextColumn& column,
                                            std::string_view text, std::string* scratch);

/// \brief True if all of `length` ≤ 16 bytes are ASCII digits; reads 16 bytes.
///
/// Thread safety: pure.
inline bool AreDigitsLoosely(const char* text, size_t length) {
  static_assert(std::endian::native == std::endian::little);
  constexpr uint64_t kZeros = 0x3030303030303030;
  constexpr uint64_t kHighBits = 0x8080808080808080;
  const auto wrong = [&](size_t offset, size_t count) {
    uint64_t word = 0;
    std::memcpy(&word, text + offset, sizeof(word));
    word ^= kZeros;
    word |= word + 0x7676767676767676;  // over 9: carries into the high bit
    return (word & kHighBits) << (8 * (8 - count));
  };
  if (length <= 8) {
    return length == 0 || wrong(0, length) == 0;
  }
  return (wrong(0, 8) | wrong(8, length - 8)) == 0;
}

/// \brief As IsCanonical() for data files, of a field without quotes, inline for what
/// rows mostly hold; reads up to 17 bytes from its begin.
///
/// Thread safety: pure.
inline bool IsCanonicalField(const TextColumn& column, const char* text, size_t length) {
  if (column.is_any_text || length == 0) {
    return true;
  }
  if (column.safe_digits != 0) {
    const size_t sign = *text == '-' ? 1 : 0;
    const char* digits = text + sign;
    const size_t num_digits = length - sign;
    // Zeros at the front go to the long way round, but for the frequent plain 0.
    if (num_digits != 0 && (*digits != '0' || length == 1) && num_digits <= 16 &&
        num_digits <= column.safe_digits) {
      return AreDigitsLoosely(digits, num_digits);
    }
  }
  return IsCanonical({text, length}, column.type, RenderStyle::kDataFile);
}

}  // namespace partita
