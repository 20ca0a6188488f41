#include <memory>

#include <CLI/CLI.hpp>
#include <arrow/result.h>

#include "cli/command.h"
#include "cli/dataset_text.h"
#include "cli/input_arguments.h"

namespace partita::cli {
namespace {

ExitCode Run(const InputSpec& input) {
  return PrintFromDataset(input, [](Dataset& dataset) { return dataset.SchemaTree(); });
}

}  // namespace

void AddSchemaCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<InputArguments>();
  CLI::App* command =
      app.add_subcommand("schema", "Print columns and types as Spark's printSchema does");
  AddInputOptions(*command, *arguments);
  AddExamples(*command,
              {"partita schema --table glue_db.electric_vehicle_population_data_csv",
               "partita schema --table glue_db.sales --on-type-mismatch string",
               "partita schema out/parquet"});
  command->callback([arguments, &action] {
    action = [input = ToInputSpec(*arguments)] { return Run(input); };
  });
}

}  // namespace partita::cli
