#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <arrow/result.h>

#include "partita/model/data_type.h"
#include "partita/model/datetime_pattern.h"
#include "partita/scan/csv_options.h"

namespace partita {

/// \brief Another order of columns than the schema's, such as a file's header tells.
struct ColumnOrder {
  std::vector<size_t> column_of_field;  ///< by field of a row
  std::vector<size_t> field_of_column;  ///< the other way round
};

/// \brief Which columns of a schema lie in the files.
struct FileColumns {
  Schema schema;  ///< of the files
  std::optional<size_t>
      corrupt_record;  ///< number, in the whole schema, of the one that they do not hold
  std::vector<std::optional<DateTimePattern>>
      patterns;  ///< by column of the files, how its dates are written; empty: none is
                 ///< told
  std::optional<ColumnOrder> order;  ///< of the fields; nothing: that of `schema`

  /// The column that a field of a row belongs to; beyond the last, its own number.
  size_t ColumnOf(size_t field) const {
    return order && field < order->column_of_field.size() ? order->column_of_field[field]
                                                          : field;
  }

  size_t FieldOf(size_t column) const {
    return order ? order->field_of_column[column] : column;
  }

  /// The pattern of a column, if one is told.
  const DateTimePattern* pattern(size_t column) const {
    return column < patterns.size() && patterns[column] ? &*patterns[column] : nullptr;
  }

  /// The number, in the whole schema, of a field's column; -1 beyond the last.
  int NumberInSchema(int field) const {
    if (static_cast<size_t>(field) >= schema.fields.size()) {
      return -1;
    }
    const size_t column = ColumnOf(static_cast<size_t>(field));
    return static_cast<int>(column) +
           (corrupt_record && *corrupt_record <= column ? 1 : 0);
  }
};

/// \brief All columns but one of strings that has the dialect's name for malformed records.
///
/// Thread safety: pure.
/// Errors:        kBadInput for more of them than the dialect allows; those of DateTimePattern::Make().
arrow::Result<FileColumns> FileColumnsOf(const Schema& schema, const CsvDialect& dialect);

}  // namespace partita
