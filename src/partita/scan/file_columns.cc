#include "partita/scan/file_columns.h"

#include <cstdint>
#include <string_view>

#include "partita/base/error.h"

namespace partita {
namespace {

// How values of the type are written; empty where nothing is told of it.
std::string_view PatternFor(const DataType& type, const CsvDialect& dialect) {
  switch (type.id) {
    case TypeId::kDate:
      return dialect.date_format;
    case TypeId::kTimestamp:
      return dialect.timestamp_format;
    default:
      return "";
  }
}

}  // namespace

arrow::Result<FileColumns> FileColumnsOf(const Schema& schema,
                                         const CsvDialect& dialect) {
  FileColumns columns{.schema = schema, .corrupt_record = {}, .patterns = {}};
  const int found = dialect.corrupt_record_column.empty()
                        ? -1
                        : schema.Find(dialect.corrupt_record_column);
  if (found >= 0 && schema.fields.size() > 1 &&
      schema.fields[static_cast<size_t>(found)].type.id == TypeId::kString) {
    columns.schema.fields.erase(columns.schema.fields.begin() + found);
    columns.corrupt_record = static_cast<size_t>(found);
  }
  const auto num_columns = static_cast<int64_t>(columns.schema.fields.size());
  if (dialect.max_columns > 0 && num_columns > dialect.max_columns) {
    return Error(ErrorCode::kBadInput,
                 "there are {} columns, more than the read option maxColumns allows: {}",
                 num_columns, dialect.max_columns);
  }
  for (size_t i = 0; i < columns.schema.fields.size(); ++i) {
    const std::string_view text = PatternFor(columns.schema.fields[i].type, dialect);
    if (!text.empty()) {
      columns.patterns.resize(columns.schema.fields.size());
      ARROW_ASSIGN_OR_RAISE(columns.patterns[i], DateTimePattern::Make(text));
    }
  }
  return columns;
}

}  // namespace partita
