#pragma once

#include <memory>
#include <vector>

#include <arrow/result.h>

#include "partita/job/input_files.h"
#include "partita/scan/csv_scan.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Whether a file is compressed by its name, so that it can only be read from its begin. Pure.
bool HasCompressed(const std::vector<InputFileInfo>& files);

/// \brief Opens a CSV file, compressed or not, to be read by one thread from its begin to its end.
///
/// `options.dialect` says how much text a compressed one may hold.
/// Errors: those of OpenInputFile() and ScanCsvText().
arrow::Result<std::unique_ptr<RowScan>> OpenCsvText(Store* store,
                                                    const InputFileInfo& file,
                                                    const CsvScan::Options& options);

}  // namespace partita
