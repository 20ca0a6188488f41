#include "partita/job/crawler_job.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/base/hash.h"
#include "partita/base/system.h"
#include "partita/catalog.h"
#include "partita/job/crawl_job.h"
#include "partita/store/folder_store.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr int64_t kMostCrawls = 100;

arrow::Status IsRunning(const std::string& crawler, Store* store,
                        const std::string& lock_path) {
  const auto holder = ReadFile(store, lock_path);
  return Error(ErrorCode::kCommitConflict,
               "the crawler is running already; wait until that crawl has ended: {}, {}",
               crawler, holder.ok() && !holder->empty() ? *holder : "another process");
}

arrow::Result<std::unique_ptr<StoreLock>> LockCrawler(Store* store,
                                                      const std::string& catalog_file,
                                                      const std::string& crawler) {
  ARROW_ASSIGN_OR_RAISE(
      const std::string catalog,
      LocalPath(catalog_file.empty() ? DefaultCatalogFile() : catalog_file));
  const std::string path = fmt::format("{}-crawler-{:016x}", catalog, Hash64(crawler));
  ARROW_ASSIGN_OR_RAISE(Store* const local, store->At(path));
  FolderStore* const folders = local->AsFolderStore();
  if (folders == nullptr) {
    return Error(ErrorCode::kInternal, "a local store is needed to lock {}", path);
  }
  ARROW_ASSIGN_OR_RAISE(std::unique_ptr<StoreLock> lock, folders->TryLock(path));
  if (lock == nullptr) {
    return IsRunning(crawler, local, path);
  }
  ARROW_RETURN_NOT_OK(lock->SetText(ProcessName()));
  return lock;
}

CrawlReport FailedReport(const CrawlerDefinition& crawler, int64_t start_time_ms,
                         const arrow::Status& status) {
  CrawlReport report;
  report.id = RandomUuid();
  report.start_time_ms = start_time_ms;
  report.crawler = crawler.name;
  report.database = crawler.database;
  report.failure = {.code = CodeOf(status), .message = status.message()};
  return report;
}

arrow::Status Keep(const CrawlReport& report, CrawlerRegistry* registry) {
  const auto& failure = report.failure;
  return registry->AddCrawl(
      report.crawler,
      {.id = report.id,
       .start_time_ms = report.start_time_ms,
       .outcome =
           failure.has_value() ? std::string(ErrorCodeName(failure->code)) : "done",
       .report = ToJson(report)},
      kMostCrawls);
}

}  // namespace

arrow::Status KeepCrawler(CrawlerDefinition crawler, const std::string& catalog_file) {
  ARROW_RETURN_NOT_OK(CheckCrawlerDefinition(crawler));
  for (std::string& target : crawler.targets) {
    ARROW_ASSIGN_OR_RAISE(target, AbsolutePath(target));
  }
  ARROW_ASSIGN_OR_RAISE(const auto registry, OpenCrawlerRegistry(catalog_file));
  return registry->Create(crawler);
}

arrow::Result<CrawlReport> RunCrawlerJob(Store* store, const CrawlerRunOptions& options) {
  CrawlOptions crawl{.with_reasons = options.with_reasons,
                     .catalog_file = options.catalog_file,
                     .store_options = options.store_options,
                     .threads = options.threads,
                     .on_progress = options.on_progress,
                     .stop = options.stop};
  {
    // Looked for first in a file as it is: who misspells a name makes no catalog.
    ARROW_ASSIGN_OR_RAISE(const auto existing,
                          OpenExistingCrawlerRegistry(options.catalog_file));
    ARROW_RETURN_NOT_OK(existing->Get(options.name).status());
  }
  ARROW_ASSIGN_OR_RAISE(const auto registry, OpenCrawlerRegistry(options.catalog_file));
  ARROW_ASSIGN_OR_RAISE(const auto lock,
                        LockCrawler(store, options.catalog_file, options.name));
  ARROW_ASSIGN_OR_RAISE(crawl.crawler, registry->Get(options.name));
  const int64_t start_time_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                                    WallClockNow().time_since_epoch())
                                    .count();
  auto report = WithoutExceptions([&] { return RunCrawlJob(store, crawl); });
  arrow::Status kept = Keep(
      report.ok() ? *report : FailedReport(crawl.crawler, start_time_ms, report.status()),
      registry.get());
  kept = kept.ok() ? lock->Remove() : kept;
  if (report.ok() && !kept.ok()) {  // what the crawl did is done
    report->notes.push_back("the run is not kept in the catalog: " + kept.message());
  }
  return report;
}

}  // namespace partita
