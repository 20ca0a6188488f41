#include "partita/job.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

#include <arrow/result.h>

#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/commit/recovery.h"
#include "partita/config/job_reader.h"
#include "partita/config/job_schema.h"
#include "partita/job/crawl_job.h"
#include "partita/job/crawler_job.h"
#include "partita/job/generate_job.h"
#include "partita/job/verify_job.h"
#include "partita/job/worker_threads.h"
#include "partita/job/write_job.h"
#include "partita/job/write_plan.h"
#include "partita/store/scheme_store.h"

namespace partita {
namespace {

// A pipe is read as well: its size is not known before.
arrow::Result<std::string> ReadText(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(
      std::fopen(path.c_str(), "re"), &std::fclose);
  if (file == nullptr) {
    return SystemError(
        errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kStoreUnavailable, errno,
        "cannot read job file " + path);
  }
  std::string text;
  std::array<char, 4096> piece{};
  size_t size = 0;
  while ((size = std::fread(piece.data(), 1, piece.size(), file.get())) > 0) {
    text.append(piece.data(), size);
  }
  if (std::ferror(file.get()) != 0) {
    return SystemError(ErrorCode::kStoreUnavailable, errno,
                       "cannot read job file " + path);
  }
  return text;
}

}  // namespace

arrow::Result<JobReport> Write(const WriteOptions& options) {
  return WithoutExceptions([&] {
    SchemeStore store(SchemeStore::Options{.side_by_side = &RunSideBySide,
                                           .store_options = options.input.store_options,
                                           .is_commit_unsafe = options.is_commit_unsafe});
    return RunWriteJob(&store, options);
  });
}

arrow::Status CheckOptions(const WriteOptions& options) {
  return WithoutExceptions([&] { return CheckWriteOptions(options); });
}

arrow::Result<RecoveryReport> Recover(const RecoverOptions& options) {
  return WithoutExceptions([&]() -> arrow::Result<RecoveryReport> {
    ARROW_RETURN_NOT_OK(CheckStoreOptions(options.store_options));
    SchemeStore store(SchemeStore::Options{.side_by_side = &RunSideBySide,
                                           .store_options = options.store_options,
                                           .is_commit_unsafe = options.is_commit_unsafe});
    return Recover(&store, options.path, options.is_dry_run, Durability::kFull,
                   &RunSideBySide);
  });
}

arrow::Result<VerifyReport> Verify(const VerifyOptions& options) {
  return WithoutExceptions([&]() -> arrow::Result<VerifyReport> {
    ARROW_RETURN_NOT_OK(CheckStoreOptions(options.store_options));
    SchemeStore store(SchemeStore::Options{.side_by_side = &RunSideBySide,
                                           .store_options = options.store_options,
                                           .stop = options.stop});
    return RunVerifyJob(&store, options);
  });
}

arrow::Result<CrawlReport> Crawl(const CrawlOptions& options) {
  return WithoutExceptions([&]() -> arrow::Result<CrawlReport> {
    ARROW_RETURN_NOT_OK(CheckStoreOptions(options.store_options));
    SchemeStore store(SchemeStore::Options{.side_by_side = &RunSideBySide,
                                           .store_options = options.store_options,
                                           .stop = options.stop});
    return RunCrawlJob(&store, options);
  });
}

arrow::Status CreateCrawler(const CrawlerDefinition& crawler,
                            const std::string& catalog_file) {
  return WithoutExceptions([&] { return KeepCrawler(crawler, catalog_file); });
}

arrow::Result<CrawlReport> RunCrawler(const CrawlerRunOptions& options) {
  return WithoutExceptions([&]() -> arrow::Result<CrawlReport> {
    ARROW_RETURN_NOT_OK(CheckStoreOptions(options.store_options));
    SchemeStore store(SchemeStore::Options{.side_by_side = &RunSideBySide,
                                           .store_options = options.store_options,
                                           .stop = options.stop});
    return RunCrawlerJob(&store, options);
  });
}

arrow::Result<GenerateReport> Generate(const GenerateOptions& options) {
  return WithoutExceptions([&]() -> arrow::Result<GenerateReport> {
    ARROW_RETURN_NOT_OK(CheckStoreOptions(options.store_options));
    SchemeStore store(SchemeStore::Options{.store_options = options.store_options});
    return RunGenerateJob(&store, options);
  });
}

arrow::Result<JobFile> ReadJobFile(const std::string& path,
                                   const std::vector<std::string>& overrides) {
  return WithoutExceptions([&]() -> arrow::Result<JobFile> {
    ARROW_ASSIGN_OR_RAISE(const std::string text, ReadText(path));
    return ReadJob(text, path, overrides);
  });
}

std::string JobFileSchema() { return JobSchema(); }

}  // namespace partita
