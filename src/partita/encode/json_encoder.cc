#include "partita/encode/json_encoder.h"

#include <utility>
#include <vector>

#include <arrow/util/base64.h>

#include "partita/base/error.h"
#include "partita/encode/json_string.h"
#include "partita/encode/json_write_options.h"
#include "partita/encode/text_column.h"
#include "partita/encode/text_output.h"

namespace partita {
namespace {

bool IsQuoted(TypeId type) {
  return type == TypeId::kString || type == TypeId::kBinary || type == TypeId::kDate ||
         type == TypeId::kTimestamp || type == TypeId::kTimestampNtz;
}

// What stands before a column's value, with the comma that parts it from the one before,
// and what stands for NULL. Both lie in JsonEncoder::templates_.
struct JsonTemplate {
  size_t key_begin = 0;
  size_t key_length = 0;
  size_t null_length = 0;  // `,"key":null` begins where the key does not: behind it
  size_t null_begin = 0;
  bool is_quoted = false;
};

class JsonEncoder : public FileEncoder {
 public:
  JsonEncoder(JsonWriteOptions options, const EncodeSchema& schema,
              std::vector<TextColumn> columns)
      : options_(std::move(options)),
        row_format_(schema.row_format),
        num_row_columns_(schema.columns.fields.size()),
        columns_(std::move(columns)),
        output_(options_.codec) {
    MakeTemplates();
  }

  arrow::Status Open(arrow::io::OutputStream* sink) override {
    num_rows_ = 0;
    return output_.Open(sink);
  }

  arrow::Status Append(const RowBatch& rows) override {
    if (static_cast<size_t>(rows.num_columns) != num_row_columns_) {
      return Error(ErrorCode::kInternal, "rows of {} columns for a schema of {}",
                   rows.num_columns, num_row_columns_);
    }
    for (size_t row = 0; row < rows.num_rows(); ++row) {
      const bool may_copy =
          rows.row_text(row).size() + fixed_bytes_ <= TextOutput::kMaxReserve &&
          !rows.NeedsCare(row);
      bool is_done = false;
      if (may_copy) {
        ARROW_RETURN_NOT_OK(output_.Reserve(TextOutput::kMaxReserve));
        is_done = CopyRow(rows, row);
      }
      if (!is_done) {
        ARROW_RETURN_NOT_OK(WriteRow(rows, row));
      }
    }
    num_rows_ += static_cast<int64_t>(rows.num_rows());
    return arrow::Status::OK();
  }

  int64_t bytes_so_far() const override { return output_.bytes_so_far(); }

  bool CanRoll() const override { return true; }

  arrow::Result<int64_t> Close() override {
    ARROW_RETURN_NOT_OK(output_.Close());
    return num_rows_;
  }

 private:
  void MakeTemplates() {
    fixed_bytes_ = 2 + options_.line_separator.size();
    for (const TextColumn& column : columns_) {
      std::string key = ",";
      AppendJsonString(column.name, &key);
      key += ':';
      JsonTemplate piece;
      piece.is_quoted = IsQuoted(column.type.id);
      piece.key_begin = templates_.size();
      piece.key_length = key.size() + (piece.is_quoted ? 1 : 0);
      templates_ += key + (piece.is_quoted ? "\"" : "");
      piece.null_begin = templates_.size();
      piece.null_length = options_.ignore_null_fields ? 0 : key.size() + 4;
      templates_ += options_.ignore_null_fields ? "" : key + "null";
      fixed_bytes_ += std::max(piece.key_length, piece.null_length) + 2;
      pieces_.push_back(piece);
    }
    templates_.append(32, ' ');  // what CopyLoosely() reads over the end
  }

