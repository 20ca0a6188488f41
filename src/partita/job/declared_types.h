#pragma once

#include <vector>

#include <arrow/result.h>

#include "partita/job/dataset_columns.h"
#include "partita/job/input_files.h"
#include "partita/model/data_type.h"
#include "partita/report.h"
#include "partita/scan/csv_options.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Makes columns strings whose declared type some value does not fit, in a pass over every row of CSV files.
///
/// Says which, and the first such value in the input, whatever the number of threads.
/// Thread safety: runs on threads of its own.
/// Errors:        as CsvScan of strings: another number of fields, text that is not UTF-8; kStoreUnavailable, kCancelled.
arrow::Result<std::vector<RetypedColumn>> WidenToStrings(
    Store* store, const std::vector<InputFileInfo>& files, const CsvDialect& dialect,
    const ColumnReading& reading, Schema* schema);

}  // namespace partita
