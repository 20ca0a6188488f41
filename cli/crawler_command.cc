#include <memory>

#include <CLI/CLI.hpp>
#include <arrow/result.h>
#include <fmt/core.h>

#include "partita/catalog.h"
#include "partita/job.h"
#include "partita/report.h"

#include "cli/command.h"
#include "cli/crawler_arguments.h"
#include "cli/dropped_json.h"
#include "cli/input_arguments.h"
#include "cli/job_run.h"
#include "cli/value_checks.h"

namespace partita::cli {
namespace {

// ---- create

struct CreateArguments {
  CrawlerArguments crawler;
  std::string catalog_file;
  bool json = false;
};

// What the catalog keeps: targets are absolute there.
arrow::Result<std::string> KeptJson(const std::string& name,
                                    const std::string& catalog_file) {
  ARROW_ASSIGN_OR_RAISE(const auto registry, OpenExistingCrawlerRegistry(catalog_file));
  ARROW_ASSIGN_OR_RAISE(const CrawlerDefinition kept, registry->Get(name));
  return ToJson(kept) + "\n";
}

ExitCode Create(const CreateArguments& arguments) {
  const CrawlerDefinition crawler = ToCrawler(arguments.crawler);
  const arrow::Status status = CreateCrawler(crawler, arguments.catalog_file);
  if (!status.ok()) {
    return Fail(status);
  }
  if (!arguments.json) {
    Print(fmt::format("created crawler {}\n", OneLine(crawler.name)));
    return ExitCode::kOk;
  }
  const arrow::Result<std::string> json = KeptJson(crawler.name, arguments.catalog_file);
  if (!json.ok()) {
    return Fail(json.status());
  }
  Print(*json);
  return ExitCode::kOk;
}

void AddCreate(CLI::App& parent, Action& action) {
  auto arguments = std::make_shared<CreateArguments>();
  CrawlerDefinition& crawler = arguments->crawler.crawler;
  crawler.name.clear();
  CLI::App* command =
      parent.add_subcommand("create", "Keep a crawler in the catalog, to be run by name");
  command->add_option("NAME", crawler.name, "The crawler's name")
      ->required()
      ->type_name("");
  command
      ->add_option("--target", crawler.targets,
                   "File, or folder of files, local or of S3; may be repeated")
      ->required()
      ->type_name("PATH");
  AddCrawlerOptions(*command, arguments->crawler);
  command->add_flag("--json", arguments->json, "Print the crawler in Glue's names");
  AddCatalogOption(*command, arguments->catalog_file);
  AddExamples(*command,
              {"partita crawler create eletricc_vehicles --database glue_db --target "
               "s3://lake/ev/",
               "partita crawler create nightly --database shop --target sales "
               "--exclude 'tmp/**' --on-vanish delete"});
  command->callback(
      [arguments, &action] { action = [arguments] { return Create(*arguments); }; });
}

// ---- run

struct RunArguments {
  CrawlerRunOptions options;
  std::vector<std::string> store_options;
  LogArguments log;
  bool json = false;
};

ExitCode RunNamed(const RunArguments& arguments) {
  const arrow::Result<CrawlReport> result =
      RunJob(&RunCrawler, arguments.options, arguments.log);
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

void AddRun(CLI::App& parent, Action& action) {
  auto arguments = std::make_shared<RunArguments>();
  CrawlerRunOptions& options = arguments->options;
  CLI::App* command = parent.add_subcommand("run", "Crawl, and keep the outcome");
  command->add_option("NAME", options.name, "The crawler's name")
      ->required()
      ->type_name("");
  command->add_flag("--explain", options.with_reasons,
                    "Tell for each column which row of which file forced its type");
  command->add_flag("--json", arguments->json, "Print the report as one JSON object");
  AddCatalogOption(*command, options.catalog_file);
  AddStoreOptions(*command, arguments->store_options);
  AddLogOptions(*command, arguments->log);
  AddExamples(*command, {"partita crawler run eletricc_vehicles"});
  command->callback([arguments, &action] {
    arguments->options.store_options = ToStoreOptions(arguments->store_options);
    action = [arguments] { return RunNamed(*arguments); };
  });
}

// ---- list, show, drop

struct ListArguments {
  std::string name;
  std::string catalog_file;
  int64_t limit = 20;
  bool json = false;
};

using Text = arrow::Result<std::string>;

arrow::Result<std::vector<CrawlReport>> ReportsOf(
    const std::vector<CrawlRecord>& crawls) {
  std::vector<CrawlReport> reports;
  for (const CrawlRecord& crawl : crawls) {
    ARROW_ASSIGN_OR_RAISE(reports.emplace_back(), ReadCrawlReport(crawl.report));
  }
  return reports;
}

Text List(CrawlerRegistry& registry, const ListArguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const auto crawlers, registry.List());
  std::string json = "[";
  std::string names;
  for (const CrawlerDefinition& crawler : crawlers) {
    json += (json.size() == 1 ? "\n" : ",\n") + ToJson(crawler);
    names += OneLine(crawler.name) + "\n";
  }
  return arguments.json ? json + (crawlers.empty() ? "]\n" : "\n]\n") : names;
}

// A line with a name, and values below each other.
std::string Lines(std::string_view name, const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) {
    text += fmt::format("{:<14} {}\n", text.empty() ? name : "", OneLine(value));
  }
  return text;
}

std::string Describe(const CrawlerDefinition& crawler) {
  std::vector<std::string> options;
  for (const auto& [key, value] : crawler.read_options) {
    options.push_back(fmt::format("{}={}", key, value));
  }
  std::string types = crawler.is_sampled ? "of a sample" : "of all rows";
  types += crawler.has_glue_types ? ", numbers as Glue takes them" : "";
  types += crawler.has_rich_types ? ", dates and timestamps" : "";
  const bool is_updated = crawler.update_behavior == UpdateBehavior::kUpdateInDatabase;
  const char* on_vanish =
      crawler.delete_behavior == DeleteBehavior::kDeprecateInDatabase  ? "deprecate"
      : crawler.delete_behavior == DeleteBehavior::kDeleteFromDatabase ? "delete"
                                                                       : "log";
  return Lines("crawler", {crawler.name}) + Lines("database", {crawler.database}) +
         Lines("targets", crawler.targets) + Lines("exclusions", crawler.exclusions) +
         (crawler.table_prefix.empty() ? ""
                                       : Lines("table prefix", {crawler.table_prefix})) +
         Lines("on change", {is_updated ? "update" : "log"}) +
         Lines("on vanish", {on_vanish}) +
         (crawler.is_for_new_folders_only ? Lines("folders", {"new ones only"}) : "") +
         Lines("types", {types}) + Lines("read options", options);
}

Text Show(CrawlerRegistry& registry, const ListArguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const CrawlerDefinition crawler, registry.Get(arguments.name));
  ARROW_ASSIGN_OR_RAISE(const auto crawls,
                        registry.ListCrawls(arguments.name, arguments.limit));
  if (!arguments.json) {
    ARROW_ASSIGN_OR_RAISE(const std::vector<CrawlReport> reports, ReportsOf(crawls));
    return Describe(crawler) + (reports.empty() ? "no runs\n" : CrawlTable(reports));
  }
  std::string json = "{\"Crawler\": " + ToJson(crawler) + ",\n\"Crawls\": [";
  for (size_t i = 0; i < crawls.size(); ++i) {
    json += (i == 0 ? "\n" : ",\n") + crawls[i].report;
  }
  return json + "]}\n";
}

