#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/status.h>

#include "partita/encode/parquet/column/column.h"
#include "partita/encode/parquet/schema.h"
#include "partita/model/nested_text.h"
#include "partita/model/row_batch.h"

namespace partita {

/// \brief Parts the values of one nested column into entries of its leaf columns, with levels that tell how to put them
/// together again.
///
/// Ownership:     borrows the leaves.
/// Thread safety: one thread at a time.
/// Errors:        kBadInput for NULL where the schema has none; kInternal for fields that AppendNestedText() did not write;
///                those of the leaves.
class NestedColumn {
 public:
  /// `leaves` are all of the schema's, by their index; `index` is the column's in the rows.
  NestedColumn(ParquetNode node, size_t index, const RowFormat& row_format,
               std::vector<ParquetColumn*> leaves)
      : node_(std::move(node)),
        index_(index),
        row_format_(row_format),
        leaves_(std::move(leaves)) {}

  /// Takes this column's fields of the rows from `begin` to `end`.
  arrow::Status Append(const RowBatch& rows, size_t begin, size_t end);

 private:
  arrow::Status AddNullable(const ParquetNode& node, uint32_t repetition,
                            NestedTextReader* text);
  arrow::Status AddValue(const ParquetNode& node, uint32_t repetition,
                         NestedTextReader* text);
  arrow::Status AddParts(const ParquetNode& node, uint32_t repetition, size_t count,
                         NestedTextReader* text);
  arrow::Status AddScalar(const ParquetNode& node, uint32_t repetition,
                          std::string_view text);
  arrow::Status AddNull(const ParquetNode& node, uint32_t repetition);
  // An entry without a value for every leaf below.
  arrow::Status AddEmpty(const ParquetNode& node, uint32_t repetition,
                         uint32_t definition);

  ParquetNode node_;
  size_t index_;
  RowFormat row_format_;
  std::vector<ParquetColumn*> leaves_;
  std::string bytes_;  // of binary
};

}  // namespace partita
