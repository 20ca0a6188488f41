#include "partita/encode/parquet/encoder.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <arrow/io/interfaces.h>

#include "partita/base/error.h"
#include "partita/encode/parquet/column/column.h"
#include "partita/encode/parquet/footer.h"
#include "partita/encode/parquet/nested_column.h"
#include "partita/encode/parquet/schema.h"

namespace partita {
namespace {

constexpr std::string_view kMagic = "PAR1";

// Column by column over so many rows, their bytes stay in the second-level cache.
constexpr size_t kSliceRows = 1024;
constexpr uint32_t kSliceBytes = uint32_t{4} << 20;

// Writes to the sink in large pieces and knows the position in the file.
class FileOutput {
 public:
  void Open(arrow::io::OutputStream* sink) {
    sink_ = sink;
    position_ = 0;
    buffer_.clear();
  }

  arrow::Status Write(std::string_view bytes) {
    position_ += static_cast<int64_t>(bytes.size());
    const bool is_large = bytes.size() > kBufferBytes / 4;
    if (is_large || buffer_.size() + bytes.size() > kBufferBytes) {
      ARROW_RETURN_NOT_OK(Flush());
    }
    if (is_large) {
      return Send(bytes);
    }
    buffer_.append(bytes);
    return arrow::Status::OK();
  }

  arrow::Status Flush() {
    if (buffer_.empty()) {
      return arrow::Status::OK();
    }
    arrow::Status status = Send(buffer_);
    buffer_.clear();
    return status;
  }

  int64_t position() const { return position_; }

 private:
  static constexpr size_t kBufferBytes = size_t{1} << 20;

  arrow::Status Send(std::string_view bytes) {
    return Classify(sink_->Write(bytes.data(), static_cast<int64_t>(bytes.size())),
                    ErrorCode::kStoreUnavailable);
  }

  arrow::io::OutputStream* sink_ = nullptr;
  int64_t position_ = 0;
  std::string buffer_;
};

class ParquetEncoder : public FileEncoder {
 public:
  ParquetEncoder(int num_row_columns, int64_t row_group_bytes,
                 std::unique_ptr<PageWriter> writer, FooterWriter footer)
      : num_row_columns_(num_row_columns),
        row_group_bytes_(row_group_bytes),
        writer_(std::move(writer)),
        footer_(std::move(footer)) {}

  void AddColumns(const ParquetSchema& parquet, const EncodeSchema& schema,
                  const ParquetOptions& options);

  arrow::Status Open(arrow::io::OutputStream* sink) override;
  arrow::Status Append(const RowBatch& rows) override;
  arrow::Result<int64_t> Close() override;

  int64_t bytes_so_far() const override { return output_.position() + group_bytes(); }

  bool CanRoll() const override { return group_rows_ == 0; }

 private:
  int64_t group_bytes() const {
    int64_t bytes = writer_->store().bytes_kept();
    for (const auto& column : columns_) {
      bytes += column->open_bytes();
    }
    return bytes;
  }

  static size_t EndOfSlice(const RowBatch& rows, size_t begin);
  arrow::Status FinishRowGroup();
  arrow::Status WriteChunk(ChunkSummary* chunk);

