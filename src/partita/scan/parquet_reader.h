#pragma once

#include <cstdint>
#include <memory>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/model/data_type.h"
#include "partita/scan/csv_scan.h"

namespace partita {

/// \brief Reads one Parquet file: schema and row count from the footer, rows as Arrow
/// batches.
///
/// Ownership:     owns the file's handle; batch readers keep the reader alive.
/// Thread safety: one thread at a time; starts no threads.
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

  /// Rows with the columns of `wanted` in its order, found by name without regard to
  /// case; a column the file has not is all NULL. Arrow's layout of a column may be
  /// any that holds its type (dictionary, large string, other time unit).
  ///
  /// Errors: kBadInput when a column is of another type than wanted.
  virtual arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadBatches(
      const Schema& wanted, int64_t batch_rows) = 0;
};

}  // namespace partita
