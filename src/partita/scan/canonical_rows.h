#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <arrow/result.h>

#include "partita/base/buffer.h"
#include "partita/model/row_indexer.h"
#include "partita/scan/file_columns.h"
#include "partita/scan/record_reader.h"

namespace partita {

/// \brief What writing rows anew gave.
struct CanonicalRows {
  size_t size = 0;  ///< bytes written
  size_t num_rows = 0;
  RowFault fault = RowFault::kNone;  ///< of a field: row num_rows, counted from 0, could
                                     ///< not be written
  size_t fault_begin = 0;            ///< where that row begins in the text
  size_t fault_size =
      std::string_view::npos;  ///< of that row without its line end, where
                               ///< it is known
  int fault_column = 0;
};

/// \brief What of a field keeps its row from being written; kNone if nothing does.
///
/// `value` is what the field holds. Thread safety: pure.
RowFault FieldFault(const RecordField& field, std::string_view value,
                    const CsvDialect& dialect);

/// \brief Writes the whole records of `text` anew by RowFormat into `out`, which grows as
/// needed.
///
/// A field equal to `null_value`, quoted or not, and one of no characters become NULL;
/// `""` becomes `empty_value` where there is one, and else stays, so that RowFormat decides.
/// An empty string that the dialect keeps is NULL in a column of another type. Dates of a
/// pattern are written as Spark would. Fields stand in the order of the schema's columns.
/// Stops before the first record at fault.
/// Thread safety: pure but for `out`.
/// Errors:        kStoreUnavailable when there is no memory.
arrow::Result<CanonicalRows> WriteCanonicalRows(std::string_view text,
                                                const CsvDialect& dialect,
                                                const FileColumns& columns, Buffer* out);

}  // namespace partita
