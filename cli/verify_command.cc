#include <memory>

#include <CLI/CLI.hpp>
#include <arrow/result.h>

#include "partita/job.h"

#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/input_arguments.h"
#include "cli/stop_signals.h"
#include "cli/value_checks.h"

namespace partita::cli {
namespace {

struct Arguments {
  VerifyOptions options;
  std::vector<std::string> store_options;
  bool json = false;
};

ExitCode Run(const Arguments& arguments) {
  VerifyOptions options = arguments.options;
  const StopSignals signals;
  options.stop = signals.token();
  const arrow::Result<VerifyReport> report = Verify(options);
  if (!report.ok()) {
    return Fail(report.status());
  }
  Print(arguments.json ? ToJson(*report) + "\n" : ToText(*report));
  return report->problems.empty() ? ExitCode::kOk : ExitCode::kInputData;
}

}  // namespace

void AddVerifyCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "verify", "Compare a data set with what its last commit recorded");
  command
      ->add_option("PATH", arguments->options.path,
                   "The data set's folder, local or of S3")
      ->required()
      ->type_name("");
  command->add_flag("--fast", arguments->options.is_fast,
                    "Presence and sizes only; read no file");
  command
      ->add_option("--threads", arguments->options.threads,
                   "Files read at a time [all cores; 16 on S3]")
      ->type_name("N")
      ->check(Within(1, 1024));
  command->add_flag("--json", arguments->json, "Print one JSON object");
  AddStoreOptions(*command, arguments->store_options);
  AddExamples(*command,
              {"partita verify out/parquet", "partita verify --fast --json out/csv",
               "partita verify s3://lake/by_make"});
  command->callback([arguments, &action] {
    arguments->options.store_options = ToStoreOptions(arguments->store_options);
    action = [arguments] { return Run(*arguments); };
  });
}

}  // namespace partita::cli
