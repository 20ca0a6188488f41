#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <arrow/type_fwd.h>

namespace partita {

/// \brief Where the rows of a batch stand, for messages.
struct BatchOrigin {
  std::string file;
  int64_t rows_before = 0;  ///< rows of the file before the batch's first one
};

/// \brief The same rows with their origin in the metadata of their schema, which slices keep.
///
/// Thread safety: pure.
std::shared_ptr<arrow::RecordBatch> WithOrigin(const arrow::RecordBatch& batch,
                                               const BatchOrigin& origin);

/// \brief What WithOrigin() noted; nothing for a batch of other making. Thread safety: pure.
std::optional<BatchOrigin> OriginOf(const arrow::RecordBatch& batch);

}  // namespace partita
