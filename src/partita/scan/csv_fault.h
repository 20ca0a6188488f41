#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <arrow/status.h>

#include "partita/model/row_batch.h"
#include "partita/model/row_format.h"
#include "partita/model/row_indexer.h"
#include "partita/scan/csv_options.h"
#include "partita/scan/file_columns.h"

namespace partita {

// What the readers of CSV say of rows that are wrong. `place` is where: "file x.csv, row 17 (line 19), column Make". All
// functions are pure; the errors are kBadInput.

/// \brief Of a row that cannot be taken apart. `column`, of those of the files, and `row_text`, which begins with the row, are
/// as RowIndexResult has them.
arrow::Status CsvFaultError(const std::string& place, RowFault fault, int column,
                            std::string_view row_text, const FileColumns& columns,
                            const CsvDialect& dialect);

/// \brief Of a row over kMaxRecordBytes.
arrow::Status CsvRowTooLongError(const std::string& place);

/// \brief Of one that a visitor found wrong: place, value and `what`.
arrow::Status CsvValueError(const std::string& place, const RowBatch& batch, size_t row,
                            int column, const RowFormat& format, const std::string& what);

/// \brief The first row of the batch that is over kMaxRecordBytes, or num_rows().
size_t FindTooLongRow(const RowBatch& batch);

}  // namespace partita
