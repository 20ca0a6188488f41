#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/base/buffer.h"
#include "partita/report.h"
#include "partita/scan/canonical_rows.h"
#include "partita/scan/csv_options.h"
#include "partita/scan/file_columns.h"
#include "partita/scan/malformed_record_sink.h"

namespace partita {

/// \brief What writing rows anew gave where malformed records are no error.
struct LenientRows {
  CanonicalRows rows;
  MalformedRows malformed;
  std::vector<bool> is_dropped;  ///< by record, those at fault left out; dropped, or put
                                 ///< aside
  int64_t num_records = 0;       ///< those at fault left out
};

/// \brief Takes the records that are to be put aside; their lines count from the text's begin.
using PutAside = std::function<arrow::Status(const MalformedRecord& record)>;

/// \brief How many records stand before the row that is `num_rows` taken ones behind the first.
///
/// `is_dropped` is as LenientRows has it, and empty where all records are taken. Thread safety: pure.
size_t RecordsBefore(size_t num_rows, const std::vector<bool>& is_dropped);

/// \brief As WriteCanonicalRows(), of records with any number of fields and any values: what `dialect.malformed` says becomes
/// of those that are malformed.
///
/// Fields too many are left out; those that are missing, or do not fit their column's type, become NULL. The column for
/// malformed records gets their text without its line end, and is NULL in other rows. Quotes that stay open to the
/// text's end, and values over a limit, are faults nevertheless, and where the dialect puts records aside those
/// that are not UTF-8. `put_aside` may be empty: they are left out then.
/// Thread safety: pure but for `out`.
/// Errors:        kStoreUnavailable when there is no memory; those of `put_aside`.
arrow::Result<LenientRows> WriteLenientRows(std::string_view text,
                                            const CsvDialect& dialect,
                                            const FileColumns& columns,
                                            const PutAside& put_aside, Buffer* out);

}  // namespace partita
