#include <memory>

#include <CLI/CLI.hpp>
#include <arrow/result.h>

#include "partita/job.h"

#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/input_arguments.h"
#include "cli/job_file_arguments.h"

namespace partita::cli {
namespace {

ExitCode Check(const JobFileArguments& arguments) {
  const arrow::Result<JobFile> job = ReadJobFile(arguments.path, arguments.overrides);
  if (!job.ok()) {
    return Fail(job.status());
  }
  const arrow::Status checked = CheckOptions(job->write);
  if (!checked.ok()) {
    return Fail(checked);
  }
  Print(arguments.path + ": no mistake found\n");
  return ExitCode::kOk;
}

}  // namespace

void AddConfigCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<JobFileArguments>();
  CLI::App* command = app.add_subcommand("config", "Check job files");
  command->require_subcommand(1);
  CLI::App* check = command->add_subcommand(
      "check", "Look for mistakes in a job file, without looking at data");
  AddJobFileOptions(*check, *arguments);
  AddExamples(*check, {"partita config check examples/ev_population.toml"});
  check->callback(
      [arguments, &action] { action = [arguments] { return Check(*arguments); }; });
  CLI::App* schema =
      command->add_subcommand("schema", "Print a JSON schema of job files, for editors");
  AddExamples(*schema, {"partita config schema > partita-job.schema.json"});
  schema->callback([&action] {
    action = [] {
      Print(JobFileSchema());
      return ExitCode::kOk;
    };
  });
}

}  // namespace partita::cli
