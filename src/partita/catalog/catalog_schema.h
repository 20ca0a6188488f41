#pragma once

#include <arrow/status.h>

#include "partita/catalog/sqlite_connection.h"

namespace partita {

/// \brief The newest layout of the catalog file; see docs/format/catalog.md.
inline constexpr int kCatalogVersion = 3;

/// \brief Makes the tables of a fresh file, or brings an older file up to date.
///
/// Each step is one transaction, so that several processes may do this at once and a
/// crash leaves a version that is whole.
/// Thread safety: one thread at a time on a connection.
/// Errors:        kInvalidConfig for a newer version; kStoreUnavailable where the file
///                belongs to another program.
arrow::Status UpgradeCatalog(SqliteConnection* connection);

/// \brief Makes sure that a file is a catalog of a version this program knows; changes nothing.
///
/// Errors: as UpgradeCatalog().
arrow::Status CheckCatalog(SqliteConnection* connection);

}  // namespace partita
