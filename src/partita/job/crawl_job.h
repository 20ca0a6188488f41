#pragma once

#include <arrow/result.h>

#include "partita/options.h"
#include "partita/report.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Finds mistakes in a crawler's definition; without looking at its targets. Errors: kInvalidConfig.
arrow::Status CheckCrawlerDefinition(const CrawlerDefinition& crawler);

/// \brief Runs a crawl of what lies on a store from its options to the catalog entries; see Crawl() in partita/job.h.
///
/// Ownership: borrows the store.
arrow::Result<CrawlReport> RunCrawlJob(Store* store, const CrawlOptions& options);

}  // namespace partita
