#pragma once

#include <memory>

#include <arrow/result.h>

#include "partita/scan/csv_scan.h"
#include "partita/scan/input_file.h"

namespace partita {

/// \brief The rows of one CSV text that can only be read from its begin to its end, such as a compressed file's; checked as
/// CsvScan checks them, which is also its twin in tests.
///
/// `options` are as for CsvScan; the split is always plain. Segment::bytes_read are those of the file, compressed as they are.
/// Ownership:     takes over `file`.
/// Thread safety: NextSegment() by one thread at a time.
/// Errors:        those of TextStream and FileColumnsOf(); kBadInput from the first NextSegment() on (header) and at rows, with
///                file, row, line and column; kCancelled.
/// Cost:          memory of a segment and of the longest record.
arrow::Result<std::unique_ptr<RowScan>> ScanCsvText(InputFile file,
                                                    const CsvScan::Options& options);

}  // namespace partita
