#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace partita::cli {

/// \brief An option or positional of a command.
struct OptionEntry {
  std::string name;        ///< `--mode`; `-n` where that is all; `INPUT` of a positional
  std::string short_name;  ///< `-q` beside a long name, or empty
  std::string value;       ///< what it takes, such as `MODE`; empty for a flag
  std::string about;
  std::vector<std::string> choices;  ///< the values it takes, where they are few
  bool is_positional = false;
  bool is_required = false;
};

/// \brief A command with all below it: what completions and the manual are made of.
struct CommandEntry {
  std::string path;  ///< `/catalog/show`; empty for the program
  std::string name;
  std::string about;
  std::string footer;  ///< examples
  std::vector<OptionEntry> options;
  std::vector<CommandEntry> commands;
};

/// \brief Reads the commands off a command line's definition.
CommandEntry CommandTree(CLI::App& app);

/// \brief `tree` and all commands below it, each before its own ones. Borrows the tree.
std::vector<const CommandEntry*> AllCommands(const CommandEntry& tree);

}  // namespace partita::cli
