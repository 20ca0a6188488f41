#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/result.h>

#include "partita/base/error.h"
#include "partita/encode/file_encoder.h"
#include "partita/encode/text/column.h"
#include "partita/encode/text/output.h"

namespace partita {

/// \brief What the encoders of text share: a file's output and its count of rows.
///
/// Ownership, thread safety, errors: as FileEncoder.
/// Cost:          one virtual call per batch.
class TextEncoder : public FileEncoder {
 public:
  TextEncoder(const EncodeSchema& schema, TextCodec codec)
      : num_row_columns_(schema.columns.fields.size()), output_(codec) {}

  arrow::Status Open(arrow::io::OutputStream* sink) override {
    num_rows_ = 0;
    return output_.Open(sink);
  }

  arrow::Status Append(const RowBatch& rows) final {
    if (static_cast<size_t>(rows.num_columns) != num_row_columns_) {
      return Error(ErrorCode::kInternal, "rows of {} columns for a schema of {}",
                   rows.num_columns, num_row_columns_);
    }
    return AppendRows(rows);
  }

  int64_t bytes_so_far() const final { return output_.bytes_so_far(); }

  bool CanRoll() const final { return true; }

  arrow::Result<int64_t> Close() final {
    ARROW_RETURN_NOT_OK(output_.Close());
    return num_rows_;
  }

 protected:
  /// Writes rows of as many columns as the schema has, and counts those it wrote.
  virtual arrow::Status AppendRows(const RowBatch& rows) = 0;

  TextOutput& output() { return output_; }

  void CountRows(size_t num_rows) { num_rows_ += static_cast<int64_t>(num_rows); }

 private:
  const size_t num_row_columns_;
  TextOutput output_;
  int64_t num_rows_ = 0;
};

/// \brief Makes an `Encoder` of its options and the schema's data columns.
///
/// Thread safety: pure.
/// Errors:        that of `options`; kInvalidConfig for a type that `format` cannot hold.
template <typename Encoder, typename Options>
arrow::Result<std::unique_ptr<FileEncoder>> MakeTextEncoder(
    arrow::Result<Options> options, const EncodeSchema& schema, std::string_view format) {
  ARROW_RETURN_NOT_OK(options);
  ARROW_ASSIGN_OR_RAISE(std::vector<TextColumn> columns, MakeTextColumns(schema, format));
  return std::make_unique<Encoder>(*std::move(options), schema, std::move(columns));
}

}  // namespace partita
