#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "partita/model/data_type.h"
#include "partita/model/row_batch.h"

namespace partita {

/// \brief What is wrong with a row: where in the batch, what, and what to do.
struct RowProblem {
  size_t row = 0;
  int column = 0;
  std::string what;
};

/// \brief Checks the fields of rows: valid UTF-8, and values that fit their column's type.
///
/// Thread safety: const members may be called from any thread.
/// Cost:          UTF-8 is looked at in blocks that need care only; a field of a typed
/// column takes a few nanoseconds.
class RowChecks {
 public:
  RowChecks(const Schema& schema, const RowFormat& format);

  /// The first problem of the batch, by row and then by column of the types.
  std::optional<RowProblem> Check(const RowBatch& batch) const;

 private:
  bool Fits(std::string_view raw, size_t column, std::string* scratch) const;
  RowProblem Mismatch(const RowBatch& batch, size_t row, size_t column) const;

  struct TypedColumn {
    size_t index = 0;
    size_t max_digits = 0;  ///< a text of so many digits, or fewer, always fits
  };

  Schema schema_;
  RowFormat format_;
  std::vector<TypedColumn> typed_columns_;
};

/// \brief Offset of the first byte that is not part of valid UTF-8, or npos.
///
/// Thread safety: pure.
size_t FindInvalidUtf8(std::string_view text);

/// \brief `text` cut to `max_size` bytes between characters, with control bytes and broken
/// UTF-8 as `\xNN`: fit for a message. Thread safety: pure.
std::string QuotableText(std::string_view text, size_t max_size = 100);

}  // namespace partita
