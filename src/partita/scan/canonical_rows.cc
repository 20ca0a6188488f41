#include "partita/scan/canonical_rows.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace partita {
namespace {

// Writes fields one behind the other into a buffer that grows.
class RowWriter {
 public:
  RowWriter(const CsvDialect& dialect, Buffer* out) : dialect_(dialect), out_(out) {}

  size_t size() const { return size_; }

  // A line of its own that is no blank one.
  arrow::Status AddEmptyString() { return Append("", /*is_null=*/false, '\n'); }

  bool IsNull(std::string_view value, bool is_quoted) const {
    const std::string_view meant = Meant(value, is_quoted);
    return meant.empty() ? !is_quoted : meant == dialect_.null_value;
  }

  // The field, and behind it `end`.
  arrow::Status Add(std::string_view value, bool is_quoted, char end) {
    return Append(Meant(value, is_quoted), IsNull(value, is_quoted), end);
  }

 private:
  std::string_view Meant(std::string_view value, bool is_quoted) const {
    return value.empty() && is_quoted ? std::string_view(dialect_.empty_value) : value;
  }

  arrow::Status Append(std::string_view value, bool is_null, char end) {
    const size_t most = 2 * value.size() + 3;
    if (out_->size() - size_ < most) {
      ARROW_RETURN_NOT_OK(out_->GrowTo(2 * (size_ + most), size_));
    }
    if (!is_null) {
      Write(value);
    }
    Put(end);
    return arrow::Status::OK();
  }

  // Also where it begins with a blank: a row of one such field is not a blank line.
  bool NeedsQuotes(std::string_view value) const {
    return value.empty() || static_cast<unsigned char>(value[0]) <= ' ' ||
           std::any_of(value.begin(), value.end(), [this](char c) {
             return c == '"' || c == '\n' || c == '\r' || c == dialect_.separator;
           });
  }

  void Write(std::string_view value) {
    if (!NeedsQuotes(value)) {
      std::memcpy(out_->data() + size_, value.data(), value.size());
      size_ += value.size();
      return;
    }
    Put('"');
    for (const char c : value) {
      if (c == '"') {
        Put('"');
      }
      Put(c);
    }
    Put('"');
  }

  void Put(char c) { out_->data()[size_++] = c; }

  const CsvDialect& dialect_;
  Buffer* out_;
  size_t size_ = 0;
};

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

RowFault FaultOf(FieldEnd end) {
  switch (end) {
    case FieldEnd::kTextAfterQuote:
      return RowFault::kTextAfterQuote;
    case FieldEnd::kOpenQuote:
      return RowFault::kOpenQuote;
    default:
      return RowFault::kNone;
  }
}

}  // namespace

arrow::Result<CanonicalRows> WriteCanonicalRows(std::string_view text,
                                                const CsvDialect& dialect,
                                                size_t num_columns, Buffer* out) {
  const RecordReader reader(dialect, num_columns);
  RowWriter writer(dialect, out);
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
    rows.fault =
        IsTooLong(value, dialect) ? RowFault::kFieldTooLong : FaultOf(field.end);
    if (rows.fault != RowFault::kNone) {
      return rows;
    }
    is_new_row = field.ends_record;
    // One field where there should be several must not become a blank line, which is skipped.
    const bool is_alone = is_new_row && rows.fault_column == 0 && num_columns > 1;
    ARROW_RETURN_NOT_OK(
        is_alone && writer.IsNull(value, field.is_quoted)
            ? writer.AddEmptyString()
            : writer.Add(value, field.is_quoted, is_new_row ? '\n' : dialect.separator));
    rows.num_rows += is_new_row ? 1 : 0;
    ++rows.fault_column;
    i = field.next;
  }
}

}  // namespace partita
