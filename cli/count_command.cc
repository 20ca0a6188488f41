#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <arrow/result.h>

#include "partita/dataset.h"

#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/input_arguments.h"

namespace partita::cli {
namespace {

ExitCode Run(const InputSpec& input) {
  auto dataset = Dataset::Open(input);
  if (!dataset.ok()) {
    return Fail(dataset.status());
  }
  const arrow::Result<int64_t> count = (*dataset)->Count();
  if (!count.ok()) {
    return Fail(count.status());
  }
  Print(std::to_string(*count) + "\n");
  return ExitCode::kOk;
}

}  // namespace

void AddCountCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<InputArguments>();
  CLI::App* command = app.add_subcommand("count", "Print the number of rows");
  AddInputOptions(*command, *arguments, InputPaths::kOne);
  AddExamples(*command,
              {"partita count --table glue_db.electric_vehicle_population_data_csv",
               "partita count out/csv --read-option header=true"});
  command->callback([arguments, &action] {
    action = [input = ToInputSpec(*arguments)] { return Run(input); };
  });
}

}  // namespace partita::cli
