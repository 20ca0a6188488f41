#include "partita/job.h"

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/commit/recovery.h"
#include "partita/config/job_reader.h"
#include "partita/config/job_schema.h"
#include "partita/job/crawl_job.h"
#include "partita/job/generate_job.h"
#include "partita/job/verify_job.h"
#include "partita/job/worker_threads.h"
#include "partita/job/write_job.h"
#include "partita/store/local_store.h"
#include "partita/store/path.h"

namespace partita {
arrow::Result<JobReport> Write(const WriteOptions& options) {
  return WithoutExceptions([&] { return RunWriteJob(options); });
}

arrow::Status CheckOptions(const WriteOptions& options) {
  return WithoutExceptions([&] { return CheckWriteOptions(options); });
}

arrow::Result<RecoveryReport> Recover(const RecoverOptions& options) {
  return WithoutExceptions([&] {
    LocalStore store(&RunSideBySide);
    return Recover(&store, options.path, options.is_dry_run);
  });
}

arrow::Result<VerifyReport> Verify(const VerifyOptions& options) {
  return WithoutExceptions([&] {
    LocalStore store;
    return RunVerifyJob(&store, options);
  });
}

arrow::Result<CrawlReport> Crawl(const CrawlOptions& options) {
  return WithoutExceptions([&] { return RunCrawlJob(options); });
}

arrow::Result<GenerateReport> Generate(const GenerateOptions& options) {
  return WithoutExceptions([&] { return RunGenerateJob(options); });
}

arrow::Result<JobFile> ReadJobFile(const std::string& path,
                                   const std::vector<std::string>& overrides) {
  return WithoutExceptions([&]() -> arrow::Result<JobFile> {
    LocalStore store;
    ARROW_ASSIGN_OR_RAISE(const std::string place, LocalPath(path));
    ARROW_ASSIGN_OR_RAISE(const auto file, store.OpenForReading(place));
    const auto text = [&]() -> arrow::Result<std::string> {
      ARROW_ASSIGN_OR_RAISE(const int64_t size, file->GetSize());
      ARROW_ASSIGN_OR_RAISE(const auto bytes, file->ReadAt(0, size));
      return bytes->ToString();
    }();
    if (!text.ok()) {
      return Classify(text.status(), ErrorCode::kStoreUnavailable);
    }
    return ReadJob(*text, path, overrides);
  });
}

std::string JobFileSchema() { return JobSchema(); }

}  // namespace partita
