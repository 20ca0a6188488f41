#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace partita::cli {

/// \brief A job file and what is changed of it.
struct JobFileArguments {
  std::string path;
  std::vector<std::string> overrides;
};

/// \brief Adds the file's path and `--set`.
///
/// Ownership: `arguments` must outlive the parse.
void AddJobFileOptions(CLI::App& command, JobFileArguments& arguments);

/// \brief Adds `--dry-run`.
///
/// Ownership: `dry_run` must outlive the parse.
void AddDryRunOption(CLI::App& command, bool& dry_run);

}  // namespace partita::cli
