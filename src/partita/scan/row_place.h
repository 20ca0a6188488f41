#pragma once

#include <cstddef>
#include <cstdint>

#include <arrow/result.h>

#include "partita/scan/input_file.h"
#include "partita/scan/record_reader.h"

namespace partita {

/// \brief Where a row stands in its file, as a person counts.
struct RowPlace {
  int64_t row = 0;   ///< from 1, the header and blank lines not counted
  int64_t line = 0;  ///< line of its first byte, from 1
};

/// \brief Counts from the file's start to the row that is `rows_after` rows behind the one
/// at or behind the offset `first`.
///
/// `data_begin` is where the file's rows begin.
/// Thread safety: any thread.
/// Errors:        as ReadExactly(); kInternal when there is no such row.
/// Cost:          reads the file up to the row: for messages only.
arrow::Result<RowPlace> LocateRow(const InputFile& input, const RecordReader& reader,
                                  int64_t data_begin, int64_t first, size_t rows_after);

}  // namespace partita
