#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <arrow/io/stdio.h>
#include <arrow/record_batch.h>
#include <arrow/result.h>

#include "partita/dataset.h"

#include "cli/command.h"
#include "cli/dataset_text.h"
#include "cli/diagnostics.h"
#include "cli/input_arguments.h"
#include "cli/stop_signals.h"
#include "cli/value_checks.h"

namespace partita::cli {
namespace {

constexpr int64_t kRowsOfATable = 20;

struct Arguments {
  InputArguments input;
  int64_t limit = -1;
  std::string format = "table";
  std::string output;
  int threads = 0;
  bool explain = false;
};

arrow::Status WriteFile(Dataset* dataset, const Arguments& arguments) {
  const StopSignals signals;
  ARROW_ASSIGN_OR_RAISE(const auto rows,
                        dataset->Scan(arguments.threads, signals.token()));
  return WriteRowsToFile(rows.get(), arguments.format, arguments.limit, arguments.output,
                         ToStoreOptions(arguments.input.store_options));
}

arrow::Status WriteToStdout(Dataset* dataset, const Arguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const auto rows, dataset->Scan(arguments.threads, {}));
  return WriteRows(rows.get(), arguments.format, arguments.limit,
                   std::make_shared<arrow::io::StdoutStream>());
}

arrow::Status Explain(Dataset* dataset, const Arguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const ScanPlanReport report, dataset->Explain());
  Print(arguments.format == "json" ? ToJson(report) + "\n" : ToText(report));
  return arrow::Status::OK();
}

arrow::Status ShowTable(Dataset* dataset, const Arguments& arguments) {
  const int64_t limit = arguments.limit < 0 ? kRowsOfATable : arguments.limit;
  ARROW_ASSIGN_OR_RAISE(const std::string text, dataset->Show(limit, 0));
  Print(text);
  return arrow::Status::OK();
}

ExitCode Run(const InputSpec& input, const Arguments& arguments) {
  const auto dataset = Dataset::Open(input);
  if (!dataset.ok()) {
    return Fail(dataset.status());
  }
  TellLeftOut(**dataset);
  auto* const run = arguments.explain             ? Explain
                    : arguments.format == "table" ? ShowTable
                    : arguments.output.empty()    ? WriteToStdout
                                                  : WriteFile;
  const arrow::Status status = run(dataset->get(), arguments);
  TellRetypedColumns(**dataset);
  TellMalformedRows(**dataset);
  return status.ok() ? ExitCode::kOk : Fail(status);
}

void CheckOutput(const Arguments& arguments) {
  if (arguments.output.empty()) {
    return;
  }
  if (arguments.format == "table") {
    throw CLI::ValidationError("--output", "needs --format csv, json, parquet or arrow");
  }
  if (std::filesystem::exists(arguments.output)) {
    throw CLI::ValidationError("--output",
                               "the file exists; remove it first: " + arguments.output);
  }
}

}  // namespace

void AddScanCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("scan", "Read rows, skipping what a condition rules out");
  AddInputOptions(*command, arguments->input);
  AddFilterOptions(*command, arguments->input);
  command
      ->add_option("--limit", arguments->limit,
                   "Rows at most [all; 20 with --format table]")
      ->type_name("N")
      ->check(Within(0));
  command
      ->add_option("--format", arguments->format,
                   "table, csv, json, parquet or arrow (IPC stream) [table]")
      ->type_name("FORMAT")
      ->check(OneOf({"table", "csv", "json", "parquet", "arrow"}));
  command
      ->add_option("--output", arguments->output,
                   "File to write, local or of S3; default: standard output")
      ->type_name("FILE");
  command->add_option("--threads", arguments->threads, "Files read at a time [all cores]")
      ->type_name("N")
      ->check(Within(1, 1024));
  command->add_flag("--explain", arguments->explain,
                    "Read no rows; say which partitions, files and row groups would be");
  AddExamples(
      *command,
      {R"(partita scan out/parquet --where '"Model Year" = 2011 AND Make = '\''KIA'\''')",
       "partita scan --table glue_db.cars --select City,Make --format csv",
       "partita scan out/parquet --where \"make LIKE 'T%'\" --explain",
       "partita scan --table glue_db.sales --where 'note IS NULL' --empty-strings null",
       "partita scan s3://lake/cars --where \"Make = 'KIA'\" --format parquet \\",
       "    --output s3://lake/kia.parquet"});
  command->callback([arguments, &action] {
    CheckOutput(*arguments);
    action = [input = ToInputSpec(arguments->input), arguments] {
      return Run(input, *arguments);
    };
  });
}

}  // namespace partita::cli
