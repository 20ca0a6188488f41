#pragma once

#include <memory>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/model/data_type.h"
#include "partita/scan/row_scan.h"

namespace partita {

/// \brief Turns the rows of a scan of CSV into Arrow batches, in input order.
///
/// `schema` is the scan's. One segment is read at a time, so memory is a few times the
/// scan's segment_size.
/// Ownership:     takes over `scan`.
/// Thread safety: one thread at a time.
/// Errors:        those of RowScan::NextSegment().
std::shared_ptr<arrow::RecordBatchReader> ReadCsvBatches(std::unique_ptr<RowScan> scan,
                                                         const Schema& schema);

}  // namespace partita
