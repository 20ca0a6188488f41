#include <memory>

#include <CLI/CLI.hpp>
#include <arrow/result.h>

#include "partita/job.h"

#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/input_arguments.h"

namespace partita::cli {
namespace {

struct Arguments {
  RecoverOptions options;
  std::vector<std::string> store_options;
};

ExitCode Run(const RecoverOptions& options) {
  const arrow::Result<RecoveryReport> report = Recover(options);
  if (!report.ok()) {
    return Fail(report.status());
  }
  Print((options.is_dry_run ? "dry run, nothing is changed; outcome would be: " : "") +
        ToText(*report));
  return ExitCode::kOk;
}

}  // namespace

void AddRecoverCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  RecoverOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand(
      "recover", "Heal an output whose writer has died; every write does so by itself");
  command->add_option("PATH", options.path, "The output's folder, local or of S3")
      ->required()
      ->type_name("");
  command->add_flag("--dry-run", options.is_dry_run,
                    "Say what would be done, change nothing");
  AddStoreOptions(*command, arguments->store_options);
  AddUnsafeCommitOption(*command, options.is_commit_unsafe);
  AddExamples(*command,
              {"partita recover out/parquet", "partita recover --dry-run out/parquet",
               "partita recover s3://lake/by_make"});
  command->callback([arguments, &action] {
    arguments->options.store_options = ToStoreOptions(arguments->store_options);
    action = [arguments] { return Run(arguments->options); };
  });
}

}  // namespace partita::cli
