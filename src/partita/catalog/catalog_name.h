#pragma once

#include <string>
#include <string_view>

#include <arrow/result.h>

namespace partita {

/// \brief A database's or table's name as the catalog keeps it: ASCII letters in lower
/// case.
///
/// `what` says in the message what is named (`database`, `table`).
/// Thread safety: pure.
/// Errors:        kInvalidConfig unless it has 1 to 255 characters of UTF-8, no control
///                characters among them.
arrow::Result<std::string> CatalogName(std::string_view what, std::string_view name);

/// \brief CatalogName() of a database that may yet have to be made.
///
/// Errors: as CatalogName(); kInvalidConfig for a name with a dot, which `DATABASE.TABLE`
/// could not address.
arrow::Result<std::string> NewDatabaseName(std::string_view name);

}  // namespace partita
