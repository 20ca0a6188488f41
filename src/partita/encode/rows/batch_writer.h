#pragma once

#include <memory>
#include <string_view>

#include <arrow/io/type_fwd.h>
#include <arrow/result.h>
#include <arrow/type_fwd.h>

namespace partita {

/// \brief Writes Arrow batches to a stream, for programs that take what a scan gives.
///
/// Ownership:     shares the stream and leaves it open.
/// Thread safety: one thread at a time.
/// Errors:        kBadInput for a value or type that the format has not; the stream's.
class BatchWriter {
 public:
  virtual ~BatchWriter() = default;

  /// `batch` has the schema the writer was made for.
  virtual arrow::Status Write(const arrow::RecordBatch& batch) = 0;

  /// Writes what belongs at the end, once.
  virtual arrow::Status Close() = 0;
};

/// \brief A writer of `csv`, `json`, `parquet` or `arrow`.
///
/// csv: a header, then RFC 4180 rows; NULL is an empty field, an empty string is `""`. json: an object a line, members
/// that are NULL left out as Spark does. Values look as in df.show; binary in JSON is base64. parquet: snappy. arrow:
/// the IPC stream format.
/// Errors: kInvalidConfig for another format, kBadInput for nested columns in CSV.
arrow::Result<std::unique_ptr<BatchWriter>> MakeBatchWriter(
    std::string_view format, const std::shared_ptr<arrow::Schema>& schema,
    const std::shared_ptr<arrow::io::OutputStream>& stream);

}  // namespace partita
