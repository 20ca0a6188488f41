#pragma once

#include <string>
#include <vector>

#include "partita/options.h"

namespace CLI {
class App;
}

namespace partita::cli {

/// \brief What a crawl looks at and does, as the user typed it; for `crawl` and `crawler create`.
struct CrawlerArguments {
  CrawlerDefinition crawler;
  std::string on_change;
  std::string on_vanish;
  std::string types;
  std::vector<std::string> read_options;
};

/// \brief Adds `--database`, `--table-prefix`, `--exclude`, both policies, `--new-folders-only`, `--sample`, `--types`,
/// `--glue-types` and `--read-option`.
///
/// Ownership: `arguments` must outlive the parse.
void AddCrawlerOptions(CLI::App& command, CrawlerArguments& arguments);

/// \brief The arguments in the library's terms.
///
/// Errors: throws CLI::ValidationError when something is malformed.
CrawlerDefinition ToCrawler(const CrawlerArguments& arguments);

}  // namespace partita::cli
