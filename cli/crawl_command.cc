#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "partita/job.h"

#include "cli/command.h"
#include "cli/input_arguments.h"
#include "cli/job_run.h"

namespace partita::cli {
namespace {

struct Arguments {
  CrawlOptions options;
  std::vector<std::string> read_options;
  std::vector<std::string> store_options;
  LogArguments log;
};

ExitCode Run(const Arguments& arguments) {
  const arrow::Result<CrawlReport> result =
      RunJob(&Crawl, arguments.options, arguments.log);
  if (!result.ok()) {
    return Fail(result.status());
  }
  const CrawlReport& report = *result;
  if (!arguments.log.quiet) {
    Print(
        fmt::format("{} table {}.{}: {}, {}, {} in {:.2f} s\n"
                    "  read as {}\n",
                    report.is_new ? "created" : "updated", report.database, report.table,
                    Counted(report.num_rows, "row"), Counted(report.num_files, "file"),
                    Counted(report.bytes, "byte"), report.seconds, report.read_as));
  }
  return ExitCode::kOk;
}

}  // namespace

void AddCrawlCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CrawlOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand(
      "crawl",
      "Find delimiter, header, names and types of CSV files; record them as a "
      "table of the catalog");
  command
      ->add_option("PATH", options.path,
                   "CSV file, or folder of CSV files, local or of S3")
      ->required()
      ->type_name("");
  command->add_option("--database", options.database, "Database the table goes into")
      ->required()
      ->type_name("DB");
  command
      ->add_option("--table", options.table,
                   "Table name; default: from the file's or folder's name")
      ->type_name("TABLE");
  command->add_option("--table-prefix", options.table_prefix, "Put before the table name")
      ->type_name("P");
  command
      ->add_option("--name", options.crawler_name,
                   "The crawler's name, noted in the table's parameters [partita]")
      ->type_name("NAME");
  AddReadOptions(*command, arguments->read_options);
  AddCatalogOption(*command, options.catalog_file);
  AddStoreOptions(*command, arguments->store_options);
  AddLogOptions(*command, arguments->log);
  AddExamples(*command,
              {"partita crawl Electric_Vehicle_Population_Data.csv --database glue_db",
               "partita crawl sales.txt --database shop --read-option sep='~'",
               "partita crawl data/sales --database shop --table-prefix raw_",
               "partita crawl s3://lake/in/sales --database shop"});
  command->callback([arguments, &action] {
    arguments->options.read_options = ToReadOptions(arguments->read_options);
    arguments->options.store_options = ToStoreOptions(arguments->store_options);
    action = [arguments] { return Run(*arguments); };
  });
}

}  // namespace partita::cli
