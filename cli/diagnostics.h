#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <arrow/type_fwd.h>

#include "cli/exit_code.h"

namespace CLI {
class App;
}

namespace partita::cli {

/// \brief How much a command says beside its result.
struct LogArguments {
  bool quiet = false;  ///< no progress and no summary
  std::string level = "INFO";
};

/// \brief Adds `--quiet` and `--log-level`.
///
/// Ownership: `arguments` must outlive the parse.
void AddLogOptions(CLI::App& command, LogArguments& arguments);

/// \brief Makes log lines go to stderr, in Spark's levels.
void StartLogging(const LogArguments& arguments);

/// \brief Writes to standard output; FlushOutput() tells whether all of it arrived.
void Print(std::string_view text);

/// \brief Hands standard output over to the system; kStore and a message when that fails.
ExitCode FlushOutput();

/// \brief Prints `partita: error: MESSAGE` on stderr, as one line, whatever the message
/// holds, and below it the condition with a caret that some end in; returns `code`.
ExitCode Fail(ExitCode code, std::string_view message);

/// \brief Same for a failing status of the library.
ExitCode Fail(const arrow::Status& status);

/// \brief Prints `partita: warning: MESSAGE` on stderr, as one line; for commands that do not log.
void Warn(std::string_view message);

/// \brief `1 row`, `2 rows`.
std::string Counted(int64_t count, std::string_view thing);

/// \brief `text` with control characters written as escapes, so that values cannot garble
/// a terminal.
std::string OneLine(std::string_view text);

}  // namespace partita::cli
