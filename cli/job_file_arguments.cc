#include "cli/job_file_arguments.h"

#include <CLI/CLI.hpp>

namespace partita::cli {

void AddJobFileOptions(CLI::App& command, JobFileArguments& arguments) {
  command.add_option("JOB", arguments.path, "The job file, TOML (docs/format/job.md)")
      ->required()
      ->type_name("");
  command
      .add_option("--set", arguments.overrides,
                  "Value to use instead of the file's, such as write.mode=append or "
                  "'output[0].path=out'; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void AddDryRunOption(CLI::App& command, bool& dry_run) {
  command.add_flag("--dry-run", dry_run,
                   "Read and encode everything, but write nothing: say what would be "
                   "written and removed");
}

}  // namespace partita::cli
