#pragma once

#include <cstddef>
#include <memory>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/model/data_type.h"
#include "partita/scan/row_scan.h"

namespace partita {

/// \brief How ScanBatches() writes rows down. Pure.
RowFormat BatchRowFormat();

/// \brief The rows of Arrow batches, written down as text by RowFormat (`,`, an empty string in quotes) and checked as a
/// CSV's are.
///
/// `schema` is FromArrowSchema() of the reader's. A segment is a slice of a batch with some `segment_size` bytes.
/// Ownership:     shares the reader, which is asked by one thread at a time.
/// Thread safety: as RowScan.
/// Errors:        kBadInput for nested and binary columns, text that is no UTF-8, values out of Spark's range, naming the
///                row counted over all batches; the reader's own as kBadInput; kCancelled.
arrow::Result<std::unique_ptr<RowScan>> ScanBatches(
    std::shared_ptr<arrow::RecordBatchReader> reader, const Schema& schema,
    size_t segment_size);

}  // namespace partita
