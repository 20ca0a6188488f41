#include "partita/scan/canonical_rows.h"

#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

// Puts the fields of rows that were written into the order of the schema's columns.
class RowReorder {
 public:
  RowReorder(const ColumnOrder& order, char separator)
      : order_(order), separator_(separator) {}

  // A field was written, and the byte behind it; `end` is behind that.
  void AddField(size_t end) { ends_.push_back(end); }

  // The row that begins at `begin` is whole. One of another number of fields stays as it is.
  void EndRow(size_t begin, char* out) {
    if (ends_.size() == order_.field_of_column.size()) {
      row_.assign(out + begin, out + ends_.back());
      char* to = out + begin;
      for (const size_t field : order_.field_of_column) {
        const size_t field_begin = field == 0 ? begin : ends_[field - 1];
        const size_t size = ends_[field] - field_begin;
        std::memcpy(to, row_.data() + (field_begin - begin), size);
        to += size;
        to[-1] = separator_;
      }
      to[-1] = '\n';
    }
    ends_.clear();
  }

 private:
  const ColumnOrder& order_;
  char separator_;
  std::vector<size_t> ends_;
  std::string row_;
};

// One field where there should be several must not become a blank line, which is skipped.
// `number` is the field's in its record.
arrow::Status WriteField(const RecordField& field, std::string_view value, size_t number,
                         const FileColumns& columns, char separator,
                         CanonicalRowWriter* writer) {
  const Schema& schema = columns.schema;
  const size_t column = columns.ColumnOf(number);
  const char end = field.ends_record ? '\n' : separator;
  const bool is_null = writer->IsNull(value, field.is_quoted) ||
                       (value.empty() && column < schema.fields.size() &&
                        writer->DropsEmpty(schema.fields[column].type));
  if (!is_null) {
    return writer->AddText(writer->Meant(value, field.is_quoted), end);
  }
  const bool is_alone = field.ends_record && number == 0 && schema.fields.size() > 1;
  return is_alone ? writer->AddText("", end) : writer->AddNull(end);
}

// Brings a date or time that is written by a pattern into the usual form.
RowFault ApplyPattern(const DateTimePattern& pattern, std::string* value) {
  if (value->empty()) {
    return RowFault::kNone;
  }
  std::optional<std::string> iso = pattern.ToIso(*value);
  if (!iso) {
    return RowFault::kNotOfPattern;
  }
  *value = *std::move(iso);
  return RowFault::kNone;
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
  std::optional<RowReorder> reorder;
  if (columns.order) {
    reorder.emplace(*columns.order, dialect.separator);
  }
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
        columns.pattern(columns.ColumnOf(static_cast<size_t>(rows.fault_column)));
    if (pattern != nullptr && rows.fault == RowFault::kNone &&
        !writer.IsNull(value, field.is_quoted)) {
      rows.fault = ApplyPattern(*pattern, &value);
    }
    if (rows.fault != RowFault::kNone) {
      return rows;
    }
    is_new_row = field.ends_record;
    ARROW_RETURN_NOT_OK(WriteField(field, value, static_cast<size_t>(rows.fault_column),
                                   columns, dialect.separator, &writer));
    if (reorder) {
      reorder->AddField(writer.size());
    }
    if (reorder && is_new_row) {
      reorder->EndRow(rows.size, out->data());
    }
    rows.num_rows += is_new_row ? 1 : 0;
    ++rows.fault_column;
    i = field.next;
  }
}

}  // namespace partita
