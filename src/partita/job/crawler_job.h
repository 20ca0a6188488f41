#pragma once

#include <string>

#include <arrow/result.h>

#include "partita/options.h"
#include "partita/report.h"
#include "partita/store/store.h"

namespace partita {

/// \brief Keeps a crawler in the catalog; see CreateCrawler() in partita/job.h.
arrow::Status KeepCrawler(CrawlerDefinition crawler, const std::string& catalog_file);

/// \brief Runs a crawler of the catalog and keeps the outcome there; see RunCrawler() in partita/job.h.
///
/// A lock beside the catalog file keeps a second run out; it ends with the process.
/// Ownership: borrows the store, which must have local files too.
arrow::Result<CrawlReport> RunCrawlerJob(Store* store, const CrawlerRunOptions& options);

}  // namespace partita
