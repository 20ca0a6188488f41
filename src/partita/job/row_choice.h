#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <arrow/result.h>

#include "partita/filter/row_filter.h"
#include "partita/model/data_type.h"
#include "partita/model/row_batch.h"
#include "partita/model/sorted_run.h"

namespace partita {

/// \brief Rows of a batch that a condition is true for.
struct ChosenRows {
  RowBatch batch;               ///< borrows the bytes of the batch they are from
  std::vector<size_t> numbers;  ///< of each within that batch
};

/// \brief Decides which rows of a scan a job takes.
///
/// Thread safety: const members may be called from any thread.
class RowChoice {
 public:
  /// `where` is a condition over `schema`, by which the rows are written down in `format`.
  ///
  /// Errors: those of ParseCondition(), BindCondition() and RowFilter::Make().
  static arrow::Result<RowChoice> Make(const std::string& where, const Schema& schema,
                                       const RowFormat& format);

  /// Replaces `chosen` by the rows of `batch` that are taken, in their order.
  arrow::Status Choose(const RowBatch& batch, ChosenRows* chosen) const;

 private:
  RowChoice(RowFilter filter, const Schema& schema, const RowFormat& format)
      : filter_(std::move(filter)), schema_(schema), format_(format) {}

  RowFilter filter_;
  Schema schema_;
  RowFormat format_;
};

/// \brief Moves `rows`, which lie in `bytes`, to a buffer of their own where they take less than half of it.
///
/// True where they were moved: then `packed` holds them, one LF behind each, and `rows` point into it.
/// Errors: kStoreUnavailable when there is no memory.
arrow::Result<bool> PackRows(const Buffer& bytes, std::vector<RowRef>* rows,
                             Buffer* packed);

}  // namespace partita
