#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <arrow/type_fwd.h>

#include "partita/options.h"
#include "partita/report.h"
#include "partita/version.h"

namespace partita {

class DataFrameWriter;

/// \brief Rows of a source with a filter and a selection, not read until they are asked for: Spark's DataFrame, as far as
/// a partitioning job needs it.
///
/// Ownership:     a value; copies are cheap and independent, but for batches (GlueContext).
/// Thread safety: as any value.
/// Errors:        per member; those of Dataset::Open() and Dataset's members for what reads, those of Write() for what
///                writes. A condition or column that is wrong is told when rows are asked for.
class PARTITA_EXPORT DataFrame {
 public:
  /// What to read. Use GlueContext to make one.
  explicit DataFrame(InputSpec input);

  /// The rows for which `condition` is true too: SQL, docs/format/condition.md.
  DataFrame Filter(const std::string& condition) const;

  /// These columns, in this order.
  DataFrame Select(std::vector<std::string> columns) const;

  /// Prints what Spark's printSchema does, on standard output.
  arrow::Status PrintSchema() const;

  /// Prints what Spark's show does, on standard output; values are cut to 20 characters, or not at all.
  arrow::Status Show(int64_t num_rows = 20, bool truncate = true) const;

  arrow::Result<int64_t> Count() const;

  /// The rows as Arrow batches (arrow::ExportRecordBatchReader() makes a C stream of them). The reader keeps what it
  /// reads from alive.
  arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ToRecordBatchReader() const;

  /// Begins a write of these rows.
  DataFrameWriter Write() const;

  /// Glue's name for what is a DataFrame already.
  DataFrame ToDF() const { return *this; }

  const InputSpec& input() const { return input_; }

 private:
  InputSpec input_;
  std::string mistake_;  ///< in a condition; told when rows are asked for
};

/// \brief What a DataFrame is written to: Spark's DataFrameWriter. Nothing is read or written before Save().
///
/// Ownership:     a value.
/// Thread safety: as any value.
class PARTITA_EXPORT DataFrameWriter {
 public:
  DataFrameWriter& PartitionBy(std::vector<std::string> columns);

  /// parquet (the default), json or csv.
  DataFrameWriter& Format(std::string format);

  /// error (the default), ignore, overwrite, append or overwrite-partitions. A wrong one is told by Save().
  DataFrameWriter& Mode(std::string mode);

  /// An option of Spark's writer for the format, such as header.
  DataFrameWriter& Option(const std::string& name, std::string value);
  DataFrameWriter& Options(const std::map<std::string, std::string>& options);

  /// Writes the rows to a folder. Errors: those of Write().
  arrow::Result<JobReport> Save(const std::string& path) const;

  /// As Save(), for WriteAll(): says where, and writes nothing yet.
  DataFrameWriter& Path(std::string path);

 private:
  friend class DataFrame;
  friend PARTITA_EXPORT arrow::Result<JobReport> WriteAll(
      const std::vector<DataFrameWriter>& writers);

  DataFrameWriter(InputSpec input, std::string mistake);

  WriteOptions options_;
  OutputSpec output_;
  std::string mode_ = "error";
  std::string mistake_;
};

/// \brief Writes several outputs from one reading of the rows; all are staged before one becomes visible.
///
/// The writers must be of one DataFrame, partitioned alike and of one mode; each has a Path().
/// Errors: kInvalidConfig where they are not; those of Write().
PARTITA_EXPORT arrow::Result<JobReport> WriteAll(
    const std::vector<DataFrameWriter>& writers);

/// \brief Where a Glue job begins: DataFrames from the catalog, from files, from a program's own batches.
///
/// Thread safety: as any value.
class PARTITA_EXPORT GlueContext {
 public:
  /// `catalog_file` is empty for DefaultCatalogFile().
  explicit GlueContext(std::string catalog_file = "", StoreOptions store_options = {});

  /// The rows of a catalog table; partitions for which `push_down_predicate` is not true are not looked at.
  ///
  /// The table is looked up when rows are asked for.
  DataFrame CreateDynamicFrameFromCatalog(
      const std::string& database, const std::string& table,
      const std::string& push_down_predicate = "") const;

  /// The rows of files or folders; `options` are Spark's reader's.
  DataFrame CreateDataFrame(std::vector<std::string> paths,
                            std::map<std::string, std::string> options = {}) const;

  /// The rows of batches. They can be read or written once, by one of all copies of the DataFrame, and not counted or shown;
  /// a second time is kInvalidConfig.
  DataFrame CreateDataFrame(std::shared_ptr<arrow::RecordBatchReader> rows) const;

 private:
  std::string catalog_file_;
  StoreOptions store_options_;
};

}  // namespace partita
