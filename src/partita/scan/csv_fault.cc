#include "partita/scan/csv_fault.h"

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/scan/row_checks.h"
#include "partita/scan/segment_records.h"

namespace partita {
namespace {

// Of the column that a pattern is told for.
arrow::Status NotOfPatternError(const std::string& place, const DataType& type,
                                const CsvDialect& dialect, const std::string& row) {
  const bool is_date = type.id == TypeId::kDate;
  return Error(ErrorCode::kBadInput,
               "{}: the value is not written as the read option {} says: {} (the row "
               "begins: {})",
               place, is_date ? "dateFormat" : "timestampFormat",
               is_date ? dialect.date_format : dialect.timestamp_format, row);
}

}  // namespace

arrow::Status CsvFaultError(const std::string& place, RowFault fault, int column,
                            std::string_view row_text, const FileColumns& columns,
                            const CsvDialect& dialect) {
  const size_t num_columns = columns.schema.fields.size();
  const std::string row = QuotableText(row_text.substr(0, row_text.find('\n')));
  switch (fault) {
    case RowFault::kTooFewFields:
      return Error(ErrorCode::kBadInput,
                   "{}: the row ends after {} of {} fields; add what is missing, or give "
                   "the separator with the read option sep (the row begins: {})",
                   place, column, num_columns, row);
    case RowFault::kTooManyFields:
      return Error(
          ErrorCode::kBadInput,
          "{}: the row has more than {} fields; put a field that holds \"{}\" in "
          "quotes, or remove what is too much (the row begins: {})",
          place, num_columns, WrittenSeparator(dialect), row);
    case RowFault::kTextAfterQuote:
      return Error(ErrorCode::kBadInput,
                   "{}: text follows a closing quote; double the quotes within a quoted "
                   "field, or give the read option escape (the row begins: {})",
                   place, row);
    case RowFault::kFieldTooLong:
      return Error(ErrorCode::kBadInput,
                   "{}: the value has more than {} characters, which the read option "
                   "maxCharsPerColumn allows (the row begins: {})",
                   place, dialect.max_field_characters, row);
    case RowFault::kNotUtf8:
      return Error(ErrorCode::kBadInput,
                   "{}: not UTF-8; convert the file to UTF-8, or name its encoding with "
                   "the read option encoding (the row begins: {})",
                   place, row);
    case RowFault::kNotOfPattern:
      return NotOfPatternError(
          place,
          columns.schema.fields[columns.ColumnOf(static_cast<size_t>(column))].type,
          dialect, row);
    default:
      return Error(ErrorCode::kBadInput,
                   "{}: a quote is opened and never closed; close it, or put the field "
                   "in quotes and double the quotes within (the row begins: {})",
                   place, row);
  }
}

arrow::Status CsvRowTooLongError(const std::string& place) {
  return Error(ErrorCode::kBadInput,
               "{}: the row is longer than {} MiB; close its quotes, or split it", place,
               kMaxRecordBytes >> 20);
}

arrow::Status CsvValueError(const std::string& place, const RowBatch& batch, size_t row,
                            int column, const RowFormat& format,
                            const std::string& what) {
  std::string scratch;
  const FieldValue value =
      ReadField(batch.raw_field(row, static_cast<size_t>(column)), format, &scratch);
  return Error(ErrorCode::kBadInput, "{}, value {}: {}", place,
               value.is_null ? "NULL" : fmt::format("\"{}\"", QuotableText(value.text)),
               what);
}

size_t FindTooLongRow(const RowBatch& batch) {
  if (batch.bytes.size() <= kMaxRecordBytes) {
    return batch.num_rows();
  }
  size_t row = 0;
  while (row < batch.num_rows() && batch.row_text(row).size() <= kMaxRecordBytes) {
    ++row;
  }
  return row;
}

}  // namespace partita