  // Each value brings its comma; the first is overwritten by the brace. False, and
  // nothing done, if a field is not what Spark writes.
  bool CopyRow(const RowBatch& rows, size_t row) {
    char* const begin = output_.end();
    char* out = begin;
    for (size_t i = 0; i < columns_.size(); ++i) {
      const JsonTemplate& piece = pieces_[i];
      const std::string_view text = rows.raw_field(row, columns_[i].index);
      if (text.empty()) {
        CopyLoosely(out, templates_.data() + piece.null_begin, piece.null_length);
        out += piece.null_length;
        continue;
      }
      if (!IsCanonicalField(columns_[i], text.data(), text.size())) {
        return false;
      }
      CopyLoosely(out, templates_.data() + piece.key_begin, piece.key_length);
      out += piece.key_length;
      CopyLoosely(out, text.data(), text.size());
      out += text.size();
      *out = '"';
      out += piece.is_quoted ? 1 : 0;
    }
    out += out == begin ? 1 : 0;
    *begin = '{';
    *out++ = '}';
    for (const char c : options_.line_separator) {
      *out++ = c;
    }
    output_.AdvanceTo(out);
    return true;
  }

  arrow::Status WriteRow(const RowBatch& rows, size_t row) {
    line_.clear();
    for (size_t i = 0; i < columns_.size(); ++i) {
      const FieldValue value =
          ReadField(rows.raw_field(row, columns_[i].index), row_format_, &unquoted_);
      const JsonTemplate& piece = pieces_[i];
      if (value.is_null) {
        line_.append(templates_, piece.null_begin, piece.null_length);
        continue;
      }
      // Up to the colon: a value brings its own quotes here.
      line_.append(templates_, piece.key_begin,
                   piece.key_length - (piece.is_quoted ? 1 : 0));
      ARROW_RETURN_NOT_OK(WriteValue(columns_[i], value.text));
    }
    if (line_.empty()) {
      line_ = "{";
    }
    line_.front() = '{';
    line_ += '}';
    line_ += options_.line_separator;
    return output_.Append(line_);
  }

  arrow::Status WriteValue(const TextColumn& column, std::string_view text) {
    if (column.type.id == TypeId::kBinary) {
      line_ += '"' + arrow::util::base64_encode(text) + '"';
      return arrow::Status::OK();
    }
    ARROW_ASSIGN_OR_RAISE(text, RenderField(column, text, &rendered_));
    // NaN and infinities are no numbers in JSON.
    const bool is_floating =
        column.type.id == TypeId::kFloat || column.type.id == TypeId::kDouble;
    const bool has_digit = text.find_first_of("0123456789") != std::string_view::npos;
    if (IsQuoted(column.type.id) || (is_floating && !has_digit)) {
      AppendJsonString(text, &line_);
    } else {
      line_ += text;
    }
    return arrow::Status::OK();
  }

  const JsonWriteOptions options_;
  const RowFormat row_format_;
  const size_t num_row_columns_;
  const std::vector<TextColumn> columns_;
  std::vector<JsonTemplate> pieces_;  // of each column
  std::string templates_;
  size_t fixed_bytes_ = 0;  // what a row needs at most besides its values
  TextOutput output_;
  std::string line_;
  std::string unquoted_;
  std::string rendered_;
  int64_t num_rows_ = 0;
};

}  // namespace

arrow::Result<std::unique_ptr<FileEncoder>> MakeJsonEncoder(const FormatOptions& options,
                                                            const EncodeSchema& schema) {
  ARROW_ASSIGN_OR_RAISE(JsonWriteOptions parsed, ParseJsonWriteOptions(options));
  ARROW_ASSIGN_OR_RAISE(std::vector<TextColumn> columns, MakeTextColumns(schema, "json"));
  return std::make_unique<JsonEncoder>(std::move(parsed), schema, std::move(columns));
}

arrow::Result<std::string> JsonExtension(const FormatOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const JsonWriteOptions parsed, ParseJsonWriteOptions(options));
  return ".json" + std::string(TextCodecExtension(parsed.codec));
}

}  // namespace partita
