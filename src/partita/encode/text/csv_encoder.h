#pragma once

#include <memory>

#include <arrow/result.h>

#include "partita/encode/file_encoder.h"

namespace partita {

/// \brief Makes an encoder of CSV files as Spark writes them.
///
/// Rows whose bytes already are what Spark writes are copied, others written field by
/// field. Thread safety: pure. Errors: as MakeFileEncoder().
arrow::Result<std::unique_ptr<FileEncoder>> MakeCsvEncoder(const FormatOptions& options,
                                                           const EncodeSchema& schema);

/// \brief `.csv` and what the compression adds.
///
/// Thread safety: pure. Errors: kInvalidConfig for bad options.
arrow::Result<std::string> CsvExtension(const FormatOptions& options);

}  // namespace partita
