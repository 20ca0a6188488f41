#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/catalog.h"
#include "partita/job/input_files.h"

namespace partita {

/// \brief Files of a target that a crawl of new folders has to look at.
struct NewFiles {
  std::map<size_t, std::vector<InputFileInfo>>
      of_known;  ///< by the place of their table in KnownTables::tables
  std::vector<InputFileInfo> others;  ///< of tables that are yet to be found
};

/// \brief The tables below a target that a crawler has entered before, and their folders.
///
/// Ownership:     owns copies of the entries.
/// Thread safety: as any value.
class KnownTables {
 public:
  /// Errors: those of the catalog; a database that is missing has no tables.
  static arrow::Result<KnownTables> Load(Catalog* catalog, const std::string& database,
                                         const std::string& crawler,
                                         const std::string& target);

  const std::vector<TableDefinition>& tables() const { return tables_; }

  /// The tables' paths below the target; empty for the target itself.
  std::vector<std::string> PathsBelowTarget() const;

  /// Leaves out files of tables without partitions, and of partitions that are known.
  NewFiles Choose(const std::vector<InputFileInfo>& files) const;

 private:
  std::string target_;
  std::vector<TableDefinition> tables_;
  std::vector<std::string> locations_;                // parallel to tables_, without `/`
  std::vector<std::vector<std::string>> partitions_;  // their locations, sorted
};

}  // namespace partita
