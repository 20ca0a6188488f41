#pragma once

#include <string>

#include "cli/command_tree.h"

namespace partita::cli {

/// \brief A script that completes commands, options and their values in bash.
std::string BashCompletion(const CommandEntry& tree);

/// \brief The same for zsh: the file `_partita` of a folder in fpath, or to be sourced after compinit.
std::string ZshCompletion(const CommandEntry& tree);

/// \brief The same for fish.
std::string FishCompletion(const CommandEntry& tree);

}  // namespace partita::cli
