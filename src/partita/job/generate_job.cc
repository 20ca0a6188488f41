#include "partita/job/generate_job.h"

#include <algorithm>
#include <chrono>

#include <arrow/io/interfaces.h>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/generate/register_generator.h"
#include "partita/job/progress_meter.h"
#include "partita/store/local_store.h"
#include "partita/store/path.h"

namespace partita {
namespace {

constexpr int64_t kRowsPerBlock = 8192;

arrow::Status WriteRows(const GenerateOptions& options,
                        const RegisterGenerator& generator,
                        arrow::io::OutputStream* out) {
  ProgressMeter progress(options.on_progress);
  progress.Begin(Progress::Stage::kWriting, 0);
  std::string block(RegisterGenerator::Header());
  for (int64_t row = 0; row < options.num_rows; row += kRowsPerBlock) {
    if (options.stop.stop_requested()) {
      return Error(ErrorCode::kCancelled,
                   "stopped on request; the unfinished file is removed");
    }
    const int64_t last = std::min(row + kRowsPerBlock, options.num_rows);
    generator.AppendRows(row, last, &block);
    ARROW_RETURN_NOT_OK(out->Write(block.data(), static_cast<int64_t>(block.size())));
    progress.AddWritten(last - row, static_cast<int64_t>(block.size()));
    block.clear();
  }
  return out->Write(block.data(), static_cast<int64_t>(block.size()));
}

}  // namespace

arrow::Result<GenerateReport> RunGenerateJob(const GenerateOptions& options) {
  const auto start = SteadyNow();
  if (options.num_rows < 0) {
    return Error(ErrorCode::kInvalidConfig, "the number of rows is 0 or more, not {}",
                 options.num_rows);
  }
  ARROW_ASSIGN_OR_RAISE(const RegisterGenerator generator,
                        RegisterGenerator::Make(options.seed, options.num_partitions));
  LocalStore store;
  ARROW_ASSIGN_OR_RAISE(const std::string path, LocalPath(options.path));
  if (!options.force) {
    ARROW_ASSIGN_OR_RAISE(const EntryInfo there, store.Stat(path));
    if (there.kind != EntryKind::kMissing) {
      return Error(ErrorCode::kAlreadyExists,
                   "the file exists; choose another name, or --force to replace it: {}",
                   path);
    }
  }
  // Written beside its place and moved there whole: a file of that name stays until then.
  const std::string unfinished =
      JoinPath(ParentPath(path), fmt::format(".{}.{}", FileName(path), RandomUuid()));
  ARROW_ASSIGN_OR_RAISE(auto out, store.Create(unfinished, {}));
  arrow::Status status = WriteRows(options, generator, out.get());
  GenerateReport report{.num_rows = options.num_rows, .bytes = out->Tell().ValueOr(0)};
  if (status.ok()) {
    status = out->Close();
  }
  if (status.ok()) {
    status = options.force ? store.ReplaceFile(unfinished, path)
                           : store.Rename(unfinished, path);
  }
  if (!status.ok()) {
    // Of two failures the first one matters.
    (void)out->Abort();
    (void)store.RemoveFile(unfinished);
    return status;
  }
  report.seconds = std::chrono::duration<double>(SteadyNow() - start).count();
  return report;
}

}  // namespace partita
