#pragma once

#include <string>
#include <vector>

namespace partita {

/// \brief Turns a header's cells into column names that can be told apart.
///
/// Blanks at the ends are taken off; a blank cell is called `colN` by its position from
/// 0, as a Glue crawler does. Of names that are equal but for the case of ASCII letters
/// the first stays, later ones become `name_2`, `name_3`, … (the next number that is
/// free). Letter case is kept. Thread safety: pure.
std::vector<std::string> ColumnNamesFromHeader(const std::vector<std::string>& cells);

/// \brief `col0`, `col1`, …: the names a Glue crawler gives where there is no header.
std::vector<std::string> ColumnNamesByPosition(int num_columns);

}  // namespace partita
