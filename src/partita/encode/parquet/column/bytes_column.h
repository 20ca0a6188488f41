#pragma once

#include <memory>

#include "partita/encode/parquet/column/column.h"

namespace partita {

/// \brief Makes the encoder for a column of strings, binary values or decimals of over 18
/// digits.
std::unique_ptr<ParquetColumn> MakeBytesColumn(const ColumnSettings& settings,
                                               PageWriter* writer);

}  // namespace partita
