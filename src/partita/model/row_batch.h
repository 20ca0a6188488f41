#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "partita/base/uninitialized_vector.h"
#include "partita/model/row_format.h"

namespace partita {

/// \brief A block of rows: their bytes, and where each row and field lies in them. No
/// field is copied.
///
/// Shapes:        `row_begins` has num_rows() offsets; `field_ends` num_rows() ×
/// `num_columns`, row by row;
///                `care` a bit per 64 bytes of `bytes`, lowest bit first.
/// Units:         offsets are bytes from bytes.data(), at most 4 GiB.
/// Ownership:     borrows `bytes`, which must outlive it and be followed by
/// Buffer::kPadding readable bytes;
///                owns the index, whose memory is kept over Clear().
/// Thread safety: one thread at a time.
struct RowBatch {
  std::string_view bytes;
  int num_columns = 0;
  UninitializedVector<uint32_t> row_begins;
  UninitializedVector<uint32_t>
      field_ends;              ///< offset of the separator or line end behind each field
  std::vector<uint64_t> care;  ///< set where the 64 bytes hold a quote, backslash,
                               ///< control or non-ASCII byte

  size_t num_rows() const { return row_begins.size(); }

  void Clear() {
    row_begins.clear();
    field_ends.clear();
    care.clear();
  }

  /// The field's bytes as they stand, quotes included.
  std::string_view raw_field(size_t row, size_t column) const {
    const size_t i = row * static_cast<size_t>(num_columns) + column;
    const uint32_t begin = column == 0 ? row_begins[row] : field_ends[i - 1] + 1;
    return bytes.substr(begin, field_ends[i] - begin);
  }

  /// The row's bytes without its line end.
  std::string_view row_text(size_t row) const {
    const size_t last = (row + 1) * static_cast<size_t>(num_columns) - 1;
    return bytes.substr(row_begins[row], field_ends[last] - row_begins[row]);
  }

  /// False only if no byte of the row is a quote, backslash, control byte (a line end
  /// apart) or non-ASCII; true may also be due to a neighbour in the same 64 bytes.
  bool NeedsCare(size_t row) const {
    const size_t last = (row + 1) * static_cast<size_t>(num_columns) - 1;
    const size_t begin = row_begins[row] / 64;
    const size_t end =
        (field_ends[last] == row_begins[row] ? field_ends[last] : field_ends[last] - 1) /
        64;
    for (size_t block = begin; block <= end; ++block) {
      if ((care[block / 64] >> (block % 64) & 1) != 0) {
        return true;
      }
    }
    return false;
  }
};

/// \brief One field's value: NULL, or its characters without quotes.
struct FieldValue {
  bool is_null = false;
  std::string_view text;
};

/// \brief Reads a raw field by `format`: takes quotes off, undoubles inner ones, tells
/// NULL from empty.
///
/// `scratch` holds the characters where they differ from the raw bytes; the result is
/// valid until it changes.
FieldValue ReadField(std::string_view raw, const RowFormat& format, std::string* scratch);

}  // namespace partita