Text Drop(CrawlerRegistry& registry, const ListArguments& arguments) {
  ARROW_RETURN_NOT_OK(registry.Drop(arguments.name));
  return arguments.json
             ? DroppedJson(arguments.name)
             : "dropped crawler " + OneLine(arguments.name) + "; its tables stay\n";
}

ExitCode Tell(Text (*what)(CrawlerRegistry&, const ListArguments&),
              const ListArguments& arguments) {
  const auto registry = OpenExistingCrawlerRegistry(arguments.catalog_file);
  if (!registry.ok()) {
    return Fail(registry.status());
  }
  const Text text = what(**registry, arguments);
  if (!text.ok()) {
    return Fail(text.status());
  }
  Print(*text);
  return ExitCode::kOk;
}

CLI::App* AddTelling(CLI::App& parent, Action& action, const std::string& name,
                     const std::string& help,
                     const std::shared_ptr<ListArguments>& arguments,
                     Text (*what)(CrawlerRegistry&, const ListArguments&)) {
  CLI::App* command = parent.add_subcommand(name, help);
  command->add_flag("--json", arguments->json, "Print JSON");
  AddCatalogOption(*command, arguments->catalog_file);
  command->callback([arguments, &action, what] {
    action = [arguments, what] { return Tell(what, *arguments); };
  });
  return command;
}

void AddTellings(CLI::App& parent, Action& action) {
  auto listed = std::make_shared<ListArguments>();
  AddExamples(*AddTelling(parent, action, "list", "List the crawlers", listed, &List),
              {"partita crawler list"});

  auto shown = std::make_shared<ListArguments>();
  CLI::App* show = AddTelling(parent, action, "show",
                              "Show a crawler and what became of its runs", shown, &Show);
  show->add_option("NAME", shown->name, "The crawler's name")->required()->type_name("");
  show->add_option("--limit", shown->limit, "Runs to show, the newest first [20]")
      ->type_name("N")
      ->check(Within(1));
  AddExamples(*show, {"partita crawler show eletricc_vehicles",
                      "partita crawler show eletricc_vehicles --json --limit 1"});

  auto dropped = std::make_shared<ListArguments>();
  CLI::App* drop = AddTelling(
      parent, action, "drop",
      "Forget a crawler and its runs; never its tables or the data", dropped, &Drop);
  drop->add_option("NAME", dropped->name, "The crawler's name")
      ->required()
      ->type_name("");
  AddExamples(*drop, {"partita crawler drop eletricc_vehicles"});
}

}  // namespace

void AddCrawlerCommand(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "crawler", "Create, run, list, show and drop crawlers that the catalog keeps");
  command->require_subcommand(1);
  AddCreate(*command, action);
  AddRun(*command, action);
  AddTellings(*command, action);
  for (CLI::App* sub : command->get_subcommands([](const CLI::App*) { return true; })) {
    sub->group("Commands");
  }
  AddExamples(*command,
              {"partita crawler create eletricc_vehicles --database glue_db --target "
               "s3://lake/ev/",
               "partita crawler run eletricc_vehicles"});
}

}  // namespace partita::cli
