#pragma once

#include <memory>

#include "partita/encode/parquet/column/column.h"

namespace partita {

/// \brief Makes the encoder for a boolean column: one bit a value, never a dictionary.
std::unique_ptr<ParquetColumn> MakeBooleanColumn(const ColumnSettings& settings,
                                                 PageWriter* writer);

}  // namespace partita
