#pragma once

#include <string>

#include "cli/command_tree.h"

namespace partita::cli {

/// \brief The manual page partita(1), in man's macros: every command with its options and examples.
std::string ManualPage(const CommandEntry& tree);

}  // namespace partita::cli
