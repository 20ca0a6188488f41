#include <limits>
#include <memory>

#include <CLI/CLI.hpp>
#include <arrow/result.h>

#include "cli/command.h"
#include "cli/dataset_text.h"
#include "cli/input_arguments.h"
#include "cli/value_checks.h"

namespace partita::cli {
namespace {

struct Arguments {
  InputArguments input;
  int64_t num_rows = 20;
  int truncate = 20;
};

ExitCode Run(const InputSpec& input, int64_t num_rows, int truncate) {
  return PrintFromDataset(
      input, [&](Dataset& dataset) { return dataset.Show(num_rows, truncate); });
}

}  // namespace

void AddShowCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("show", "Print the first rows as Spark's df.show does");
  command->add_option("-n", arguments->num_rows, "Rows to print [20]")
      ->type_name("N")
      ->check(Within(0));
  command
      ->add_option("--truncate", arguments->truncate,
                   "Cut values to so many characters; 0 prints them whole [20]")
      ->type_name("N")
      ->check(Within(0, std::numeric_limits<int>::max()));
  AddInputOptions(*command, arguments->input);
  AddFilterOptions(*command, arguments->input);
  AddExamples(*command,
              {"partita show -n 5 --table glue_db.electric_vehicle_population_data_csv",
               "partita show --truncate 0 out/parquet",
               "partita show --table glue_db.sales --on-type-mismatch string"});
  command->callback([arguments, &action] {
    action = [input = ToInputSpec(arguments->input), arguments] {
      return Run(input, arguments->num_rows, arguments->truncate);
    };
  });
}

}  // namespace partita::cli
