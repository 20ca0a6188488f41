#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <arrow/result.h>

#include "partita/job.h"

#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/input_arguments.h"
#include "cli/stop_signals.h"

namespace partita::cli {
namespace {

struct Arguments {
  DoctorOptions options;
  std::vector<std::string> store_options;
  bool json = false;
};

ExitCode Run(const Arguments& arguments) {
  DoctorOptions options = arguments.options;
  const StopSignals signals;
  options.stop = signals.token();
  const arrow::Result<DoctorReport> report = Diagnose(options);
  if (!report.ok()) {
    return Fail(report.status());
  }
  Print(arguments.json ? ToJson(*report) + "\n" : ToText(*report));
  const bool has_failed =
      std::ranges::any_of(report->checks, [](const DoctorCheck& check) {
        return check.outcome == DoctorCheck::Outcome::kFailed;
      });
  return has_failed ? ExitCode::kStore : ExitCode::kOk;
}

}  // namespace

void AddDoctorCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "doctor",
      "Look whether jobs can write to a path, and say what they lack; changes nothing");
  command
      ->add_option("PATH", arguments->options.path,
                   "Folder of a data set, there or not, local or of S3")
      ->required()
      ->type_name("");
  command->add_flag("--json", arguments->json,
                    "Print one JSON object (docs/format/doctor.md)");
  AddStoreOptions(*command, arguments->store_options);
  AddExamples(*command, {"partita doctor out/parquet", "partita doctor s3://lake/by_make",
                         "partita doctor --json s3://lake/by_make \\",
                         "    --store-option endpoint=http://127.0.0.1:9000"});
  command->callback([arguments, &action] {
    arguments->options.store_options = ToStoreOptions(arguments->store_options);
    action = [arguments] { return Run(*arguments); };
  });
}

}  // namespace partita::cli
