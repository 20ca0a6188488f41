#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/filter/bound_condition.h"
#include "partita/job/column_selection.h"
#include "partita/job/dataset_source.h"
#include "partita/model/data_type.h"
#include "partita/report.h"
#include "partita/scan/csv_options.h"
#include "partita/scan/json_options.h"
#include "partita/scan/malformed_record_sink.h"
#include "partita/scan/malformed_row_count.h"
#include "partita/store/store.h"

namespace partita {

/// \brief What is to be read of a data set whose files and columns are known.
struct ScanRequest {
  DatasetSource source;  ///< its files are those of the chosen partitions
  Schema data;           ///< the columns that lie in the files
  CsvDialect dialect;    ///< of CSV files
  JsonOptions json;      ///< of JSON files
  std::optional<BoundCondition>
      condition;  ///< over the columns of WithPartitionColumns()
  std::vector<SelectedColumn>
      columns;  ///< of the result: of WithPartitionColumns(), in its order
  int64_t batch_rows = int64_t{64} << 10;
  bool notes_origins = false;  ///< batches have an OriginOf(); not with a condition
  int threads = 1;
  std::stop_token stop;  ///< a request ends the reading with kCancelled
  std::shared_ptr<MalformedRowCount>
      malformed;  ///< of CSV and JSON files; counts as they are read, if there is one
  MalformedRecordSink* put_aside = nullptr;  ///< CsvScan::Options::put_aside
};

/// \brief Reads the rows for which the condition is true, file after file in path order, a few files at a time.
///
/// Row groups whose statistics rule the condition out are not read, nor are columns that nobody asks for. The batches'
/// columns are of ToArrowType() of their types. Destroying the reader before its end stops the threads.
/// Ownership:     borrows the store, which must outlive the reader.
/// Thread safety: one thread at a time; reads on threads of its own and, with more than one, decodes the columns of
///                large Parquet files on Arrow's CPU pool.
/// Errors:        those of the readers: kBadInput naming file and place, kStoreUnavailable; kInvalidConfig from the
///                condition.
/// Cost:          memory of a few batches a thread.
arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ScanDataset(Store* store,
                                                                     ScanRequest request);

/// \brief What ScanDataset() would read: files and row groups, by the footers of Parquet files alone.
///
/// Errors: as ScanDataset().
arrow::Result<ScanPlanReport> ExplainScan(Store* store, const ScanRequest& request);

}  // namespace partita
