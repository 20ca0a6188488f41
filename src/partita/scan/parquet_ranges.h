#pragma once

#include <memory>

#include <arrow/result.h>
#include <arrow/type_fwd.h>

#include "partita/filter/prune.h"

namespace parquet {
class FileMetaData;
}

namespace partita {

/// A column of which no statistics speak as a whole.
inline constexpr int kNestedColumn = -2;

/// \brief The smallest and largest value, and whether there are NULLs, of a column in each row group, as the footer
/// notes them.
///
/// `leaf` counts the columns of pages; -1 is one that the file has not, kNestedColumn one that has several.
/// Statistics that old writers made in an order that is not the type's are left out, by Parquet's own rules.
/// Thread safety: pure.
arrow::Result<ColumnRanges> RangesOfColumn(const parquet::FileMetaData& footer, int leaf,
                                           const std::shared_ptr<arrow::DataType>& type);

}  // namespace partita
