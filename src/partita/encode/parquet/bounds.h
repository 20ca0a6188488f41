#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "partita/encode/parquet/schema.h"

namespace partita {

/// \brief Smallest and largest value of a page or chunk, as PLAIN bytes without a length.
struct ParquetBounds {
  bool is_known = false;  ///< false where all are NULL, or there is no order (NaN, INT96)
  std::string min;
  std::string max;

  friend bool operator==(const ParquetBounds&, const ParquetBounds&) = default;
};

/// \brief Bytes to which the bounds in a column index are cut, as parquet-mr does.
inline constexpr size_t kIndexBytes = 64;

/// \brief Cuts long bounds of a string or binary column to kIndexBytes, so that min ≤ all
/// values ≤ max still holds.
///
/// Text is cut between characters. A cut maximum ends in the last character that can be
/// replaced by the next one; where there is none it stays whole.
/// Thread safety: pure.
ParquetBounds CutBounds(ParquetBounds bounds, bool is_text);

/// \brief Less than, equal or greater than 0 as PLAIN value `left` lies before, at or
/// behind `right` in the column's order.
///
/// Requires: not kInt96.
/// Thread safety: pure.
int ComparePlain(const ParquetField& field, std::string_view left,
                 std::string_view right);

/// \brief How the bounds of a chunk's pages run; the numbers are those of the format.
enum class BoundaryOrder { kUnordered = 0, kAscending = 1, kDescending = 2 };

/// \brief The order of pages in which both minima and maxima never turn back; pages
/// without bounds don't count.
///
/// Thread safety: pure.
BoundaryOrder OrderOfPages(const ParquetField& field,
                           const std::vector<const ParquetBounds*>& pages);

}  // namespace partita
