#pragma once

#include <memory>

#include <arrow/result.h>

#include "partita/encode/file_encoder.h"

namespace partita {

/// \brief Makes the encoder for Parquet: files as Spark writes them.
///
/// A row group ends when its encoded bytes reach FormatOptions::max_row_group_bytes (or
/// option parquet.block.size, if smaller), where possible with the end of an Append(), so
/// that CanRoll() is true there.
/// Memory:        the encoded row group, one open page per column, and dictionaries of up
/// to 1 MiB per column.
/// Errors:        of Make: kInvalidConfig for an unknown option, a bad value, a type
/// Parquet cannot hold, or no data columns. Of the encoder: as FileEncoder.
arrow::Result<std::unique_ptr<FileEncoder>> MakeParquetEncoder(
    const FormatOptions& options, const EncodeSchema& schema);

}  // namespace partita
