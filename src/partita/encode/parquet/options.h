#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/encode/file_encoder.h"

namespace partita {

/// \brief Codecs of Parquet pages; the numbers are those of the format.
enum class ParquetCodec : int8_t {
  kNone = 0,
  kSnappy = 1,
  kGzip = 2,
  kZstd = 6,
  kLz4Raw = 7,
};

/// \brief How Spark's timestamp is stored.
enum class ParquetTimestamp { kInt96, kMicros, kMillis };

/// \brief What the options of a Parquet output say, with Spark's defaults.
struct ParquetOptions {
  ParquetCodec codec = ParquetCodec::kSnappy;
  int zstd_level = 3;
  ParquetTimestamp timestamp = ParquetTimestamp::kInt96;
  int64_t row_group_bytes = int64_t{128} << 20;
  int64_t page_bytes = int64_t{1} << 20;
  int64_t page_rows = 20000;
  int64_t dictionary_bytes = int64_t{1} << 20;
  bool use_dictionary = true;
  bool write_checksums = true;
};

/// \brief Reads the options of a Parquet output; the names are Spark's and parquet-mr's,
/// in any case.
///
/// Errors: kInvalidConfig for an unknown name or a bad value; the message names what is
/// taken.
arrow::Result<ParquetOptions> ParseParquetOptions(const FormatOptions& options);

/// \brief The end of a Parquet file's name with its dots, for example ".snappy.parquet".
std::string ParquetExtension(ParquetCodec codec);

/// \brief The names of a Parquet output's options. Pure.
std::vector<std::string> ParquetWriteOptionNames();

}  // namespace partita
