#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/model/data_type.h"
#include "partita/scan/input_file.h"
#include "partita/scan/json_inference.h"
#include "partita/scan/json_options.h"
#include "partita/scan/malformed_row_count.h"

namespace partita {

/// \brief Adds every line of a JSON-lines file to `inference`.
///
/// Thread safety: as `inference`. Errors: kBadInput naming file and line; kCancelled;
/// those of TextStream. Cost: memory of the longest line.
arrow::Status InferJsonFile(const InputFile& file, const std::stop_token& stop,
                            JsonInference* inference);

/// \brief What InferJsonHead() has looked at.
struct JsonHead {
  int64_t bytes = 0;  ///< of the file that hold whole lines, compressed as they are
  int64_t rows = 0;
};

/// \brief Adds the whole lines of a JSON-lines file's first MiB to `inference`; where none ends in it, of up to ten.
///
/// Thread safety: as `inference`. Errors: kBadInput naming file and line, also where the first line is longer; those of
/// TextStream.
arrow::Result<JsonHead> InferJsonHead(const InputFile& file, JsonInference* inference);

/// \brief How ReadJsonFile() reads.
struct JsonReading {
  int64_t batch_rows = int64_t{64} << 10;
  JsonOptions options;
  std::shared_ptr<MalformedRowCount>
      malformed;  ///< counts as lines are read, if there is one
};

/// \brief Reads a JSON-lines file as Arrow batches of up to `batch_rows` rows, or of one line where that holds more.
///
/// Members are found by name, an exact match before one in other letters; one that is
/// missing is NULL, one that is not in `schema` left out. A string column takes any
/// value: what is no text is kept as it stands in the file, byte for byte.
/// Thread safety: one thread at a time.
/// Errors:        kBadInput naming file, line and column: not JSON, or a value that is
///                not of its column's type (AppendJsonScalar()), unless the options take malformed lines
///                (LenientJsonRows); text that is not UTF-8; those of TextStream.
arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> ReadJsonFile(
    const InputFile& file, const Schema& schema, const JsonReading& reading);

/// \brief Counts the rows of a JSON-lines file by its lines; only lines that hold an
/// array are parsed.
///
/// Thread safety: pure. Errors: kBadInput for a line that is neither object nor array;
/// kCancelled; those of TextStream.
arrow::Result<int64_t> CountJsonFile(const InputFile& file, const std::stop_token& stop);

}  // namespace partita
