#pragma once

#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/encode/file_encoder.h"
#include "partita/encode/text/codec.h"

namespace partita {

/// \brief How JSON lines are written: Spark's options and defaults.
///
/// Thread safety: as any value.
struct JsonWriteOptions {
  bool ignore_null_fields = true;
  std::string line_separator = "\n";
  TextCodec codec = TextCodec::kNone;
};

/// \brief Reads the options of a JSON output; names are Spark's, in any case.
///
/// Thread safety: pure. Errors: kInvalidConfig for an unknown name or a value that is bad
/// or asks for what is not written (formats of dates and timestamps, other encodings).
arrow::Result<JsonWriteOptions> ParseJsonWriteOptions(const FormatOptions& options);

/// \brief The names of a JSON output's options. Pure.
std::vector<std::string> JsonWriteOptionNames();

}  // namespace partita
