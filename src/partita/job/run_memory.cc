#include "partita/job/run_memory.h"

#include <chrono>

#include <arrow/result.h>

#include "partita/base/system.h"
#include "partita/catalog.h"
#include "partita/job.h"

namespace partita {
namespace {

constexpr int64_t kMostRuns = 1000;

std::string SourceName(const InputSpec& input) {
  if (input.table.has_value()) {
    return input.table->database + "." + input.table->table;
  }
  std::string name = input.rows != nullptr ? "batches of the program" : "";
  for (const std::string& path : input.paths) {
    name += (name.empty() ? "" : ", ") + path;
  }
  return name;
}

}  // namespace

void DescribeRequest(const WriteOptions& options, JobReport* report) {
  report->start_time_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                              WallClockNow().time_since_epoch())
                              .count();
  report->source = SourceName(options.input);
  report->where = options.input.where;
  report->partition_by = options.partition_by;
  for (const auto& [name, mode] : SaveModes()) {
    if (mode == options.mode) {
      report->mode = name;
    }
  }
}

bool IsWrongCall(const JobReport& report) {
  return report.failure.has_value() &&
         (report.failure->code == ErrorCode::kInvalidConfig ||
          report.failure->code == ErrorCode::kNotFound);
}

arrow::Status RememberRun(const JobReport& report, const std::string& catalog_file) {
  JobReport run = report;
  run.partitions.clear();
  for (OutputReport& output : run.outputs) {
    output.files.clear();
    output.files_replaced.clear();
  }
  if (catalog_file.empty() && DefaultCatalogFile().empty()) {
    return arrow::Status::OK();  // no home, no history: nobody asked for one
  }
  ARROW_ASSIGN_OR_RAISE(const auto history, OpenRunHistory(catalog_file));
  return history->Add(
      {.id = run.job_id,
       .start_time_ms = run.start_time_ms,
       .outcome = run.failure.has_value() ? std::string(ErrorCodeName(run.failure->code))
                                          : "done",
       .report = ToJson(run)},
      kMostRuns);
}

}  // namespace partita
