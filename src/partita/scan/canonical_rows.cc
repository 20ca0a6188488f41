#include "partita/scan/canonical_rows.h"

#include <string>

#include "partita/scan/canonical_row_writer.h"

namespace partita {
namespace {

// As Java counts: one for each UTF-16 unit.
int64_t CharactersOf(std::string_view value) {
  int64_t count = 0;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    count += (byte & 0xC0) == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1;
  }
  return count;
}

bool IsTooLong(std::string_view value, const CsvDialect& dialect) {
  const int64_t most = dialect.max_field_characters;
  return most > 0 && static_cast<int64_t>(value.size()) > most &&
         CharactersOf(value) > most;
}

// One field where there should be several must not become a blank line, which is skipped.
arrow::Status WriteField(const RecordField& field, std::string_view value, size_t column,
                         const Schema& schema, char separator,
                         CanonicalRowWriter* writer) {
  const char end = field.ends_record ? '\n' : separator;
  const bool is_null = writer->IsNull(value, field.is_quoted) ||
                       (value.empty() && column < schema.fields.size() &&
                        writer->DropsEmpty(schema.fields[column].type));
  if (!is_null) {
    return writer->AddText(writer->Meant(value, field.is_quoted), end);
  }
  const bool is_alone = field.ends_record && column == 0 && schema.fields.size() > 1;
  return is_alone ? writer->AddText("", end) : writer->AddNull(end);
}

}  // namespace

RowFault FieldFault(const RecordField& field, std::string_view value,
                    const CsvDialect& dialect) {
  if (IsTooLong(value, dialect)) {
    return RowFault::kFieldTooLong;
  }
  switch (field.end) {
    case FieldEnd::kTextAfterQuote:
      return RowFault::kTextAfterQuote;
    case FieldEnd::kOpenQuote:
      return RowFault::kOpenQuote;
    default:
      return RowFault::kNone;
  }
}

arrow::Result<CanonicalRows> WriteCanonicalRows(std::string_view text,
                                                const CsvDialect& dialect,
                                                const FileColumns& columns, Buffer* out) {
  const size_t num_columns = columns.schema.fields.size();
  const RecordReader reader(dialect, num_columns);
  CanonicalRowWriter writer(dialect, out);
  CanonicalRows rows;
  std::string value;
  bool is_new_row = true;
  size_t i = 0;
  while (true) {
    if (is_new_row) {
      rows.size = writer.size();
      rows.fault_column = 0;
      i = reader.NextRecord(text, i, true).offset;
      rows.fault_begin = i;
      if (i == text.size()) {
        return rows;
      }
    }
    const RecordField field = reader.ReadField(text, i, true, &value);
    rows.fault = FieldFault(field, value, dialect);
    const DateTimePattern* pattern =
        columns.pattern(static_cast<size_t>(rows.fault_column));
    if (pattern != nullptr && !value.empty() && !writer.IsNull(value, field.is_quoted)) {
      const std::optional<std::string> iso = pattern->ToIso(value);
      rows.fault =
          iso || rows.fault != RowFault::kNone ? rows.fault : RowFault::kNotOfPattern;
      value = iso.value_or("");
    }
    if (rows.fault != RowFault::kNone) {
      return rows;
    }
    is_new_row = field.ends_record;
    ARROW_RETURN_NOT_OK(WriteField(field, value, static_cast<size_t>(rows.fault_column),
                                   columns.schema, dialect.separator, &writer));
    rows.num_rows += is_new_row ? 1 : 0;
    ++rows.fault_column;
    i = field.next;
  }
}

}  // namespace partita
