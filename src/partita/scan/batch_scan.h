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

/// \brief The rows of Arrow batches, written down as text by RowFormat (`,`, an empty string in quotes; nested values by
/// AppendNestedText()) and checked as a CSV's are.
///
/// `schema` is FromArrowSchema() of the reader's. A segment is consecutive rows, of as many batches as it takes, with
/// about `segment_size` bytes of text, told by the rows before them.
/// Ownership:     shares the reader, which is asked by one thread at a time and never again once it has ended or failed.
/// Thread safety: as RowScan.
/// Errors:        kBadInput for binary columns and those that CheckNestedType() refuses, text that is no UTF-8, values that
///                are none of Spark's (out of range, nanoseconds), rows over 64 MiB, naming file and row of batches that have an OriginOf(), else rows
///                counted over all batches; the reader's own as kBadInput; kCancelled. Of several, all callers get the
///                first in the input.
arrow::Result<std::unique_ptr<RowScan>> ScanBatches(
    std::shared_ptr<arrow::RecordBatchReader> reader, const Schema& schema,
    size_t segment_size);

}  // namespace partita
