#pragma once

#include <arrow/result.h>

#include "partita/catalog.h"
#include "partita/model/data_type.h"

namespace partita {

/// \brief The table's data columns as a schema (partition keys are not among them).
///
/// Errors: kInvalidConfig when a type string is not Hive's.
arrow::Result<Schema> DataSchema(const TableDefinition& table);

}  // namespace partita
