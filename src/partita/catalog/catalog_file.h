#pragma once

#include <string>

#include <arrow/result.h>

#include "partita/catalog/sqlite_connection.h"

namespace partita {

/// \brief Opens the catalog file, or makes it, and brings it to the newest layout; empty means DefaultCatalogFile().
///
/// Errors: as OpenCatalog().
arrow::Result<SqliteConnection> OpenCatalogFile(const std::string& file);

/// \brief Opens a catalog file that is there, in whatever layout it has; a default one that is missing is empty and kept in
/// memory.
///
/// Errors: as OpenExistingCatalog().
arrow::Result<SqliteConnection> OpenExistingCatalogFile(const std::string& file);

}  // namespace partita
