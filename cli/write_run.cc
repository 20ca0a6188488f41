#include "cli/write_run.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include "partita/job.h"

#include "cli/job_run.h"
#include "cli/waiting_text.h"

namespace partita::cli {
namespace {

// A job should not run for an hour to find then that its report has no place. Leaves what is there as it is.
std::string ReportProblem(const std::string& path) {
  if (IsOnS3(path)) {
    return "a report is a local file; choose another than " + path;
  }
  const auto told = [&path](int error) {
    return fmt::format("the report cannot be written to {}: {}", path,
                       std::generic_category().message(error));
  };
  std::error_code ignored;
  const std::filesystem::file_status there = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there) &&
      !std::filesystem::is_directory(there)) {
    return "";  // a pipe or a terminal: opening it would be noticed at the other end
  }
  std::FILE* file = std::fopen(path.c_str(), "ae");
  if (file == nullptr) {
    return told(errno);
  }
  (void)std::fclose(file);
  if (!std::filesystem::exists(there)) {
    std::filesystem::remove(path, ignored);
  }
  return "";
}

// Why the report could not be written; nothing if it was.
std::string WriteReport(const std::string& path, const std::string& json) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  bool is_written =
      file != nullptr && std::fwrite(json.data(), 1, json.size(), file) == json.size();
  int error = errno;
  if (file != nullptr && std::fclose(file) != 0) {
    is_written = false;
    error = errno;
  }
  return is_written ? ""
                    : fmt::format("the report cannot be written to {}: {}", path,
                                  std::generic_category().message(error));
}

void TellWarnings(const JobReport& report) {
  for (const std::string& warning : report.warnings) {
    spdlog::warn(OneLine(warning));
  }
}

// The job's own failure decides the exit status.
void SaveFailure(const JobReport& report, const std::string& path) {
  if (path == "-") {
    Print(ToJson(report));
  } else if (!path.empty()) {
    const std::string problem = WriteReport(path, ToJson(report));
    if (!problem.empty()) {
      spdlog::warn(OneLine(problem));
    }
  }
}

}  // namespace

ExitCode RunWrite(WriteOptions options, const std::string& report_file,
                  const LogArguments& log) {
  options.is_remembered = true;
  options.with_details = !report_file.empty();
  if (!report_file.empty() && report_file != "-") {
    options.own_files = {report_file};
    const std::string problem = ReportProblem(report_file);
    if (!problem.empty()) {
      return Fail(ExitCode::kConfiguration, problem);
    }
  }
  JobReport failed;
  options.on_failure = [&failed](const JobReport& report) { failed = report; };
  const arrow::Result<JobReport> result = RunJob(&Write, options, log);
  if (!result.ok()) {
    TellWarnings(failed);
    const ExitCode code = Fail(result.status());
    // A wrong call was no job, and may have named a wrong place for the report.
    if (failed.failure.has_value() && code != ExitCode::kConfiguration) {
      SaveFailure(failed, report_file);
    }
    return code;
  }
  TellWarnings(*result);
  if (!log.quiet && report_file != "-") {
    Print(ToText(*result));
  }
  if (report_file == "-") {
    Print(ToJson(*result));
  } else if (!report_file.empty()) {
    const std::string problem = WriteReport(report_file, ToJson(*result));
    if (!problem.empty()) {
      return Fail(
          ExitCode::kStore,
          (result->is_dry_run ? "" : "the outputs are committed, but ") + problem);
    }
  }
  return ExitCode::kOk;
}

}  // namespace partita::cli
