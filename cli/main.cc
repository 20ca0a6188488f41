#include <csignal>
#include <exception>
#include <new>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "partita/error.h"
#include "partita/version.h"

#include "cli/command.h"
#include "cli/diagnostics.h"

namespace partita::cli {
namespace {

// The innermost command that was named, and its full name.
const CLI::App* NamedCommand(const CLI::App& app, std::string& name) {
  const CLI::App* command = &app;
  name = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    name += " " + command->get_name();
  }
  return command;
}

std::vector<std::string> OptionNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      names.push_back("--" + name);
    }
  }
  return names;
}

std::vector<std::string> CommandNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* sub :
       command.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(sub->get_name());
  }
  return names;
}

// What CLI11 says of values that are missing, too many or not alone, in our words.
std::string OwnWords(const CLI::ParseError& error) {
  std::string text = error.what();
  const std::string kind = error.get_name();
  const std::string name = text.substr(0, text.find_first_of(": "));
  if (kind == "ArgumentMismatch" && text.find("At Most") != std::string::npos) {
    return name + " takes one value, but more are given";
  }
  if (kind == "ArgumentMismatch" && text.find(" missing") != std::string::npos) {
    return name + " needs a value";
  }
  if (kind == "ExcludesError") {
    return name + " and " + text.substr(text.find_last_of(' ') + 1) +
           " do not go together; give one of them";
  }
  if (kind == "ConversionError") {
    return "no value of this option: " + text.substr(text.find(": ") + 2);
  }
  return text;
}

// A word CLI11 could not place is named here with the nearest one.
std::string UsageMessage(const CLI::App& app, const CLI::App& command,
                         const CLI::ParseError& error) {
  const std::vector<std::string> extras = app.remaining(true);
  if (extras.empty()) {
    const bool needs_command =
        error.get_name() == "RequiredError" && !CommandNames(command).empty();
    return needs_command ? "the command is missing" : OwnWords(error);
  }
  const std::string word = extras.front().substr(0, extras.front().find('='));
  if (word.rfind('-', 0) == 0) {
    return "unknown option '" + word + "'" + DidYouMean(word, OptionNames(command));
  }
  const std::vector<std::string> commands = CommandNames(command);
  if (!commands.empty()) {
    return "unknown command '" + word + "'" + DidYouMean(word, commands);
  }
  return "unexpected argument '" + word + "'";
}

ExitCode FailOnUsage(const CLI::App& app, const CLI::ParseError& error) {
  std::string name;
  const CLI::App* command = NamedCommand(app, name);
  return Fail(ExitCode::kConfiguration,
              UsageMessage(app, *command, error) + "; see '" + name + " --help'");
}

void AddCommands(CLI::App& app, Action& action) {
  app.set_version_flag("--version", "partita " PARTITA_VERSION_STRING);
  app.require_subcommand(1);
  app.get_formatter()->column_width(36);
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.get_formatter()->label("REQUIRED", "(required)");
  app.get_formatter()->label("Excludes", "not with");
  AddGenerateCommand(app, action);
  AddCrawlCommand(app, action);
  AddCrawlerCommand(app, action);
  AddCatalogCommand(app, action);
  AddWriteCommand(app, action);
  AddRunCommand(app, action);
  AddConfigCommand(app, action);
  AddSchemaCommand(app, action);
  AddShowCommand(app, action);
  AddCountCommand(app, action);
  AddScanCommand(app, action);
  AddRecoverCommand(app, action);
  AddVerifyCommand(app, action);
  AddDoctorCommand(app, action);
  AddRunsCommand(app, action);
  AddShellCommands(app, action);
  for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    command->group("Commands");
  }
  app.footer(
      "Examples:\n"
      "  partita generate --rows 1000000 ev.csv\n"
      "  partita crawl ev.csv --database glue_db\n"
      "  partita write --table glue_db.ev_csv --partition-by Make --output parquet=out\n"
      "  partita show out\n"
      "\n"
      "Exit status: 0 done, 2 wrong call or no such table, column or path, 3 bad input "
      "data,\n4 reading or writing failed (no room, right, good keys or server),\n"
      "5 target exists or is in use, 6 commit state unknown, 7 only some outputs "
      "committed,\n70 a bug, 130 stopped on request.");
}

ExitCode Main(int argc, char** argv) {
  // A pipe whose reader has gone (`partita show | head`) ends the program quietly, also
  // where the caller ignores the signal. Jobs that write decide otherwise.
  std::signal(SIGPIPE, SIG_DFL);  // NOLINT(google-readability-casting): a C macro
  CLI::App app("Catalog, partition and write tables as Spark and AWS Glue do, natively.",
               "partita");
  Action action;
  AddCommands(app, action);
  if (argc <= 1) {
    Print(app.help());
    return ExitCode::kConfiguration;
  }
  try {
    app.parse(argc, argv);
    const ExitCode code = action();
    const ExitCode flushed = FlushOutput();
    return code == ExitCode::kOk ? flushed : code;
  } catch (const CLI::Success& request) {
    app.exit(request);
    return FlushOutput();
  } catch (const CLI::ParseError& error) {
    return FailOnUsage(app, error);
  }
}

}  // namespace
}  // namespace partita::cli

int main(int argc, char** argv) {
  using partita::cli::ExitCode;
  using partita::cli::Fail;
  try {
    return static_cast<int>(partita::cli::Main(argc, argv));
  } catch (const std::bad_alloc&) {
    return static_cast<int>(
        Fail(ExitCode::kStore, "out of memory; give the job less with --memory"));
  } catch (const std::exception& error) {
    return static_cast<int>(
        Fail(ExitCode::kBug,
             fmt::format("a bug in Partita, please report it: {}", error.what())));
  }
}
