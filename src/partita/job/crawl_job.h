#pragma once

#include <arrow/result.h>

#include "partita/options.h"
#include "partita/report.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Runs a crawl of what lies on a store from its options to the catalog entry; see Crawl() in partita/job.h.
///
/// Ownership: borrows the store.
arrow::Result<CrawlReport> RunCrawlJob(Store* store, const CrawlOptions& options);

}  // namespace partita
