#pragma once

#include <map>
#include <string>
#include <vector>

#include "partita/options.h"

namespace CLI {
class App;
}

namespace partita::cli {

/// \brief What to read, as the user typed it.
struct InputArguments {
  std::string table;
  std::vector<std::string> paths;
  std::vector<std::string> read_options;
  bool skip_unreadable = false;
  std::string catalog_file;
  std::vector<std::string> store_options;
  std::string where;
  std::string select;
  std::string on_type_mismatch;
  std::string empty_strings;
};

/// \brief Adds `--table`, the paths, `--read-option`, what becomes of values, `--catalog` and `--store-option`.
///
/// Ownership: `arguments` must outlive the parse.
void AddInputOptions(CLI::App& command, InputArguments& arguments);

/// \brief Adds `--where` and `--select`.
///
/// Ownership: `arguments` must outlive the parse.
void AddFilterOptions(CLI::App& command, InputArguments& arguments);

/// \brief Names parted by commas; one that has a comma stands in double quotes or backticks.
///
/// Errors: throws CLI::ValidationError naming `option` for an empty name or an open quote.
std::vector<std::string> ToNames(const std::string& option, const std::string& text);

/// \brief Adds `--read-option`.
///
/// Ownership: `read_options` must outlive the parse.
void AddReadOptions(CLI::App& command, std::vector<std::string>& read_options);

/// \brief `KEY=VALUE…` of `--read-option` as the library takes them.
///
/// Errors: throws CLI::ValidationError when one is malformed.
std::map<std::string, std::string> ToReadOptions(const std::vector<std::string>& texts);

/// \brief Adds `--store-option`.
///
/// Ownership: `store_options` must outlive the parse.
void AddStoreOptions(CLI::App& command, std::vector<std::string>& store_options);

/// \brief `KEY=VALUE…` of `--store-option` as the library takes them.
///
/// Errors: throws CLI::ValidationError when one is malformed.
StoreOptions ToStoreOptions(const std::vector<std::string>& texts);

/// \brief Adds `--unsafe-commit`.
///
/// Ownership: `is_commit_unsafe` must outlive the parse.
void AddUnsafeCommitOption(CLI::App& command, bool& is_commit_unsafe);

/// \brief Adds `--catalog`.
///
/// Ownership: `catalog_file` must outlive the parse.
void AddCatalogOption(CLI::App& command, std::string& catalog_file);

/// \brief Adds `-h,--help` text that ends in `examples`, one call to a line.
void AddExamples(CLI::App& command, const std::vector<std::string>& examples);

/// \brief The arguments in the library's terms.
///
/// Errors: throws CLI::ValidationError when nothing is named, or something is malformed.
InputSpec ToInputSpec(const InputArguments& arguments);

/// \brief `DB.TABLE`; throws CLI::ValidationError naming `option` when it is not.
TableName ToTableName(const std::string& option, const std::string& text);

/// \brief `KEY=VALUE` taken apart at the first `=`.
struct KeyValue {
  std::string key;
  std::string value;
};

/// \brief Throws CLI::ValidationError naming `option` when there is no `=` or no key.
KeyValue SplitKeyValue(const std::string& option, const std::string& text);

}  // namespace partita::cli
