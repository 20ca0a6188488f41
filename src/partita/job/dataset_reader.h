#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/dataset.h"
#include "partita/job/dataset_columns.h"
#include "partita/job/dataset_scan.h"
#include "partita/job/dataset_source.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Reads a data set: its schema, its number of rows, its first rows, all rows.
///
/// What a question needs is read when it is asked: the schema of JSON and of CSV without
/// declared types takes a pass over every row, that of Parquet one footer; a show stops
/// at the rows it prints.
/// Ownership:     borrows the store.
/// Thread safety: one thread at a time; columns are found, and rows counted, on threads of its own.
/// Errors:        those of the readers: kBadInput naming file and place,
///                kStoreUnavailable.
/// Cost:          memory of a few batches, and some 200 bytes per file.
class DatasetReader : public Dataset {
 public:
  /// `input` is what the source was resolved from.
  DatasetReader(Store* store, const InputSpec& input, DatasetSource source)
      : store_(store),
        where_(input.where),
        select_(input.select),
        source_(std::move(source)) {}

  arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> Scan(
      int threads, std::stop_token stop) override;
  arrow::Result<ScanPlanReport> Explain() override;
  arrow::Result<std::string> SchemaTree() override;
  arrow::Result<int64_t> Count() override;
  arrow::Result<std::string> Show(int64_t num_rows, int truncate) override;

  MalformedRows malformed_rows() const override { return malformed_->total(); }

  std::vector<RetypedColumn> RetypedColumns() const override {
    return columns_ ? columns_->retyped : std::vector<RetypedColumn>();
  }

  /// What is read.
  const DatasetSource& source() const { return source_; }

  std::vector<std::string> LeftOut() const override { return source_.left_out; }

  /// What Scan() asks of ScanDataset().
  arrow::Result<ScanRequest> MakeRequest();

 private:
  // Found on first use.
  arrow::Result<const DatasetColumns*> Columns();
  arrow::Result<int64_t> CountAll();
  arrow::Result<int64_t> CountFile(const DatasetFile& file,
                                   const std::stop_token& stop) const;

  Store* store_;
  std::string where_;
  std::vector<std::string> select_;
  DatasetSource source_;
  std::optional<DatasetColumns> columns_;
  std::shared_ptr<MalformedRowCount> malformed_ = std::make_shared<MalformedRowCount>();
};

}  // namespace partita
