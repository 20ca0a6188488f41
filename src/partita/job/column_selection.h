#pragma once

#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/model/data_type.h"

namespace partita {

/// \brief A column that was asked for.
struct SelectedColumn {
  int column = 0;    ///< of the schema
  std::string name;  ///< as it was asked for
};

/// \brief The columns of `all` that `names` name in any letter case, in the order of the names; no name means all of them.
///
/// Thread safety: pure.
/// Errors:        kInvalidConfig for an unknown name, with the nearest one.
arrow::Result<std::vector<SelectedColumn>> SelectColumns(
    const Schema& all, const std::vector<std::string>& names);

}  // namespace partita
