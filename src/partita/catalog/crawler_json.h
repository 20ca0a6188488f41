#pragma once

#include <string>
#include <string_view>

#include <arrow/result.h>

#include "partita/options.h"

namespace partita {

/// \brief The JSON that the catalog file holds for a crawler: docs/format/catalog.md.
///
/// Thread safety: pure. Errors: kInvalidConfig where a text is not UTF-8.
arrow::Result<std::string> StoredCrawler(const CrawlerDefinition& crawler);

/// \brief Reads what StoredCrawler() wrote; members that are missing keep their defaults.
///
/// Thread safety: pure. Errors: kStoreUnavailable where the JSON is damaged, or names a behavior that is not known.
arrow::Result<CrawlerDefinition> ReadStoredCrawler(std::string_view json);

}  // namespace partita
