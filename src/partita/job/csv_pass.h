#pragma once

#include <functional>
#include <vector>

#include <arrow/status.h>

#include "partita/job/input_files.h"
#include "partita/scan/csv_scan.h"
#include "partita/store/store.h"

namespace partita {

/// \brief One pass over CSV files: opens them and lets `read` take all segments of a scan.
///
/// Where `read` fails because quotes are no guide to where records begin
/// (CsvScan::needs_plain_split()), it is called once more with a scan of the plain split, and
/// has to forget what the first one gave. `options.plain_split` begins so.
/// Thread safety: that of `read`, which is called from the caller's thread.
/// Errors:        those of OpenInputFiles() and CsvScan::Make(), and what `read` returns.
arrow::Status ReadCsvFiles(Store* store, const std::vector<InputFileInfo>& files,
                           CsvScan::Options options,
                           const std::function<arrow::Status(CsvScan*)>& read);

}  // namespace partita