  int num_row_columns_;
  int64_t row_group_bytes_;
  std::unique_ptr<PageWriter> writer_;
  FooterWriter footer_;
  std::vector<std::unique_ptr<ParquetColumn>> columns_;  // leaves, all that have chunks
  std::vector<ParquetColumn*> flat_columns_;
  std::vector<NestedColumn> nested_columns_;
  FileOutput output_;
  std::vector<RowGroupSummary> row_groups_;
  std::string end_of_file_;
  int64_t group_rows_ = 0;
  int64_t num_rows_ = 0;
};

void ParquetEncoder::AddColumns(const ParquetSchema& parquet, const EncodeSchema& schema,
                                const ParquetOptions& options) {
  std::vector<ParquetColumn*> leaves;
  for (size_t i = 0; i < parquet.nodes.size(); ++i) {
    const ParquetNode& node = parquet.nodes[i];
    for (size_t leaf = node.first_leaf; leaf < node.end_leaf; ++leaf) {
      columns_.push_back(
          MakeParquetColumn({.field = parquet.leaves[leaf],
                             .index = static_cast<size_t>(schema.data_columns[i]),
                             .row_format = schema.row_format,
                             .options = options},
                            writer_.get()));
      leaves.push_back(columns_.back().get());
    }
    if (node.children.empty()) {
      flat_columns_.push_back(leaves.back());
    }
  }
  for (size_t i = 0; i < parquet.nodes.size(); ++i) {
    if (!parquet.nodes[i].children.empty()) {
      nested_columns_.emplace_back(parquet.nodes[i],
                                   static_cast<size_t>(schema.data_columns[i]),
                                   schema.row_format, leaves);
    }
  }
}

arrow::Status ParquetEncoder::Open(arrow::io::OutputStream* sink) {
  output_.Open(sink);
  row_groups_.clear();
  num_rows_ = 0;
  return output_.Write(kMagic);
}

size_t ParquetEncoder::EndOfSlice(const RowBatch& rows, size_t begin) {
  size_t end = std::min(begin + kSliceRows, rows.num_rows());
  while (end - begin > 1 &&
         rows.row_begins[end - 1] - rows.row_begins[begin] > kSliceBytes) {
    end = begin + (end - begin) / 2;
  }
  return end;
}

arrow::Status ParquetEncoder::Append(const RowBatch& rows) {
  if (rows.num_columns != num_row_columns_) {
    return Error(ErrorCode::kInternal,
                 "rows are not the schema's: columns in the rows {}, in the schema {}",
                 rows.num_columns, num_row_columns_);
  }
  const int64_t bytes_before = group_rows_ == 0 ? 0 : group_bytes();
  for (size_t begin = 0; begin < rows.num_rows();) {
    const size_t end = EndOfSlice(rows, begin);
    for (ParquetColumn* column : flat_columns_) {
      ARROW_RETURN_NOT_OK(column->Append(rows, begin, end));
    }
    for (NestedColumn& column : nested_columns_) {
      ARROW_RETURN_NOT_OK(column.Append(rows, begin, end));
    }
    group_rows_ += static_cast<int64_t>(end - begin);
    if (group_bytes() >= row_group_bytes_) {
      ARROW_RETURN_NOT_OK(FinishRowGroup());
    }
    begin = end;
  }
  // If the next rows would not fit any more, the group ends here, where a file may too.
  const int64_t bytes = group_rows_ == 0 ? 0 : group_bytes();
  if (bytes > 0 &&
      bytes + std::max<int64_t>(bytes - bytes_before, 0) >= row_group_bytes_) {
    return FinishRowGroup();
  }
  return arrow::Status::OK();
}

arrow::Status ParquetEncoder::WriteChunk(ChunkSummary* chunk) {
  if (chunk->has_dictionary) {
    chunk->dictionary_offset = output_.position();
    ARROW_RETURN_NOT_OK(output_.Write(chunk->dictionary.bytes));
  }
  for (PageSummary& page : chunk->pages) {
    page.offset = output_.position();
    ARROW_RETURN_NOT_OK(output_.Write(page.page.bytes));
  }
  return arrow::Status::OK();
}

arrow::Status ParquetEncoder::FinishRowGroup() {
  RowGroupSummary& group = row_groups_.emplace_back();
  group.num_rows = group_rows_;
  group.chunks.resize(columns_.size());
  for (size_t i = 0; i < columns_.size(); ++i) {
    ARROW_RETURN_NOT_OK(columns_[i]->FinishChunk(&group.chunks[i]));
    ARROW_RETURN_NOT_OK(WriteChunk(&group.chunks[i]));
  }
  writer_->store().Clear();
  num_rows_ += group_rows_;
  group_rows_ = 0;
  return arrow::Status::OK();
}

arrow::Result<int64_t> ParquetEncoder::Close() {
  if (group_rows_ > 0) {
    ARROW_RETURN_NOT_OK(FinishRowGroup());
  }
  end_of_file_.clear();
  footer_.AppendIndexes(output_.position(), &row_groups_, &end_of_file_);
  footer_.AppendFooter(row_groups_, &end_of_file_);
  ARROW_RETURN_NOT_OK(output_.Write(end_of_file_));
  ARROW_RETURN_NOT_OK(output_.Flush());
  return num_rows_;
}

}  // namespace

arrow::Result<std::unique_ptr<FileEncoder>> MakeParquetEncoder(
    const FormatOptions& options, const EncodeSchema& schema) {
  ARROW_ASSIGN_OR_RAISE(const ParquetOptions parquet, ParseParquetOptions(options));
  if (schema.data_columns.empty()) {
    return Error(ErrorCode::kInvalidConfig,
                 "a Parquet file needs a column that is no partition column");
  }
  Schema data_schema;
  for (const int index : schema.data_columns) {
    data_schema.fields.push_back(schema.columns.fields[static_cast<size_t>(index)]);
  }
  ARROW_ASSIGN_OR_RAISE(const ParquetSchema columns,
                        MakeParquetSchema(data_schema, parquet.timestamp));
  ARROW_ASSIGN_OR_RAISE(auto writer, PageWriter::Make(parquet));
  auto encoder = std::make_unique<ParquetEncoder>(
      static_cast<int>(schema.columns.fields.size()), parquet.row_group_bytes,
      std::move(writer), FooterWriter(columns, parquet.codec));
  encoder->AddColumns(columns, schema, parquet);
  return encoder;
}

}  // namespace partita
