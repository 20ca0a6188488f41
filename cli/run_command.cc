#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <arrow/result.h>

#include "partita/job.h"

#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/input_arguments.h"
#include "cli/job_file_arguments.h"
#include "cli/write_run.h"

namespace partita::cli {
namespace {

struct Arguments {
  JobFileArguments file;
  bool dry_run = false;
  LogArguments log;
};

ExitCode Run(const Arguments& arguments) {
  arrow::Result<JobFile> job = ReadJobFile(arguments.file.path, arguments.file.overrides);
  if (!job.ok()) {
    return Fail(job.status());
  }
  job->write.is_dry_run = arguments.dry_run;
  return RunWrite(std::move(job->write), job->report_file, arguments.log);
}

}  // namespace

void AddRunCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("run", "Run the write that a job file describes");
  AddJobFileOptions(*command, arguments->file);
  AddDryRunOption(*command, arguments->dry_run);
  AddLogOptions(*command, arguments->log);
  AddExamples(
      *command,
      {"partita run examples/ev_population.toml",
       "partita run job.toml --set write.mode=append --set \"source.where=State = "
       "'WA'\"",
       "partita run job.toml --set 'output[0].path=/data/parquet' --dry-run"});
  command->callback(
      [arguments, &action] { action = [arguments] { return Run(*arguments); }; });
}

}  // namespace partita::cli
