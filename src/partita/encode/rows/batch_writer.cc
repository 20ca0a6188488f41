#include "partita/encode/rows/batch_writer.h"

#include <string>
#include <utility>

#include <arrow/array.h>
#include <arrow/io/interfaces.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <arrow/type_traits.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "partita/base/error.h"
#include "partita/encode/rows/json_value.h"
#include "partita/encode/text/json_string.h"
#include "partita/model/cell_text.h"

namespace partita {
namespace {

using StreamPtr = std::shared_ptr<arrow::io::OutputStream>;
using SchemaPtr = std::shared_ptr<arrow::Schema>;

void AppendCsvField(std::string_view text, std::string* out) {
  const bool needs_quotes = text.empty() ||
                            text.find_first_of(",\"\r\n") != std::string_view::npos ||
                            text.front() == ' ' || text.back() == ' ';
  if (!needs_quotes) {
    *out += text;
    return;
  }
  *out += '"';
  for (const char c : text) {
    *out += c == '"' ? std::string_view("\"\"") : std::string_view(&c, 1);
  }
  *out += '"';
}

class CsvWriter : public BatchWriter {
 public:
  explicit CsvWriter(StreamPtr stream) : stream_(std::move(stream)) {}

  arrow::Status Begin(const arrow::Schema& schema) {
    std::string line;
    for (const auto& field : schema.fields()) {
      if (arrow::is_nested(field->type()->id())) {
        return Error(
            ErrorCode::kBadInput,
            "CSV has no nested values; write JSON or select other columns: column {}",
            field->name());
      }
      line += line.empty() ? "" : ",";
      AppendCsvField(field->name(), &line);
    }
    return stream_->Write(line + "\n");
  }

  arrow::Status Write(const arrow::RecordBatch& batch) override {
    std::string text;
    std::string cell;
    for (int64_t row = 0; row < batch.num_rows(); ++row) {
      for (int i = 0; i < batch.num_columns(); ++i) {
        const arrow::Array& column = *batch.column(i);
        text += i == 0 ? "" : ",";
        if (!column.IsNull(row)) {
          cell.clear();
          ARROW_RETURN_NOT_OK(AppendCell(column, row, &cell));
          AppendCsvField(cell, &text);
        }
      }
      text += '\n';
    }
    return stream_->Write(text);
  }

  arrow::Status Close() override { return arrow::Status::OK(); }

 private:
  StreamPtr stream_;
};

class JsonWriter : public BatchWriter {
 public:
  explicit JsonWriter(StreamPtr stream) : stream_(std::move(stream)) {}

  arrow::Status Write(const arrow::RecordBatch& batch) override {
    ARROW_ASSIGN_OR_RAISE(const auto rows, batch.ToStructArray());
    std::string text;
    for (int64_t row = 0; row < batch.num_rows(); ++row) {
      ARROW_RETURN_NOT_OK(AppendJsonValue(*rows, row, &text));
      text += '\n';
    }
    return stream_->Write(text);
  }

  arrow::Status Close() override { return arrow::Status::OK(); }

 private:
  StreamPtr stream_;
};

class ParquetWriter : public BatchWriter {
 public:
  explicit ParquetWriter(std::unique_ptr<parquet::arrow::FileWriter> writer)
      : writer_(std::move(writer)) {}

  static arrow::Result<std::unique_ptr<BatchWriter>> Make(const SchemaPtr& schema,
                                                          const StreamPtr& stream) {
    const auto properties = parquet::WriterProperties::Builder()
                                .compression(parquet::Compression::SNAPPY)
                                ->build();
    ARROW_ASSIGN_OR_RAISE(auto writer,
                          parquet::arrow::FileWriter::Open(
                              *schema, arrow::default_memory_pool(), stream, properties));
    return std::make_unique<ParquetWriter>(std::move(writer));
  }

  arrow::Status Write(const arrow::RecordBatch& batch) override {
    return writer_->WriteRecordBatch(batch);
  }

  arrow::Status Close() override { return writer_->Close(); }

 private:
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
};

class IpcWriter : public BatchWriter {
 public:
  explicit IpcWriter(std::shared_ptr<arrow::ipc::RecordBatchWriter> writer)
      : writer_(std::move(writer)) {}

  arrow::Status Write(const arrow::RecordBatch& batch) override {
    return writer_->WriteRecordBatch(batch);
  }

  arrow::Status Close() override { return writer_->Close(); }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchWriter> writer_;
};

}  // namespace

arrow::Result<std::unique_ptr<BatchWriter>> MakeBatchWriter(std::string_view format,
                                                            const SchemaPtr& schema,
                                                            const StreamPtr& stream) {
  if (format == "csv") {
    auto writer = std::make_unique<CsvWriter>(stream);
    ARROW_RETURN_NOT_OK(writer->Begin(*schema));
    return writer;
  }
  if (format == "json") {
    return std::make_unique<JsonWriter>(stream);
  }
  if (format == "parquet") {
    return ParquetWriter::Make(schema, stream);
  }
  if (format == "arrow") {
    ARROW_ASSIGN_OR_RAISE(auto writer, arrow::ipc::MakeStreamWriter(stream, schema));
    return std::make_unique<IpcWriter>(std::move(writer));
  }
  return Error(ErrorCode::kInvalidConfig,
               "rows are written as csv, json, parquet or arrow, not: {}", format);
}

}  // namespace partita
