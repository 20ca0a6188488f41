#include "partita/job.h"

#include <charconv>
#include <cmath>

#include <arrow/result.h>

#include "partita/base/error.h"
#include "partita/base/exception_guard.h"
#include "partita/commit/recovery.h"
#include "partita/job/crawl_job.h"
#include "partita/job/generate_job.h"
#include "partita/job/verify_job.h"
#include "partita/job/worker_threads.h"
#include "partita/job/write_job.h"
#include "partita/model/data_type.h"
#include "partita/store/local_store.h"

namespace partita {
namespace {

arrow::Status BadByteSize(std::string_view text) {
  return Error(ErrorCode::kInvalidConfig,
               "not a size; write for example 256MiB, 1.5g or 1048576: \"{}\"", text);
}

}  // namespace

arrow::Result<JobReport> Write(const WriteOptions& options) {
  return WithoutExceptions([&] { return RunWriteJob(options); });
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

arrow::Result<TableName> ParseTableName(std::string_view text) {
  const size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) {
    return Error(ErrorCode::kInvalidConfig, "a table is named DATABASE.TABLE, not \"{}\"",
                 text);
  }
  return TableName{.database = LowerAscii(text.substr(0, dot)),
                   .table = LowerAscii(text.substr(dot + 1))};
}

arrow::Result<int64_t> ParseByteSize(std::string_view text) {
  double amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(),
                                            amount, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(amount) || amount < 0) {
    return BadByteSize(text);
  }
  std::string unit = LowerAscii(text.substr(static_cast<size_t>(end - text.data())));
  const bool has_prefix = !unit.empty() && unit != "b";
  constexpr std::string_view kPrefixes = "kmgt";
  double factor = 1;
  if (has_prefix) {
    const size_t power = kPrefixes.find(unit.front());
    const std::string_view rest = std::string_view{unit}.substr(1);
    if (power == std::string_view::npos ||
        !(rest.empty() || rest == "b" || rest == "ib")) {
      return BadByteSize(text);
    }
    factor = std::pow(1024.0, static_cast<double>(power + 1));
  }
  const double bytes = amount * factor;
  if (bytes > 9e18) {
    return BadByteSize(text);
  }
  return static_cast<int64_t>(bytes);
}

}  // namespace partita
