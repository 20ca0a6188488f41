#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/filter/prune.h"
#include "partita/filter/row_filter.h"
#include "partita/job/dataset_scan.h"
#include "partita/scan/parquet_reader.h"

namespace partita {

/// \brief The row groups of a file that are to be read, and what there are.
struct RowGroupChoice {
  std::vector<int> chosen;
  int64_t num_row_groups = 0;
  int64_t bytes = 0;
  int64_t chosen_bytes = 0;
};

/// \brief Reads one file of a scan at a time: what to read of it, and its rows as they leave the scan.
///
/// Ownership:     borrows store and request.
/// Thread safety: const members may be called from any thread.
/// Errors:        those of ScanDataset().
class FileScan {
 public:
  static arrow::Result<FileScan> Make(Store* store, const ScanRequest* request);

  /// The schema of the batches.
  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }

  /// The row groups that the condition does not rule out; a file that is not Parquet counts as one.
  arrow::Result<RowGroupChoice> Choose(const DatasetFile& file) const;

  /// Shows `visit` the batches of matching rows, none empty, until it returns false.
  arrow::Status Read(
      const DatasetFile& file,
      const std::function<bool(std::shared_ptr<arrow::RecordBatch>)>& visit) const;

 private:
  using PartitionScalarList = std::vector<std::shared_ptr<arrow::Scalar>>;

  // Where a column of the scan comes from; one of both is set.
  struct Place {
    int data = -1;       // of the batches that a file's reader gives
    int partition = -1;  // of the source's partition columns
  };

  FileScan(Store* store, const ScanRequest* request) : store_(store), request_(request) {}

  arrow::Status Init();
  bool ReadsAllColumns() const;
  void AddWanted(int column);
  bool NullsEmptyStrings() const;
  arrow::Result<InputFile> OpenInput(const DatasetFile& file) const;
  arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> Open(
      const DatasetFile& file) const;
  arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> OpenCsv(
      InputFile opened) const;
  arrow::Result<RowGroupChoice> ChooseOf(const DatasetFile& file,
                                         const ParquetReader& reader) const;
  arrow::Result<ColumnRanges> RangesOf(int column, const DatasetFile& file,
                                       const ParquetReader& reader) const;
  arrow::Result<PartitionScalarList> PartitionScalars(const DatasetFile& file) const;
  // The columns asked for of the rows that match.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Matching(
      const arrow::RecordBatch& batch, const PartitionScalarList& partition) const;

  Store* store_;
  const ScanRequest* request_;
  Schema all_;                 // data and partition columns
  std::vector<Place> places_;  // parallel to all_
  Schema wanted_;              // the data columns that are read
  std::shared_ptr<arrow::Schema> schema_;
  std::optional<RowFilter> filter_;
  std::optional<RangeFilter> ranges_;  // of Parquet, where statistics can rule rows out
};

}  // namespace partita
