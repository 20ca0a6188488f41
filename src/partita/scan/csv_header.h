#pragma once

#include <cstdint>

#include <arrow/result.h>

#include "partita/model/data_type.h"
#include "partita/scan/csv_options.h"
#include "partita/scan/input_file.h"

namespace partita {

/// \brief Where the rows of a file begin: behind a byte-order mark and the header, which
/// is compared with the schema's names unless the dialect says that names do not count.
///
/// Names are compared as ColumnNamesFromHeader() makes them, letter case ignored.
/// Thread safety: any thread.
/// Errors:        kBadInput for a header that names other columns or is no UTF-8 text,
/// and as ReadExactly().
arrow::Result<int64_t> FindDataBegin(const InputFile& input, const CsvDialect& dialect,
                                     const Schema& schema);

}  // namespace partita
