#pragma once

#include <functional>

#include "cli/exit_code.h"

namespace CLI {
class App;
}

namespace partita::cli {

/// \brief What the parsed command line asks for; the command that was named sets it.
using Action = std::function<ExitCode()>;

// Each adds one command with its options, help and examples. Parsing it puts what to run
// into `action`, which must outlive the parse.
void AddGenerateCommand(CLI::App& app, Action& action);
void AddCrawlCommand(CLI::App& app, Action& action);
void AddCrawlerCommand(CLI::App& app, Action& action);
void AddCatalogCommand(CLI::App& app, Action& action);
void AddWriteCommand(CLI::App& app, Action& action);
void AddRunCommand(CLI::App& app, Action& action);
void AddConfigCommand(CLI::App& app, Action& action);
void AddRunsCommand(CLI::App& app, Action& action);
void AddSchemaCommand(CLI::App& app, Action& action);
void AddShowCommand(CLI::App& app, Action& action);
void AddCountCommand(CLI::App& app, Action& action);
void AddScanCommand(CLI::App& app, Action& action);
void AddRecoverCommand(CLI::App& app, Action& action);
void AddVerifyCommand(CLI::App& app, Action& action);
void AddDoctorCommand(CLI::App& app, Action& action);

// `completion` and `manual`, made of the commands that are there when they run.
void AddShellCommands(CLI::App& app, Action& action);

}  // namespace partita::cli
