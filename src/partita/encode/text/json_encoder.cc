#include "partita/encode/text/json_encoder.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include <arrow/util/base64.h>

#include "partita/base/error.h"
#include "partita/encode/text/column.h"
#include "partita/encode/text/encoder.h"
#include "partita/encode/text/json_string.h"
#include "partita/encode/text/json_value_writer.h"
#include "partita/encode/text/json_write_options.h"
#include "partita/encode/text/output.h"

namespace partita {
namespace {

// What stands before a column's value, with the comma that parts it from the one before,
// and what stands for NULL. Both lie in JsonEncoder::templates_.
struct JsonTemplate {
  size_t column = 0;  // in the rows
  uint32_t key_begin = 0;
  uint32_t key_length = 0;
  uint32_t null_begin = 0;
  uint32_t null_length = 0;  // none where NULLs are left out
  uint32_t quotes = 0;       // 1 if the key's text ends with the value's opening quote
};

class JsonEncoder : public TextEncoder {
 public:
  JsonEncoder(JsonWriteOptions options, const EncodeSchema& schema,
              std::vector<TextColumn> columns)
      : TextEncoder(schema, options.codec),
        options_(std::move(options)),
        row_format_(schema.row_format),
        columns_(std::move(columns)) {
    MakeTemplates();
  }

 protected:
  arrow::Status AppendRows(const RowBatch& rows) override {
    for (size_t row = 0; row < rows.num_rows(); ++row) {
      const RowFields fields(rows, row);
      const bool is_short =
          rows.row_text(row).size() + fixed_bytes_ <= TextOutput::kMaxReserve;
      if (is_short && !rows.NeedsCare(row) && IsWrittenAsItStands(fields)) {
        ARROW_RETURN_NOT_OK(output().Reserve(TextOutput::kMaxReserve));
        CopyRow(fields);
      } else {
        ARROW_RETURN_NOT_OK(WriteRow(fields));
      }
    }
    CountRows(rows.num_rows());
    return arrow::Status::OK();
  }

 private:
  void MakeTemplates() {
    fixed_bytes_ = 2 + options_.line_separator.size();
    for (const TextColumn& column : columns_) {
      std::string key = ",";
      AppendJsonString(column.name, &key);
      key += ':';
      const bool is_quoted = IsQuotedInJson(column.type.id);
      JsonTemplate piece = {.column = column.index, .quotes = is_quoted ? 1U : 0U};
      std::tie(piece.key_begin, piece.key_length) =
          AddTemplate(key + (is_quoted ? "\"" : ""));
      std::tie(piece.null_begin, piece.null_length) =
          AddTemplate(options_.ignore_null_fields ? "" : key + "null");
      fixed_bytes_ += std::max(piece.key_length, piece.null_length) + 2;
      pieces_.push_back(piece);
      if (!column.is_any_text) {
        typed_columns_.push_back(column);
      }
    }
    templates_.append(32, ' ');  // what CopyLoosely() reads over the end
  }

  std::pair<uint32_t, uint32_t> AddTemplate(std::string_view text) {
    const auto begin = static_cast<uint32_t>(templates_.size());
    templates_ += text;
    return {begin, static_cast<uint32_t>(text.size())};
  }

  bool IsWrittenAsItStands(const RowFields& fields) const {
    for (const TextColumn& column : typed_columns_) {
      const std::string_view text = fields.text(column.index);
      if (!IsCanonicalField(column, text.data(), text.size())) {
        return false;
      }
    }
    return true;
  }

  // Each value brings its comma; the first is overwritten by the brace.
  void CopyRow(const RowFields& fields) {
    char* const begin = output().end();
    char* out = begin;
    const char* const templates = templates_.data();
    for (const JsonTemplate& piece : pieces_) {
      const std::string_view text = fields.text(piece.column);
      if (text.empty()) {
        CopyLoosely(out, templates + piece.null_begin, piece.null_length);
        out += piece.null_length;
        continue;
      }
      CopyLoosely(out, templates + piece.key_begin, piece.key_length);
      out += piece.key_length;
      CopyLoosely(out, text.data(), text.size());
      out += text.size();
      *out = '"';
      out += piece.quotes;
    }
    out += out == begin ? 1 : 0;
    *begin = '{';
    *out++ = '}';
    for (const char c : options_.line_separator) {
      *out++ = c;
    }
    output().AdvanceTo(out);
  }

  arrow::Status WriteRow(const RowFields& fields) {
    line_.clear();
    for (size_t i = 0; i < columns_.size(); ++i) {
      const TextColumn& column = columns_[i];
      const JsonTemplate& piece = pieces_[i];
      const std::string_view raw = fields.text(column.index);
      const FieldValue value = ReadField(raw, row_format_, &unquoted_);
      if (value.is_null) {
        line_.append(templates_, piece.null_begin, piece.null_length);
      } else if (!fields.NeedsCare(column.index) &&
                 IsCanonicalField(column, raw.data(), raw.size())) {
        line_.append(templates_, piece.key_begin, piece.key_length).append(raw);
        line_.append(piece.quotes, '"');
      } else {
        // Up to the colon: the value brings its quotes here.
        line_.append(templates_, piece.key_begin, piece.key_length - piece.quotes);
        ARROW_RETURN_NOT_OK(WriteValue(column, value.text));
      }
    }
    if (line_.empty()) {
      line_ = "{";
    }
    line_.front() = '{';
    line_ += '}';
    line_ += options_.line_separator;
    return output().Append(line_);
  }

  arrow::Status WriteValue(const TextColumn& column, std::string_view text) {
    if (column.type.id == TypeId::kBinary) {
      line_ += '"' + arrow::util::base64_encode(text) + '"';
      return arrow::Status::OK();
    }
    if (IsNested(column.type)) {
      return WithContext(nested_.Append(text, column.type, &line_),
                         "column " + column.name);
    }
    ARROW_ASSIGN_OR_RAISE(text, RenderField(column, text, &rendered_));
    AppendJsonScalar(column.type.id, text, &line_);
    return arrow::Status::OK();
  }

  const JsonWriteOptions options_;
  const RowFormat row_format_;
  const std::vector<TextColumn> columns_;
  std::vector<JsonTemplate> pieces_;  // of each column
  std::vector<TextColumn> typed_columns_;
  std::string templates_;
  size_t fixed_bytes_ = 0;  // what a row needs at most besides its values
  std::string line_;
  std::string unquoted_;
  std::string rendered_;
  JsonValueWriter nested_{&options_};
};

}  // namespace

arrow::Result<std::unique_ptr<FileEncoder>> MakeJsonEncoder(const FormatOptions& options,
                                                            const EncodeSchema& schema) {
  ARROW_ASSIGN_OR_RAISE(
      auto encoder,
      MakeTextEncoder<JsonEncoder>(ParseJsonWriteOptions(options), schema, "json"));
  for (const int index : schema.data_columns) {
    const Field& field = schema.columns.fields[static_cast<size_t>(index)];
    ARROW_RETURN_NOT_OK(WithContext(CheckJsonKeys(field.type), "column " + field.name));
  }
  return encoder;
}

arrow::Result<std::string> JsonExtension(const FormatOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const JsonWriteOptions parsed, ParseJsonWriteOptions(options));
  return ".json" + std::string(TextCodecExtension(parsed.codec));
}

}  // namespace partita
