#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <arrow/io/type_fwd.h>
#include <arrow/type_fwd.h>

#include "partita/options.h"
#include "partita/report.h"
#include "partita/version.h"

namespace partita {

/// \brief A data set for reading: a catalog table, a CSV file, or a folder as Spark wrote
/// it.
///
/// Thread safety: one thread at a time.
/// Errors:        kNotFound, kBadInput, kStoreUnavailable, kInvalidConfig for a read
/// option that is unknown.
class PARTITA_EXPORT Dataset {
 public:
  static arrow::Result<std::unique_ptr<Dataset>> Open(const InputSpec& input);
  virtual ~Dataset() = default;

  /// The rows that match InputSpec::where with the columns of InputSpec::select, file after file in path order.
  ///
  /// Reads `threads` files at a time (0: as many as CPU affinity and cgroup allow). The data set must outlive the
  /// reader; destroying the reader early stops its threads. A request through `stop` ends it with kCancelled.
  /// Returns when the first batch is read, so with a condition that few rows match perhaps late, and with the error of
  /// reading it: until then it may start over with a data set that has taken this one's place.
  virtual arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> Scan(
      int threads, std::stop_token stop) = 0;

  /// With the read option ignoreCorruptFiles: the files that are left out, and why, a line each.
  virtual std::vector<std::string> LeftOut() const = 0;

  /// With TypeMismatch::kString: the columns that were found to be strings by whatever was asked last.
  virtual std::vector<RetypedColumn> RetypedColumns() const = 0;

  /// What Scan() would read.
  virtual arrow::Result<ScanPlanReport> Explain() = 0;

  /// What Spark's printSchema prints, the blank line at the end included.
  virtual arrow::Result<std::string> SchemaTree() = 0;

  /// Rows that match; without a condition from Parquet footers where it can.
  virtual arrow::Result<int64_t> Count() = 0;

  /// What Spark's df.show(num_rows, truncate) prints; `truncate` 0 means whole values,
  /// left-aligned.
  virtual arrow::Result<std::string> Show(int64_t num_rows, int truncate) = 0;

  /// Rows of CSV and JSON that the last Scan(), Count() or Show() has left out or taken in part, as the read option `mode`
  /// or InputSpec::on_type_mismatch says; of a scan, those that it has come to.
  virtual MalformedRows malformed_rows() const = 0;
};

/// \brief Writes all batches of `rows`, at most `limit` rows of them (-1: all), to a stream as csv, json, parquet or arrow.
///
/// csv has a header; json is an object a line; arrow is the IPC stream format.
/// Errors: kInvalidConfig (format), kBadInput (nested columns in csv), the reader's, kStoreUnavailable.
PARTITA_EXPORT arrow::Status WriteRows(
    arrow::RecordBatchReader* rows, const std::string& format, int64_t limit,
    const std::shared_ptr<arrow::io::OutputStream>& stream);

/// \brief WriteRows() to a new file: it is there as a whole, or not at all.
///
/// Errors: kAlreadyExists (never replaces a file), kStoreUnavailable, and those of WriteRows().
PARTITA_EXPORT arrow::Status WriteRowsToFile(arrow::RecordBatchReader* rows,
                                             const std::string& format, int64_t limit,
                                             const std::string& path,
                                             const StoreOptions& store_options = {});

/// \brief What a scan would read, as lines of text.
PARTITA_EXPORT std::string ToText(const ScanPlanReport& report);

/// \brief The same as one JSON object.
PARTITA_EXPORT std::string ToJson(const ScanPlanReport& report);

}  // namespace partita
