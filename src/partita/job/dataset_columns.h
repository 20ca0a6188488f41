#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/job/dataset_source.h"
#include "partita/job/progress_meter.h"
#include "partita/model/data_type.h"
#include "partita/report.h"
#include "partita/scan/csv_options.h"
#include "partita/scan/json_options.h"
#include "partita/store/store.h"

namespace partita {

/// \brief How files are read while their columns are found.
struct ColumnReading {
  int threads = 1;
  bool reads_ahead = false;  ///< more threads read objects, within no budget
  std::stop_token stop;
  ProgressMeter* progress = nullptr;  ///< borrowed
};

/// \brief The columns that lie in the files of a data set, and what was learnt on the way.
struct DatasetColumns {
  Schema data;
  CsvDialect dialect;               ///< of CSV
  JsonOptions json;                 ///< of JSON
  std::optional<int64_t> num_rows;  ///< where a pass over every row has counted them
  MalformedRows malformed;          ///< among these
  std::string read_as;  ///< how bare files are read, guesses marked; empty for a table
  std::vector<RetypedColumn> retyped;  ///< by TypeMismatch::kString
};

/// \brief Finds the columns: a table's are declared, Parquet's stand in the first file's footer, those of JSON and of bare CSV
/// take a pass over every row, and so do a table's of CSV where those that do not hold are to be strings.
///
/// Thread safety: runs on threads of its own.
/// Errors:        those of the readers: kBadInput naming file and place, kStoreUnavailable, kInvalidConfig (read options),
///                kCancelled.
arrow::Result<DatasetColumns> FindColumns(Store* store, const DatasetSource& source,
                                          const ColumnReading& reading);

}  // namespace partita
