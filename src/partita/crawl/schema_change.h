#pragma once

#include <string>
#include <vector>

#include "partita/catalog.h"
#include "partita/model/data_type.h"

namespace partita {

/// \brief How a table's entry differs from what a crawl has found, a sentence each: columns, their types and order,
/// partition keys, location, format, SerDe, parameters.
///
/// Counts and sizes are no differences, nor are descriptions and comments.
/// Thread safety: pure.
std::vector<std::string> ChangesOf(const TableDefinition& before,
                                   const TableDefinition& after);

/// \brief Whether all values of type `found` can be read as `kept` without changing, by the types alone.
///
/// Thread safety: pure.
bool HoldsType(const DataType& kept, const DataType& found);

/// \brief Takes over from an entry what no crawl finds: description, owner, retention, and the comments of columns and
/// partition keys.
///
/// Thread safety: pure.
void KeepWhatUsersSaid(const TableDefinition& before, TableDefinition* after);

/// \brief Whether an entry is marked as one whose files are gone (DEPRECATED_BY_CRAWLER).
///
/// Thread safety: pure.
template <typename Entry>
bool IsDeprecated(const Entry& entry) {
  return entry.parameters.count("DEPRECATED_BY_CRAWLER") != 0;
}

}  // namespace partita
