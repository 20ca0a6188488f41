#include <memory>

#include <CLI/CLI.hpp>

#include "partita/job.h"

#include "cli/command.h"
#include "cli/crawler_arguments.h"
#include "cli/input_arguments.h"
#include "cli/job_run.h"

namespace partita::cli {
namespace {

struct Arguments {
  CrawlerArguments crawler;
  CrawlOptions options;
  std::vector<std::string> store_options;
  LogArguments log;
  bool json = false;
};

ExitCode Run(const Arguments& arguments) {
  const arrow::Result<CrawlReport> result =
      RunJob(&Crawl, arguments.options, arguments.log);
  if (!result.ok()) {
    return Fail(result.status());
  }
  if (arguments.json) {
    Print(ToJson(*result) + "\n");
  } else if (!arguments.log.quiet || arguments.options.with_reasons) {
    Print(ToText(*result));
  }
  return ExitCode::kOk;
}

}  // namespace

void AddCrawlCommand(CLI::App& app, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CrawlOptions& options = arguments->options;
  CrawlerDefinition& crawler = arguments->crawler.crawler;
  CLI::App* command = app.add_subcommand(
      "crawl",
      "Find tables in files (CSV, JSON lines, Parquet): columns, types, partitions; "
      "enter them in the catalog");
  command
      ->add_option("PATH", crawler.targets,
                   "File, or folder of files, local or of S3; several paths are "
                   "crawled one after another")
      ->required()
      ->type_name("");
  AddCrawlerOptions(*command, arguments->crawler);
  command
      ->add_option("--table", options.table,
                   "Make one table of all that is found, and call it so; default: as "
                   "many as there are, called after their files and folders")
      ->type_name("TABLE");
  command
      ->add_option("--name", crawler.name,
                   "The crawler's name, noted in the tables' parameters [partita]")
      ->type_name("NAME");
  command->add_flag("--explain", options.with_reasons,
                    "Tell for each column which row of which file forced its type");
  command->add_flag("--json", arguments->json, "Print the report as one JSON object");
  AddCatalogOption(*command, options.catalog_file);
  AddStoreOptions(*command, arguments->store_options);
  AddLogOptions(*command, arguments->log);
  AddExamples(*command,
              {"partita crawl Electric_Vehicle_Population_Data.csv --database glue_db",
               "partita crawl sales.txt --database shop --read-option sep='~'",
               "partita crawl data/sales --database shop --table-prefix raw_ --exclude "
               "'**.tmp'",
               "partita crawl s3://lake/in/sales --database shop --explain"});
  command->callback([arguments, &action] {
    arguments->options.crawler = ToCrawler(arguments->crawler);
    arguments->options.store_options = ToStoreOptions(arguments->store_options);
    action = [arguments] { return Run(*arguments); };
  });
}

}  // namespace partita::cli
