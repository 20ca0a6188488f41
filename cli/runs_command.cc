#include <memory>

#include <CLI/CLI.hpp>
#include <arrow/result.h>
#include <fmt/core.h>

#include "partita/catalog.h"
#include "partita/report.h"

#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/input_arguments.h"
#include "cli/value_checks.h"

namespace partita::cli {
namespace {

struct Arguments {
  std::string id;
  std::string other_id;
  int64_t limit = 20;
  int64_t keep = 0;
  std::string catalog_file;
  bool json = false;
};

using Text = arrow::Result<std::string>;

arrow::Result<JobReport> ReportOf(const RunRecord& run) {
  arrow::Result<JobReport> report = ReadJobReport(run.report);
  if (!report.ok()) {
    return report.status().WithMessage(
        "run ", run.id, ": ", report.status().message(),
        "; `partita runs prune --keep 0` forgets all runs");
  }
  return report;
}

Text List(RunHistory& history, const Arguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const auto runs, history.List(arguments.limit));
  std::string json = "[";
  std::vector<JobReport> reports;
  for (const RunRecord& run : runs) {
    json += (json.size() == 1 ? "\n" : ",\n") + run.report;
    ARROW_ASSIGN_OR_RAISE(reports.emplace_back(), ReportOf(run));
  }
  return arguments.json ? json + "]\n" : RunTable(reports);
}

Text ShowRun(RunHistory& history, const Arguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const RunRecord run, history.Get(arguments.id));
  ARROW_ASSIGN_OR_RAISE(const JobReport report, ReportOf(run));
  return arguments.json ? run.report : RunText(report);
}

Text ListOrShow(RunHistory& history, const Arguments& arguments) {
  return arguments.id.empty() ? List(history, arguments) : ShowRun(history, arguments);
}

Text Compare(RunHistory& history, const Arguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const RunRecord first, history.Get(arguments.id));
  ARROW_ASSIGN_OR_RAISE(const RunRecord second, history.Get(arguments.other_id));
  ARROW_ASSIGN_OR_RAISE(const JobReport before, ReportOf(first));
  ARROW_ASSIGN_OR_RAISE(const JobReport after, ReportOf(second));
  return arguments.json ? RunDifferenceJson(before, after)
                        : RunDifferenceText(before, after);
}

Text Prune(RunHistory& history, const Arguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const int64_t num_forgotten, history.Prune(arguments.keep));
  return fmt::format("forgot {}\n", Counted(num_forgotten, "run"));
}

ExitCode Run(Text (*command)(RunHistory&, const Arguments&), const Arguments& arguments) {
  const auto history = OpenExistingRunHistory(arguments.catalog_file);
  if (!history.ok()) {
    return Fail(history.status());
  }
  const Text text = command(**history, arguments);
  if (!text.ok()) {
    return Fail(text.status());
  }
  Print(*text);
  return ExitCode::kOk;
}

void SetAction(CLI::App& command, const std::shared_ptr<Arguments>& arguments,
               Text (*what)(RunHistory&, const Arguments&), Action& action) {
  AddCatalogOption(command, arguments->catalog_file);
  command.callback([=, &action] { action = [=] { return Run(what, *arguments); }; });
}

}  // namespace

void AddRunsCommand(CLI::App& app, Action& action) {
  auto list = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "runs", "Show past writes: when, what, how much, how long, how they ended");
  command->require_subcommand(0, 1);
  command->add_option("ID", list->id, "The run to show, by the begin of its id")
      ->type_name("");
  command->add_option("--limit", list->limit, "Runs to list, the newest first [20]")
      ->type_name("N")
      ->check(Within(1));
  command->add_flag("--json", list->json, "Print the runs' reports as JSON");
  AddExamples(*command, {"partita runs", "partita runs 3f2a --json",
                         "partita runs diff 3f2a 91bc", "partita runs prune --keep 100"});

  auto pair = std::make_shared<Arguments>();
  CLI::App* diff = command->add_subcommand("diff", "Compare two runs");
  diff->add_option("A", pair->id, "The run before")->required()->type_name("");
  diff->add_option("B", pair->other_id, "The run after")->required()->type_name("");
  diff->add_flag("--json", pair->json, "Print one JSON object");
  AddExamples(*diff, {"partita runs diff 3f2a 91bc"});

  auto kept = std::make_shared<Arguments>();
  CLI::App* prune = command->add_subcommand("prune", "Forget all but the newest runs");
  prune->add_option("--keep", kept->keep, "How many to keep")
      ->required()
      ->type_name("N")
      ->check(Within(0));
  AddExamples(*prune, {"partita runs prune --keep 100"});

  SetAction(*diff, pair, &Compare, action);
  SetAction(*prune, kept, &Prune, action);
  AddCatalogOption(*command, list->catalog_file);
  command->callback([=, &action] {
    if (command->get_subcommands().empty()) {
      action = [=] { return Run(&ListOrShow, *list); };
    }
  });
}

}  // namespace partita::cli
