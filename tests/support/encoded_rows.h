#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/result.h>

#include "partita/base/buffer.h"
#include "partita/encode/file_encoder.h"
#include "partita/model/row_indexer.h"

namespace partita {

/// \brief Columns called c0, c1, … of these types, all of them data columns.
inline EncodeSchema EncodeSchemaOf(const std::vector<DataType>& types) {
  EncodeSchema schema;
  for (const DataType& type : types) {
    const int index = static_cast<int>(schema.data_columns.size());
    schema.columns.fields.push_back({.name = "c" + std::to_string(index), .type = type});
    schema.data_columns.push_back(index);
  }
  schema.row_format.quoted_empty_is_null = false;
  return schema;
}

/// \brief As many string columns.
inline EncodeSchema EncodeSchemaOfStrings(size_t count) {
  return EncodeSchemaOf(std::vector<DataType>(count));
}

/// \brief Rows of CSV text with the padding and the index a scan gives them.
class IndexedText {
 public:
  IndexedText(const EncodeSchema& schema, std::string_view text) : text_(text) {
    text_.append(Buffer::kPadding, '\0');
    IndexRowsPlainly(schema.row_format, static_cast<int>(schema.columns.fields.size()),
                     std::string_view(text_).substr(0, text.size()), true,
                     text.size() + 1, &batch_);
  }

  const RowBatch& batch() const { return batch_; }

  /// As if each row held a byte that needs care.
  const RowBatch& MarkAllForCare() {
    batch_.care.assign(batch_.care.size(), ~uint64_t{0});
    return batch_;
  }

 private:
  std::string text_;
  RowBatch batch_;
};

/// \brief The bytes of a file with one Append per batch.
inline arrow::Result<std::string> EncodeFile(
    FileEncoder* encoder, const std::vector<const RowBatch*>& batches) {
  ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::BufferOutputStream::Create());
  ARROW_RETURN_NOT_OK(encoder->Open(sink.get()));
  for (const RowBatch* batch : batches) {
    ARROW_RETURN_NOT_OK(encoder->Append(*batch));
  }
  ARROW_RETURN_NOT_OK(encoder->Close());
  ARROW_ASSIGN_OR_RAISE(auto bytes, sink->Finish());
  return bytes->ToString();
}

/// \brief The bytes of a file with the rows of `text`.
inline arrow::Result<std::string> EncodeText(const FormatOptions& options,
                                             const EncodeSchema& schema,
                                             std::string_view text) {
  ARROW_ASSIGN_OR_RAISE(const auto encoder, MakeFileEncoder(options, schema));
  const IndexedText rows(schema, text);
  return EncodeFile(encoder.get(), {&rows.batch()});
}

}  // namespace partita
