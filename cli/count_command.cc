#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <arrow/result.h>

#include "cli/command.h"
#include "cli/dataset_text.h"
#include "cli/input_arguments.h"

namespace partita::cli {
namespace {

ExitCode Run(const InputSpec& input) {
  return PrintFromDataset(input, [](Dataset& dataset) -> arrow::Result<std::string> {
    ARROW_ASSIGN_OR_RAISE(const int64_t count, dataset.Count());
    return std::to_string(count) + "\n";
  });
}

}  // namespace

void AddCountCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<InputArguments>();
  CLI::App* command = app.add_subcommand("count", "Print the number of rows");
  AddInputOptions(*command, *arguments);
  AddFilterOptions(*command, *arguments);
  AddExamples(*command,
              {"partita count --table glue_db.electric_vehicle_population_data_csv",
               "partita count out/csv --read-option header=true",
               "partita count --table glue_db.sales --on-type-mismatch null"});
  command->callback([arguments, &action] {
    action = [input = ToInputSpec(*arguments)] { return Run(input); };
  });
}

}  // namespace partita::cli
