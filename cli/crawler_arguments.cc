#include "cli/crawler_arguments.h"

#include <map>

#include <CLI/CLI.hpp>

#include "cli/input_arguments.h"
#include "cli/value_checks.h"

namespace partita::cli {
namespace {

const std::map<std::string, UpdateBehavior>& UpdateBehaviors() {
  static const std::map<std::string, UpdateBehavior> behaviors{
      {"log", UpdateBehavior::kLog}, {"update", UpdateBehavior::kUpdateInDatabase}};
  return behaviors;
}

const std::map<std::string, DeleteBehavior>& DeleteBehaviors() {
  static const std::map<std::string, DeleteBehavior> behaviors{
      {"delete", DeleteBehavior::kDeleteFromDatabase},
      {"deprecate", DeleteBehavior::kDeprecateInDatabase},
      {"log", DeleteBehavior::kLog}};
  return behaviors;
}

}  // namespace

void AddCrawlerOptions(CLI::App& command, CrawlerArguments& arguments) {
  CrawlerDefinition& crawler = arguments.crawler;
  command.add_option("--database", crawler.database, "Database the tables go into")
      ->required()
      ->type_name("DB");
  command.add_option("--table-prefix", crawler.table_prefix, "Put before table names")
      ->type_name("P");
  command
      .add_option("--exclude", crawler.exclusions,
                  "Leave out files whose path below the target matches, such as '**.tmp' "
                  "or 'logs/**'; may be repeated")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  command
      .add_option("--on-change", arguments.on_change,
                  "An entry whose columns or format have changed: replace it, or only "
                  "report the changes [update]")
      ->type_name("HOW")
      ->transform(OneOf(KeysOf(UpdateBehaviors())));
  command
      .add_option("--on-vanish", arguments.on_vanish,
                  "An entry of a table or partition whose files are gone: mark it, drop "
                  "it, or only report it [deprecate]")
      ->type_name("HOW")
      ->transform(OneOf(KeysOf(DeleteBehaviors())));
  command.add_flag("--new-folders-only", crawler.is_for_new_folders_only,
                   "Read only folders that are no table or partition of this crawler "
                   "yet; both policies are log");
  command.add_flag("--sample", crawler.is_sampled,
                   "Find types in each file's first 1,000 records or first MiB, as Glue "
                   "does, instead of in all rows");
  command
      .add_option("--types", arguments.types,
                  "plain: dates and timestamps are strings, as with Glue; rich: a column "
                  "of them alone, all written alike, has type date or timestamp [plain]")
      ->type_name("HOW")
      ->transform(OneOf({"plain", "rich"}));
  command.add_flag("--glue-types", crawler.has_glue_types,
                   "Take numbers as Glue does: 02020 is a bigint");
  AddReadOptions(command, arguments.read_options);
}

CrawlerDefinition ToCrawler(const CrawlerArguments& arguments) {
  CrawlerDefinition crawler = arguments.crawler;
  crawler.read_options = ToReadOptions(arguments.read_options);
  if (crawler.is_for_new_folders_only) {
    crawler.update_behavior = UpdateBehavior::kLog;
    crawler.delete_behavior = DeleteBehavior::kLog;
  }
  crawler.has_rich_types = arguments.types == "rich";
  if (!arguments.on_change.empty()) {
    crawler.update_behavior = UpdateBehaviors().at(arguments.on_change);
  }
  if (!arguments.on_vanish.empty()) {
    crawler.delete_behavior = DeleteBehaviors().at(arguments.on_vanish);
  }
  return crawler;
}

}  // namespace partita::cli
