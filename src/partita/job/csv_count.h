#pragma once

#include <cstdint>
#include <vector>

#include <arrow/result.h>

#include "partita/job/input_files.h"
#include "partita/model/data_type.h"
#include "partita/report.h"
#include "partita/scan/csv_options.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Counts the rows of CSV files, checking their structure on the way (fields,
/// quotes, UTF-8, header), not the types of their values, unless malformed records are
/// dropped or mended: these are counted in `malformed`.
///
/// Thread safety: runs on as many threads as the machine allows.
/// Errors:        those of CsvScan.
/// Cost:          memory of a few segments per thread.
arrow::Result<int64_t> CountCsvRows(Store* store, const std::vector<InputFileInfo>& files,
                                    const CsvDialect& dialect, const Schema& schema,
                                    MalformedRows* malformed);

}  // namespace partita
