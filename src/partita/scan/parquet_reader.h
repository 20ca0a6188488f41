#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/filter/prune.h"
#include "partita/model/data_type.h"
#include "partita/scan/csv_scan.h"

namespace partita {

/// \brief How the rows of a file are given.
struct BatchForm {
  int64_t num_rows = int64_t{64} << 10;  ///< of a batch, at most
  bool decodes_side_by_side = false;     ///< the columns of a batch, on Arrow's CPU pool
};

/// \brief Reads one Parquet file: schema and row count from the footer, rows as Arrow
/// batches.
///
/// Ownership:     owns the file's handle; batch readers keep the reader alive.
/// Thread safety: one thread at a time; starts no threads, but uses those of Arrow's CPU pool where
///                BatchForm says so.
/// Errors:        kBadInput for a file that is no Parquet, is cut off, or has a type that
///                Spark has none for; kStoreUnavailable. Messages name the file.
/// Cost:          Open() reads the footer only; batches hold a page per column and what
///                they decode, never a row group.
class ParquetReader {
 public:
  static arrow::Result<std::shared_ptr<ParquetReader>> Open(const InputFile& file);
  virtual ~ParquetReader() = default;

  /// The columns as Spark reads them, all nullable: from the schema that Spark left in
  /// the footer, else from Parquet's own types.
  virtual const Schema& schema() const = 0;

  virtual int64_t num_rows() const = 0;

  virtual int num_row_groups() const = 0;

  /// Compressed bytes of all columns of a row group.
  virtual int64_t row_group_bytes(int row_group) const = 0;

  /// What the footer says of a column's values, per row group; nothing is known of a
  /// nested column, and all is NULL in one that the file has not.
  ///
  /// Errors: kBadInput when the column is of another type.
  virtual arrow::Result<ColumnRanges> Ranges(const Field& column) const = 0;

  /// Rows of some row groups with the columns of `wanted` in its order, found by name
  /// without regard to case; no other column is read, and one the file has not is all
  /// NULL. Arrow's layout of a column may be any that holds its type (dictionary, large
  /// string, other time unit).
  ///
  /// Errors: kBadInput when a column is of another type than wanted.
  virtual arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadBatches(
      const Schema& wanted, const std::vector<int>& row_groups,
      const BatchForm& form) = 0;

  /// ReadBatches() of all row groups.
  arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadAll(const Schema& wanted,
                                                                   const BatchForm& form);
};

}  // namespace partita
