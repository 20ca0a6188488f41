#pragma once

#include <map>
#include <memory>
#include <string>

#include <arrow/result.h>

#include "partita/catalog.h"
#include "partita/options.h"
#include "partita/scan/csv_options.h"

namespace partita {

/// \brief The table an input names, and the catalog it stands in.
struct InputTable {
  std::unique_ptr<Catalog> catalog;
  TableDefinition definition;
};

/// \brief Fails with kInvalidConfig unless an input names a table or paths, and not both, and its options agree.
///
/// Thread safety: pure.
arrow::Status CheckInput(const InputSpec& input);

/// \brief What the input says of reading beside Spark's options. Pure.
InputRules RulesOf(const InputSpec& input);

/// \brief Looks up the table that `input` names.
///
/// Errors: kNotFound (no such database or table), those of OpenExistingCatalog().
arrow::Result<InputTable> OpenInputTable(const InputSpec& input);

/// \brief How a CSV table's files are written: what its SerDe says, and what the user's
/// options say over it.
///
/// Thread safety: pure.
/// Errors:        kInvalidConfig (no SerDe of CSV, bad or unknown options).
arrow::Result<CsvDialect> InputDialect(
    const TableDefinition& table, const std::map<std::string, std::string>& read_options,
    const InputRules& rules);

}  // namespace partita
