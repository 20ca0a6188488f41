#pragma once

#include <cstddef>
#include <memory>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/model/data_type.h"
#include "partita/model/row_batch.h"

namespace partita {

/// \brief One column of a batch of text rows, as an array of ToArrowType(type).
///
/// Of nested values only whether they are NULL is kept; those that are not are empty.
/// Thread safety: pure.
/// Errors:        as AppendText(); none for rows that a scan has checked against the type.
arrow::Result<std::shared_ptr<arrow::Array>> ColumnOf(const RowBatch& rows, size_t column,
                                                      const DataType& type,
                                                      const RowFormat& format);

}  // namespace partita
