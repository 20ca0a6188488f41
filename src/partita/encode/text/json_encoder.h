#pragma once

#include <memory>
#include <string>

#include <arrow/result.h>

#include "partita/encode/file_encoder.h"

namespace partita {

/// \brief Makes an encoder of files of JSON lines as Spark writes them.
///
/// Keys are escaped once; rows whose fields already are what Spark writes are copied
/// between them, others written field by field. Thread safety: pure. Errors: as
/// MakeFileEncoder().
arrow::Result<std::unique_ptr<FileEncoder>> MakeJsonEncoder(const FormatOptions& options,
                                                            const EncodeSchema& schema);

/// \brief `.json` and what the compression adds.
///
/// Thread safety: pure. Errors: kInvalidConfig for bad options.
arrow::Result<std::string> JsonExtension(const FormatOptions& options);

}  // namespace partita
