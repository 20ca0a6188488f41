#include "partita/scan/lenient_rows.h"

#include <string>

#include "partita/model/scalar_text.h"
#include "partita/scan/canonical_row_writer.h"

namespace partita {
namespace {

struct Cell {
  std::string text;
  bool is_quoted = false;
  bool is_null = true;
};

// The fields of one record after the other; memory is kept.
class Record {
 public:
  explicit Record(size_t num_columns) : cells_(num_columns) {}

  // Reads the record at `*begin`, which moves behind it; a fault leaves it at its field.
  RowFault Read(const RecordReader& reader, const CsvDialect& dialect,
                std::string_view text, size_t* begin) {
    num_fields_ = 0;
    for (bool is_over = false; !is_over; ++num_fields_) {
      Cell* cell = num_fields_ < cells_.size() ? &cells_[num_fields_] : &spare_;
      const RecordField field = reader.ReadField(text, *begin, true, &cell->text);
      const RowFault fault = FieldFault(field, cell->text, dialect);
      if (fault != RowFault::kNone) {
        return fault;
      }
      cell->is_quoted = field.is_quoted;
      is_over = field.ends_record;
      *begin = field.next;
    }
    return RowFault::kNone;
  }

  // Makes NULL what is missing, means it, or does not fit; whether the record is malformed.
  bool Settle(const CanonicalRowWriter& writer, const FileColumns& columns) {
    bool is_malformed = num_fields_ != cells_.size();
    for (size_t i = 0; i < cells_.size(); ++i) {
      Cell& cell = cells_[i];
      cell.is_null = i >= num_fields_ || writer.IsNull(cell.text, cell.is_quoted);
      if (!cell.is_null && !IsEmptyNull(writer, cell) && !Fit(writer, columns, i)) {
        cell.is_null = true;
        is_malformed = true;
      }
    }
    return is_malformed;
  }

  const std::vector<Cell>& cells() const { return cells_; }

  size_t num_fields() const { return num_fields_; }

 private:
  // Whether the cell is a value of its column's type, as which it is written from now on.
  bool Fit(const CanonicalRowWriter& writer, const FileColumns& columns, size_t i) {
    Cell& cell = cells_[i];
    const size_t column = columns.ColumnOf(i);
    if (const DateTimePattern* pattern = columns.pattern(column); pattern != nullptr) {
      const auto iso = pattern->ToIso(writer.Meant(cell.text, cell.is_quoted));
      cell = iso ? Cell{.text = *iso, .is_quoted = false, .is_null = false} : cell;
      return iso.has_value();
    }
    const DataType& type = columns.schema.fields[column].type;
    return type.id == TypeId::kString ||
           FitsType(writer.Meant(cell.text, cell.is_quoted), type);
  }

  // Written as `""`, which RowFormat takes for NULL.
  static bool IsEmptyNull(const CanonicalRowWriter& writer, const Cell& cell) {
    return writer.is_empty_null() && writer.Meant(cell.text, cell.is_quoted).empty();
  }

  std::vector<Cell> cells_;
  Cell spare_;  // of fields too many
  size_t num_fields_ = 0;
};

// A record's text without its line end.
std::string_view WithoutLineEnd(std::string_view record, const CsvDialect& dialect) {
  if (!dialect.line_separator.empty()) {
    return record.substr(0, record.size() - (record.ends_with(dialect.line_separator)
                                                 ? dialect.line_separator.size()
                                                 : 0));
  }
  const bool has_feed = record.ends_with('\n');
  record.remove_suffix(has_feed ? 1 : 0);
  const bool has_return = record.ends_with('\r') && (has_feed || !dialect.multi_line);
  record.remove_suffix(has_return ? 1 : 0);
  return record;
}

arrow::Status WriteRow(const Record& record, const FileColumns& columns,
                       const std::string* malformed_text, char separator,
                       CanonicalRowWriter* writer) {
  const size_t num_columns =
      record.cells().size() + (columns.corrupt_record.has_value() ? 1 : 0);
  size_t next = 0;  // of the columns that the files hold
  for (size_t column = 0; column < num_columns; ++column) {
    const char end = column + 1 == num_columns ? '\n' : separator;
    if (columns.corrupt_record == column) {
      ARROW_RETURN_NOT_OK(malformed_text == nullptr
                              ? writer->AddNull(end)
                              : writer->AddText(*malformed_text, end));
      continue;
    }
    const Cell& cell = record.cells()[columns.FieldOf(next++)];
    ARROW_RETURN_NOT_OK(cell.is_null ? writer->AddNull(end)
                                     : writer->Add(cell.text, cell.is_quoted, end));
  }
  return arrow::Status::OK();
}

}  // namespace

size_t RecordsBefore(size_t num_rows, const std::vector<bool>& is_dropped) {
  size_t records = 0;
  size_t left = num_rows;
  while (records < is_dropped.size() && (is_dropped[records] || left > 0)) {
    left -= is_dropped[records] ? 0 : 1;
    ++records;
  }
  return records + left;
}

arrow::Result<LenientRows> WriteLenientRows(std::string_view text,
                                            const CsvDialect& dialect,
                                            const FileColumns& columns, Buffer* out) {
  const size_t num_columns = columns.schema.fields.size();
  const RecordReader reader(dialect, num_columns);
  CanonicalRowWriter writer(dialect, out);
  Record record(num_columns);
  LenientRows lenient;
  CanonicalRows& rows = lenient.rows;
  const bool drops = dialect.malformed == MalformedRecords::kDrop;
  std::string malformed_text;
  size_t i = 0;
  while (true) {
    rows.size = writer.size();
    i = reader.NextRecord(text, i, true).offset;
    rows.fault_begin = i;
    if (i == text.size()) {
      return lenient;
    }
    rows.fault = record.Read(reader, dialect, text, &i);
    if (rows.fault != RowFault::kNone) {
      rows.fault_column = static_cast<int>(record.num_fields());
      return lenient;
    }
    const bool is_malformed = record.Settle(writer, columns);
    if (drops) {
      lenient.is_dropped.push_back(is_malformed);
    }
    if (drops && is_malformed) {
      ++lenient.malformed.num_dropped;
      continue;
    }
    if (is_malformed) {
      ++lenient.malformed.num_with_nulls;
      malformed_text =
          WithoutLineEnd(text.substr(rows.fault_begin, i - rows.fault_begin), dialect);
    }
    ARROW_RETURN_NOT_OK(WriteRow(record, columns,
                                 is_malformed ? &malformed_text : nullptr,
                                 dialect.separator, &writer));
    ++rows.num_rows;
  }
}

}  // namespace partita
