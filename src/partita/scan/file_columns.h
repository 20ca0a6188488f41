#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <arrow/result.h>

#include "partita/model/data_type.h"
#include "partita/model/datetime_pattern.h"
#include "partita/scan/csv_options.h"

namespace partita {

/// \brief Which columns of a schema lie in the files.
struct FileColumns {
  Schema schema;  ///< of the files
  std::optional<size_t>
      corrupt_record;  ///< number, in the whole schema, of the one that they do not hold
  std::vector<std::optional<DateTimePattern>>
      patterns;  ///< by column of the files, how its dates are written; empty: none is
                 ///< told

  /// The pattern of a column, if one is told.
  const DateTimePattern* pattern(size_t column) const {
    return column < patterns.size() && patterns[column] ? &*patterns[column] : nullptr;
  }

  /// The number, in the whole schema, of the column that is number `column` of the files'; -1 beyond the last.
  int NumberInSchema(int column) const {
    if (static_cast<size_t>(column) >= schema.fields.size()) {
      return -1;
    }
    return corrupt_record && *corrupt_record <= static_cast<size_t>(column) ? column + 1
                                                                            : column;
  }
};

/// \brief All columns but one of strings that has the dialect's name for malformed records.
///
/// Thread safety: pure.
/// Errors:        kBadInput for more of them than the dialect allows; those of DateTimePattern::Make().
arrow::Result<FileColumns> FileColumnsOf(const Schema& schema, const CsvDialect& dialect);

}  // namespace partita
