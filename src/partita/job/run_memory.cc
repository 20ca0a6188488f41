#include "partita/job/run_memory.h"

#include <chrono>
#include <utility>
#include <vector>

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

// The lists may be too large for a second copy of them.
std::string JsonWithoutLists(JobReport* report) {
  std::vector<PartitionReport> partitions = std::exchange(report->partitions, {});
  std::vector<std::vector<FileReport>> files;
  for (OutputReport& output : report->outputs) {
    files.push_back(std::exchange(output.files, {}));
  }
  std::string json = ToJson(*report);
  report->partitions = std::move(partitions);
  for (size_t i = 0; i < files.size(); ++i) {
    report->outputs[i].files = std::move(files[i]);
  }
  return json;
}

}  // namespace

void DescribeRequest(const WriteOptions& options, JobReport* report) {
  report->start_time_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                              WallClockNow().time_since_epoch())
                              .count();
  report->source = SourceName(options.input);
  report->where = options.input.where;
  report->select = options.input.select;
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

arrow::Status RememberRun(JobReport* report, const std::string& catalog_file) {
  if (catalog_file.empty() && DefaultCatalogFile().empty()) {
    return arrow::Status::OK();  // no home, no history: nobody asked for one
  }
  ARROW_ASSIGN_OR_RAISE(const auto history, OpenRunHistory(catalog_file));
  const auto& failure = report->failure;
  return history->Add(
      {.id = report->job_id,
       .start_time_ms = report->start_time_ms,
       .outcome =
           failure.has_value() ? std::string(ErrorCodeName(failure->code)) : "done",
       .report = JsonWithoutLists(report)},
      kMostRuns);
}

}  // namespace partita
