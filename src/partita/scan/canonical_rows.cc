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

  arrow::Status AddEmptyString() { return Add("", /*is_quoted=*/true, '\n'); }

  bool IsNull(std::string_view value, bool is_quoted) const {
    return value.empty() ? !is_quoted : value == dialect_.null_value;
  }

  // The field, and behind it `end`.
  arrow::Status Add(std::string_view value, bool is_quoted, char end) {
    const size_t most = 2 * value.size() + 3;
    if (out_->size() - size_ < most) {
      ARROW_RETURN_NOT_OK(out_->GrowTo(2 * (size_ + most), size_));
    }
    if (!IsNull(value, is_quoted)) {
      Write(value);
    }
    Put(end);
    return arrow::Status::OK();
  }

 private:
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
      i = reader.SkipBlankLines(text, i, true);
      rows.fault_begin = i;
      if (i == text.size()) {
        return rows;
      }
    }
    const RecordField field = reader.ReadField(text, i, true, &value);
    rows.fault = FaultOf(field.end);
    if (rows.fault != RowFault::kNone) {
      return rows;
    }
    is_new_row = field.end != FieldEnd::kSeparator;
    // One field where there should be several must not become a blank line: that is skipped.
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
