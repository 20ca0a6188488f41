#pragma once

#include <arrow/result.h>

#include "partita/options.h"
#include "partita/report.h"

namespace partita {

/// \brief Runs a crawl from its options to the catalog entry; see Crawl() in partita/job.h.
arrow::Result<CrawlReport> RunCrawlJob(const CrawlOptions& options);

}  // namespace partita
