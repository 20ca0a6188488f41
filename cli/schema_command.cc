#include <memory>

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
  const arrow::Result<std::string> tree = (*dataset)->SchemaTree();
  if (!tree.ok()) {
    return Fail(tree.status());
  }
  Print(*tree);
  return ExitCode::kOk;
}

}  // namespace

void AddSchemaCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<InputArguments>();
  CLI::App* command =
      app.add_subcommand("schema", "Print columns and types as Spark's printSchema does");
  AddInputOptions(*command, *arguments, InputPaths::kOne);
  AddExamples(*command,
              {"partita schema --table glue_db.electric_vehicle_population_data_csv",
               "partita schema out/parquet"});
  command->callback([arguments, &action] {
    action = [input = ToInputSpec(*arguments)] { return Run(input); };
  });
}

}  // namespace partita::cli
