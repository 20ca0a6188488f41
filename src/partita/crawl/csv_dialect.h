#pragma once

#include <arrow/result.h>

#include "partita/catalog.h"
#include "partita/scan/csv_options.h"

namespace partita {

/// \brief How a catalog table's CSV files are written, as Glue's own reader takes it from
/// SerDe and parameters.
///
/// LazySimpleSerDe: `field.delim` (else the parameter `delimiter`, else a comma),
/// `escape.delim`, `serialization.null.format`; the quote is `"`, other than in Hive.
/// OpenCSVSerde: `separatorChar`, `quoteChar`, `escapeChar`. `skip.header.line.count` is
/// looked for on the table, its storage descriptor and its SerDe. Control characters may
/// be spelled `\t`, `\001` or `\u0001`.
/// Thread safety: pure.
/// Errors:        kInvalidConfig where the table is no CSV, a separator is not one
///                character, or more than one header line is to be skipped.
arrow::Result<CsvDialect> CsvDialectOf(const TableDefinition& table);

}  // namespace partita
