#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "partita/model/row_batch.h"

namespace partita {

/// \brief One row's fields by column, without the checks of RowBatch::raw_field().
///
/// Ownership:     borrows the batch.
/// Thread safety: as any value.
class RowFields {
 public:
  RowFields(const RowBatch& rows, size_t row)
      : rows_(&rows),
        ends_(rows.field_ends.data() + row * static_cast<size_t>(rows.num_columns)),
        row_begin_(rows.row_begins[row]) {}

  uint32_t begin(size_t column) const {
    return column == 0 ? row_begin_ : ends_[column - 1] + 1;
  }

  uint32_t end(size_t column) const { return ends_[column]; }

  std::string_view text(size_t column) const {
    return {rows_->bytes.data() + begin(column), end(column) - begin(column)};
  }

  /// False only if the field holds no quote, backslash, control or non-ASCII byte.
  bool NeedsCare(size_t column) const {
    for (size_t block = begin(column) / 64; block <= end(column) / 64; ++block) {
      if ((rows_->care[block / 64] >> (block % 64) & 1) != 0) {
        return true;
      }
    }
    return false;
  }

 private:
  const RowBatch* rows_;
  const uint32_t* ends_;
  uint32_t row_begin_;
};

}  // namespace partita
