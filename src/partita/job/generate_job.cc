#include "partita/job/generate_job.h"

#include <algorithm>
#include <chrono>

#include <arrow/io/interfaces.h>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/generate/register_generator.h"
#include "partita/job/progress_meter.h"
#include "partita/job/whole_file.h"

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

arrow::Result<GenerateReport> RunGenerateJob(Store* store,
                                             const GenerateOptions& options) {
  const auto start = SteadyNow();
  if (options.num_rows < 0) {
    return Error(ErrorCode::kInvalidConfig, "the number of rows is 0 or more, not {}",
                 options.num_rows);
  }
  ARROW_ASSIGN_OR_RAISE(const RegisterGenerator generator,
                        RegisterGenerator::Make(options.seed, options.num_partitions));
  ARROW_ASSIGN_OR_RAISE(const std::string path, WholeFilePath(options.path));
  if (!options.force) {
    ARROW_ASSIGN_OR_RAISE(const EntryInfo there, store->Stat(path));
    if (there.kind != EntryKind::kMissing) {
      return Error(ErrorCode::kAlreadyExists,
                   "the file exists; choose another name, or --force to replace it: {}",
                   path);
    }
  }
  GenerateReport report{.num_rows = options.num_rows};
  ARROW_RETURN_NOT_OK(WriteWholeFile(
      store, path, options.force ? IfThere::kReplace : IfThere::kRefuse,
      [&](const std::shared_ptr<arrow::io::OutputStream>& out) -> arrow::Status {
        ARROW_RETURN_NOT_OK(WriteRows(options, generator, out.get()));
        return out->Tell().Value(&report.bytes);
      }));
  report.seconds = std::chrono::duration<double>(SteadyNow() - start).count();
  return report;
}

}  // namespace partita
