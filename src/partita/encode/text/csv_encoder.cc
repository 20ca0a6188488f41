#include "partita/encode/text/csv_encoder.h"

#include <string>
#include <utility>
#include <vector>

#include "partita/base/error.h"
#include "partita/encode/text/column.h"
#include "partita/encode/text/csv_field_writer.h"
#include "partita/encode/text/csv_write_options.h"
#include "partita/encode/text/encoder.h"
#include "partita/encode/text/output.h"
#include "partita/model/nested_text.h"

namespace partita {
namespace {

// Data columns side by side in the rows: their bytes are copied in one piece.
struct ColumnRun {
  size_t first = 0;
  size_t last = 0;
};

std::vector<ColumnRun> RunsOf(const std::vector<TextColumn>& columns) {
  std::vector<ColumnRun> runs;
  for (const TextColumn& column : columns) {
    if (!runs.empty() && runs.back().last + 1 == column.index) {
      runs.back().last = column.index;
    } else {
      runs.push_back({.first = column.index, .last = column.index});
    }
  }
  return runs;
}

// A field of a row without quotes, backslashes, controls and non-ASCII bytes stands in
// the output as it stands in the row only by these options.
bool MayCopy(const CsvWriteOptions& options, const RowFormat& format) {
  return options.separator == std::string_view(&format.separator, 1) &&
         options.quote == '"' && !options.quote_all && options.null_value.empty() &&
         options.line_separator.find_first_not_of("\r\n") == std::string::npos;
}

class CsvEncoder : public TextEncoder {
 public:
  CsvEncoder(CsvWriteOptions options, const EncodeSchema& schema,
             std::vector<TextColumn> columns)
      : TextEncoder(schema, options.codec),
        options_(std::move(options)),
        row_format_(schema.row_format),
        columns_(std::move(columns)),
        runs_(RunsOf(columns_)),
        may_copy_(MayCopy(options_, row_format_)),
        trims_(options_.trim_leading || options_.trim_trailing),
        writer_(options_) {
    for (const TextColumn& column : columns_) {
      if (!column.is_any_text) {
        typed_columns_.push_back(column);
      }
    }
  }

  arrow::Status Open(arrow::io::OutputStream* sink) override {
    ARROW_RETURN_NOT_OK(TextEncoder::Open(sink));
    return options_.header ? WriteHeader() : arrow::Status::OK();
  }

 protected:
  arrow::Status AppendRows(const RowBatch& rows) override {
    for (size_t row = 0; row < rows.num_rows(); ++row) {
      const RowFields fields(rows, row);
      if (may_copy_ && !rows.NeedsCare(row) && IsWrittenAsItStands(rows, row)) {
        ARROW_RETURN_NOT_OK(CopyRow(fields));
      } else {
        ARROW_RETURN_NOT_OK(WriteRow(fields));
      }
    }
    return arrow::Status::OK();
  }

 private:
  arrow::Status WriteHeader() {
    line_.clear();
    for (size_t i = 0; i < columns_.size(); ++i) {
      std::string_view name = columns_[i].name;
      if (options_.is_lossy_as_spark && name.size() >= 2 && name.front() == '\'' &&
          name.back() == '\'') {
        name = name.substr(1, name.size() - 2);
      }
      AppendField({.is_null = false, .text = name}, i == 0);
    }
    line_ += options_.line_separator;
    return output().Append(line_);
  }

  // Of a row that needs no care.
  bool IsWrittenAsItStands(const RowBatch& rows, size_t row) const {
    const RowFields fields(rows, row);
    if (rows.row_text(row).size() > TextOutput::kMaxReserve - 8) {
      return false;
    }
    const std::string_view first = fields.text(columns_.front().index);
    if (first.empty() ? columns_.size() == 1 && options_.is_lossy_as_spark
                      : first.front() == options_.comment) {
      return false;
    }
    for (const TextColumn& column : typed_columns_) {
      const std::string_view text = fields.text(column.index);
      if (!IsCanonicalField(column, text.data(), text.size())) {
        return false;
      }
    }
    return !trims_ || HasNoBlankEnds(fields);
  }

  bool HasNoBlankEnds(const RowFields& fields) const {
    for (const TextColumn& column : columns_) {
      const std::string_view text = fields.text(column.index);
      if (!text.empty() && (text.front() == ' ' || text.back() == ' ')) {
        return false;
      }
    }
    return true;
  }

  arrow::Status CopyRow(const RowFields& fields) {
    ARROW_RETURN_NOT_OK(output().Reserve(TextOutput::kMaxReserve));
    char* out = output().end();
    for (const ColumnRun& run : runs_) {
      const char* const begin = fields.text(run.first).data();
      const size_t length = fields.end(run.last) - fields.begin(run.first);
      CopyLoosely(out, begin, length);
      out[length] = row_format_.separator;
      out += length + 1;
    }
    --out;  // behind the last run stands the line's end
    for (const char c : options_.line_separator) {
      *out++ = c;
    }
    output().AdvanceTo(out);
    CountRows(1);
    return arrow::Status::OK();
  }

  arrow::Status WriteRow(const RowFields& fields) {
    line_.clear();
    for (size_t i = 0; i < columns_.size(); ++i) {
      const TextColumn& column = columns_[i];
      const std::string_view raw = fields.text(column.index);
      // Nothing to look at, in a place without rules of its own.
      if (i > 0 && may_copy_ && !trims_ && !fields.NeedsCare(column.index) &&
          IsCanonicalField(column, raw.data(), raw.size())) {
        line_.append(options_.separator).append(raw);
        continue;
      }
      FieldValue value = ReadField(raw, row_format_, &unquoted_);
      if (!value.is_null) {
        ARROW_ASSIGN_OR_RAISE(value.text, RenderField(column, value.text, &rendered_));
      }
      AppendField(value, i == 0);
    }
    if (line_.empty() && options_.is_lossy_as_spark) {
      return arrow::Status::OK();
    }
    line_ += options_.line_separator;
    CountRows(1);
    return output().Append(line_);
  }

  void AppendField(const FieldValue& value, bool is_first) {
    if (!is_first) {
      line_ += options_.separator;
    }
    writer_.Append(value, is_first, &line_);
  }

  const CsvWriteOptions options_;
  const RowFormat row_format_;
  const std::vector<TextColumn> columns_;
  const std::vector<ColumnRun> runs_;
  const bool may_copy_;  // fields without care, as they stand
  const bool trims_;
  const CsvFieldWriter writer_;
  std::vector<TextColumn> typed_columns_;
  std::string line_;
  std::string unquoted_;
  std::string rendered_;
};

}  // namespace

arrow::Result<std::unique_ptr<FileEncoder>> MakeCsvEncoder(const FormatOptions& options,
                                                           const EncodeSchema& schema) {
  ARROW_ASSIGN_OR_RAISE(auto encoder, MakeTextEncoder<CsvEncoder>(
                                          ParseCsvWriteOptions(options), schema, "csv"));
  for (const int index : schema.data_columns) {
    const Field& field = schema.columns.fields[static_cast<size_t>(index)];
    if (IsNested(field.type)) {
      return Error(ErrorCode::kInvalidConfig,
                   "CSV has no nested values; write JSON or Parquet, or select other "
                   "columns: column {}, type {}",
                   field.name, HiveTypeName(field.type));
    }
  }
  return encoder;
}

arrow::Result<std::string> CsvExtension(const FormatOptions& options) {
  ARROW_ASSIGN_OR_RAISE(const CsvWriteOptions parsed, ParseCsvWriteOptions(options));
  return ".csv" + std::string(TextCodecExtension(parsed.codec));
}

}  // namespace partita
