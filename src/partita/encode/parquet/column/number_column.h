#pragma once

#include <memory>

#include "partita/encode/parquet/column/column.h"

namespace partita {

/// \brief Makes the encoder for a column of numbers: integers, floating-point numbers,
/// dates, timestamps, decimals of up to 18 digits.
std::unique_ptr<ParquetColumn> MakeNumberColumn(const ColumnSettings& settings,
                                                PageWriter* writer);

}  // namespace partita
