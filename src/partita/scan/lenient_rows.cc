#include "partita/scan/lenient_rows.h"

#include <optional>
#include <string>

#include <fmt/core.h>

#include "partita/model/scalar_text.h"
#include "partita/scan/canonical_row_writer.h"
#include "partita/scan/row_checks.h"

namespace partita {
namespace {

struct Cell {
  std::string text;
  bool is_quoted = false;
  bool is_null = true;
};

// What is wrong with a record.
struct Malformation {
  bool is_wrong_length = false;        // its number of fields is not that of the columns
  std::optional<size_t> first_misfit;  // field of the first value that does not fit

  bool is_any() const { return is_wrong_length || first_misfit.has_value(); }
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

  // Makes NULL what is missing, means it, or does not fit. The text of a value that does not fit stays in its cell.
  Malformation Settle(const CanonicalRowWriter& writer, const FileColumns& columns) {
    Malformation wrong{.is_wrong_length = num_fields_ != cells_.size(),
                       .first_misfit = {}};
    for (size_t i = 0; i < cells_.size(); ++i) {
      Cell& cell = cells_[i];
      const DataType& type = columns.schema.fields[columns.ColumnOf(i)].type;
      cell.is_null = i >= num_fields_ || writer.IsNull(cell.text, cell.is_quoted);
      if (cell.is_null) {
        continue;
      }
      if (writer.Meant(cell.text, cell.is_quoted).empty() && writer.IsEmptyNull(type)) {
        cell.is_null =
            writer.DropsEmpty(type);  // else `""`, which RowFormat takes for NULL
      } else if (!Fit(writer, columns, i)) {
        cell.is_null = true;
        wrong.first_misfit = wrong.first_misfit.value_or(i);
      }
    }
    return wrong;
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

// Why a record is no row.
std::string ReasonOf(const Record& record, const Malformation& wrong,
                     const FileColumns& columns) {
  if (wrong.is_wrong_length) {
    const size_t wanted = record.cells().size();
    return fmt::format("{} {} instead of {}", record.num_fields(),
                       record.num_fields() == 1 ? "field" : "fields", wanted);
  }
  const size_t column = columns.ColumnOf(*wrong.first_misfit);
  const Cell& cell = record.cells()[*wrong.first_misfit];
  return fmt::format("not a {}{}: \"{}\"",
                     HiveTypeName(columns.schema.fields[column].type),
                     columns.pattern(column) != nullptr ? " of the format given" : "",
                     QuotableText(cell.text));
}

// Writes the records of a text one after the other.
class LenientRewriter {
 public:
  LenientRewriter(std::string_view text, const CsvDialect& dialect,
                  const FileColumns& columns, const PutAside& put_aside, Buffer* out)
      : text_(text),
        dialect_(dialect),
        columns_(columns),
        put_aside_(put_aside),
        reader_(dialect, columns.schema.fields.size()),
        writer_(dialect, out),
        record_(columns.schema.fields.size()) {}

  arrow::Result<LenientRows> WriteAll() {
    CanonicalRows& rows = done_.rows;
    size_t i = 0;
    while (true) {
      rows.size = writer_.size();
      i = reader_.NextRecord(text_, i, true).offset;
      rows.fault_begin = i;
      if (i == text_.size()) {
        return std::move(done_);
      }
      rows.fault = record_.Read(reader_, dialect_, text_, &i);
      if (rows.fault != RowFault::kNone) {
        rows.fault_column = static_cast<int>(record_.num_fields());
        return std::move(done_);
      }
      ARROW_RETURN_NOT_OK(Take(text_.substr(rows.fault_begin, i - rows.fault_begin)));
      if (rows.fault != RowFault::kNone) {
        return std::move(done_);
      }
      ++done_.num_records;
    }
  }

 private:
  arrow::Status Take(std::string_view record) {
    const Malformation wrong = record_.Settle(writer_, columns_);
    switch (dialect_.malformed) {
      case MalformedRecords::kDrop:
      case MalformedRecords::kPutAside:
        done_.is_dropped.push_back(wrong.is_any());
        if (!wrong.is_any()) {
          break;
        }
        if (dialect_.malformed == MalformedRecords::kPutAside) {
          return PutRecordAside(WithoutLineEnd(record, dialect_), wrong);
        }
        ++done_.malformed.num_dropped;
        return arrow::Status::OK();
      case MalformedRecords::kNullValues:
        if (wrong.is_wrong_length) {
          return FailAtLength(WithoutLineEnd(record, dialect_));
        }
        break;
      default:
        break;
    }
    return Write(record, wrong);
  }

  arrow::Status Write(std::string_view record, const Malformation& wrong) {
    if (wrong.is_any()) {
      ++done_.malformed.num_with_nulls;
      malformed_text_ = WithoutLineEnd(record, dialect_);
    }
    ++done_.rows.num_rows;
    return WriteRow(record_, columns_, wrong.is_any() ? &malformed_text_ : nullptr,
                    dialect_.separator, &writer_);
  }

  // As RowIndexer has it.
  arrow::Status FailAtLength(std::string_view record) {
    const bool is_short = record_.num_fields() < record_.cells().size();
    done_.rows.fault = is_short ? RowFault::kTooFewFields : RowFault::kTooManyFields;
    done_.rows.fault_column =
        static_cast<int>(is_short ? record_.num_fields() : record_.cells().size());
    done_.rows.fault_size = record.size();
    return arrow::Status::OK();
  }

  arrow::Status PutRecordAside(std::string_view record, const Malformation& wrong) {
    if (FindInvalidUtf8(record) != std::string_view::npos) {
      done_.is_dropped.pop_back();
      done_.rows.fault = RowFault::kNotUtf8;
      done_.rows.fault_size = record.size();
      done_.rows.fault_column = static_cast<int>(record_.cells().size());
      return arrow::Status::OK();
    }
    ++done_.malformed.num_put_aside;
    if (!put_aside_) {
      return arrow::Status::OK();
    }
    const size_t begin = done_.rows.fault_begin;
    num_lines_ += reader_.marks().CountLineEnds(text_.substr(counted_, begin - counted_));
    counted_ = begin;
    const std::string reason = ReasonOf(record_, wrong, columns_);
    return put_aside_(
        {.record = done_.num_records,
         .line = num_lines_,
         .column =
             wrong.is_wrong_length
                 ? std::string_view()
                 : columns_.schema.fields[columns_.ColumnOf(*wrong.first_misfit)].name,
         .reason = reason,
         .text = record});
  }

  std::string_view text_;
  const CsvDialect& dialect_;
  const FileColumns& columns_;
  const PutAside& put_aside_;
  RecordReader reader_;
  CanonicalRowWriter writer_;
  Record record_;
  LenientRows done_;
  std::string malformed_text_;
  size_t counted_ = 0;     // bytes whose line ends are counted
  int64_t num_lines_ = 0;  // line ends of these
};

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
                                            const FileColumns& columns,
                                            const PutAside& put_aside, Buffer* out) {
  return LenientRewriter(text, dialect, columns, put_aside, out).WriteAll();
}

}  // namespace partita
