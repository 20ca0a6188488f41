#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "partita/job.h"

#include "cli/command.h"
#include "cli/input_arguments.h"
#include "cli/job_run.h"
#include "cli/value_checks.h"

namespace partita::cli {
namespace {

struct Arguments {
  GenerateOptions options;
  std::vector<std::string> store_options;
  LogArguments log;
};

ExitCode Run(const Arguments& arguments) {
  const arrow::Result<GenerateReport> result =
      RunJob(&Generate, arguments.options, arguments.log);
  if (!result.ok()) {
    return Fail(result.status());
  }
  const GenerateReport& report = *result;
  if (!arguments.log.quiet) {
    Print(fmt::format("wrote {}, {} to {} in {:.2f} s\n", Counted(report.num_rows, "row"),
                      Counted(report.bytes, "byte"), arguments.options.path,
                      report.seconds));
  }
  return ExitCode::kOk;
}

}  // namespace

void AddGenerateCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  GenerateOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand(
      "generate", "Write a CSV file shaped like the register of electric vehicles");
  command->add_option("OUT.csv", options.path, "File to write, local or of S3")
      ->required()
      ->type_name("");
  command->add_option("--rows", options.num_rows, "Rows after the header [1000000]")
      ->type_name("N")
      ->check(Within(0));
  command->add_option("--seed", options.seed, "Same seed and options, same bytes [1]")
      ->type_name("S");
  command
      ->add_option("--partitions", options.num_partitions,
                   "Uniform pairs of Model Year and Make instead of the register's skew")
      ->type_name("P")
      ->check(Within(1));
  command->add_flag("--force", options.force, "Replace a file that is there");
  AddStoreOptions(*command, arguments->store_options);
  AddLogOptions(*command, arguments->log);
  AddExamples(*command, {"partita generate --rows 1000000 ev.csv",
                         "partita generate --rows 1000000 --partitions 10000 many.csv",
                         "partita generate --rows 1000000 s3://lake/in/ev.csv"});
  command->callback([arguments, &action] {
    arguments->options.store_options = ToStoreOptions(arguments->store_options);
    action = [arguments] { return Run(*arguments); };
  });
}

}  // namespace partita::cli
