#include <map>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/completion.h"
#include "cli/diagnostics.h"
#include "cli/input_arguments.h"
#include "cli/manual.h"
#include "cli/value_checks.h"

namespace partita::cli {
namespace {

using Script = std::string (*)(const CommandEntry&);

const std::map<std::string, Script>& Shells() {
  static const std::map<std::string, Script> shells = {
      {"bash", &BashCompletion}, {"fish", &FishCompletion}, {"zsh", &ZshCompletion}};
  return shells;
}

}  // namespace

void AddShellCommands(CLI::App& app, Action& action) {
  auto shell = std::make_shared<std::string>();
  CLI::App* completion = app.add_subcommand(
      "completion", "Print a script that completes partita's commands in a shell");
  completion->add_option("SHELL", *shell, "bash, fish or zsh")
      ->required()
      ->type_name("")
      ->transform(OneOf(KeysOf(Shells())));
  AddExamples(*completion,
              {"source <(partita completion bash)", "source <(partita completion zsh)",
               "partita completion fish | source",
               "partita completion fish > ~/.config/fish/completions/partita.fish",
               "partita completion zsh > ~/.zfunc/_partita"});
  completion->callback([shell, &app, &action] {
    action = [shell, &app] {
      Print(Shells().at(*shell)(CommandTree(app)));
      return ExitCode::kOk;
    };
  });
  CLI::App* manual = app.add_subcommand("manual", "Print the manual page, for man");
  AddExamples(*manual, {"partita manual > partita.1 && man ./partita.1"});
  manual->callback([&app, &action] {
    action = [&app] {
      Print(ManualPage(CommandTree(app)));
      return ExitCode::kOk;
    };
  });
}

}  // namespace partita::cli
