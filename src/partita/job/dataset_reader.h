#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/dataset.h"
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
/// Thread safety: one thread at a time; CSV is counted on threads of its own.
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

  /// What is read.
  const DatasetSource& source() const { return source_; }

  /// What Scan() asks of ScanDataset().
  arrow::Result<ScanRequest> MakeRequest();

 private:
  // The columns that lie in the files, found on first use.
  arrow::Result<const Schema*> DataSchema();
  arrow::Status InferCsvSchema();
  arrow::Status InferJsonSchema();
  arrow::Result<InputFile> Open(const DatasetFile& file) const;
  arrow::Result<int64_t> CountAll();

  // Files to tell the columns from.
  const std::vector<DatasetFile>& KnownFiles() const {
    return source_.files.empty() ? source_.sample : source_.files;
  }

  std::vector<InputFileInfo> Files() const;

  Store* store_;
  std::string where_;
  std::vector<std::string> select_;
  DatasetSource source_;
  std::optional<Schema> data_;
  CsvDialect dialect_;                    // of CSV, known with data_
  std::optional<int64_t> inferred_rows_;  // what a pass for the types counted
  MalformedRows inferred_malformed_;
  std::shared_ptr<MalformedRowCount> malformed_ = std::make_shared<MalformedRowCount>();
};

}  // namespace partita
