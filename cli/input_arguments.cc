#include "cli/input_arguments.h"

#include <CLI/CLI.hpp>
#include <arrow/result.h>

#include "partita/job.h"

#include "cli/value_checks.h"

namespace partita::cli {

void AddCatalogOption(CLI::App& command, std::string& catalog_file) {
  command
      .add_option(
          "--catalog", catalog_file,
          "Catalog file; default: PARTITA_CATALOG, else partita/catalog.db in the "
          "XDG data folder")
      ->type_name("FILE");
}

void AddReadOptions(CLI::App& command, std::vector<std::string>& read_options) {
  command
      .add_option("--read-option", read_options,
                  "Option of Spark's reader, such as sep=';', header=true or "
                  "inferSchema=false; wins over what is guessed; may be repeated "
                  "(docs/options.md)")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void AddStoreOptions(CLI::App& command, std::vector<std::string>& store_options) {
  command
      .add_option(
          "--store-option", store_options,
          "Option of S3, such as endpoint=URL or encryption.algorithm=SSE-KMS; wins "
          "over the environment; may be repeated (docs/options.md)")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void AddUnsafeCommitOption(CLI::App& command, bool& is_commit_unsafe) {
  command.add_flag("--unsafe-commit", is_commit_unsafe,
                   "Use an S3 server without conditional puts; no other job may write to "
                   "the same folder then");
}

void AddFilterOptions(CLI::App& command, InputArguments& arguments) {
  command
      .add_option("--where", arguments.where,
                  "Rows to take, as an SQL condition (docs/format/condition.md)")
      ->type_name("CONDITION")
      ->check(NotEmpty());
  command
      .add_option("--select", arguments.select,
                  "Columns to take, in this order, parted by commas [all]")
      ->type_name("COLUMNS")
      ->check(NotEmpty());
}

std::vector<std::string> ToNames(const std::string& option, const std::string& text) {
  std::vector<std::string> names(1);
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      quote = c == quote ? '\0' : quote;
      names.back() += quote == 0 ? "" : std::string(1, c);
    } else if (c == '"' || c == '`') {
      quote = c;
    } else if (c == ',') {
      names.emplace_back();
    } else if (c != ' ' || !names.back().empty()) {
      names.back() += c;
    }
  }
  for (const std::string& name : names) {
    if (name.empty() || quote != 0) {
      throw CLI::ValidationError(
          option, "takes names of columns parted by commas, not '" + text + "'");
    }
  }
  return names;
}

namespace {

void AddValueOptions(CLI::App& command, InputArguments& arguments) {
  command
      .add_option(
          "--on-type-mismatch", arguments.on_type_mismatch,
          "Where a value of CSV does not fit its column's type: fail; string makes the "
          "column one of strings; null makes the value NULL; quarantine=PATH (of a "
          "write) "
          "puts the record into a file of this folder (docs/options.md) [fail]")
      ->type_name("HOW");
  command
      .add_option("--empty-strings", arguments.empty_strings,
                  "keep: an empty string is no NULL, in CSV one in quotes; null: each is "
                  "NULL; default: as Spark reads the format")
      ->type_name("HOW")
      ->transform(OneOf(KeysOf(EmptyStringRules())));
}

}  // namespace

void AddInputOptions(CLI::App& command, InputArguments& arguments) {
  CLI::Option* table =
      command.add_option("--table", arguments.table, "Table of the catalog to read")
          ->type_name("DB.TABLE");
  command
      .add_option(
          "INPUT", arguments.paths,
          "Files, folders or patterns such as 'in/2024-*/*.csv' to read instead of "
          "a table, local or of S3: CSV, JSON lines or Parquet (docs/options.md)")
      ->type_name("")
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->excludes(table);
  AddReadOptions(command, arguments.read_options);
  command.add_flag("--skip-unreadable", arguments.skip_unreadable,
                   "Leave out files that cannot be read to their end, and say which: as "
                   "--read-option ignoreCorruptFiles=true");
  AddValueOptions(command, arguments);
  AddCatalogOption(command, arguments.catalog_file);
  AddStoreOptions(command, arguments.store_options);
}

void AddExamples(CLI::App& command, const std::vector<std::string>& examples) {
  std::string text = "Examples:";
  for (const std::string& example : examples) {
    text += "\n  " + example;
  }
  command.footer(text);
}

InputSpec ToInputSpec(const InputArguments& arguments) {
  InputSpec input;
  if (!arguments.table.empty()) {
    input.table = ToTableName("--table", arguments.table);
  } else if (arguments.paths.empty()) {
    throw CLI::ValidationError("nothing to read: name a table with --table, or a path");
  }
  input.paths = arguments.paths;
  input.read_options = ToReadOptions(arguments.read_options);
  if (arguments.skip_unreadable) {
    input.read_options["ignoreCorruptFiles"] = "true";
  }
  input.catalog_file = arguments.catalog_file;
  input.store_options = ToStoreOptions(arguments.store_options);
  input.where = arguments.where;
  if (!arguments.select.empty()) {
    input.select = ToNames("--select", arguments.select);
  }
  if (!arguments.on_type_mismatch.empty()) {
    const arrow::Status read = ParseTypeMismatch(arguments.on_type_mismatch, &input);
    if (!read.ok()) {
      throw CLI::ValidationError("--on-type-mismatch", read.message());
    }
  }
  if (!arguments.empty_strings.empty()) {
    input.empty_strings = EmptyStringRules().at(arguments.empty_strings);
  }
  return input;
}

namespace {

std::map<std::string, std::string> ToOptions(const std::string& option,
                                             const std::vector<std::string>& texts) {
  std::map<std::string, std::string> options;
  for (const std::string& text : texts) {
    KeyValue pair = SplitKeyValue(option, text);
    options[pair.key] = pair.value;
  }
  return options;
}

}  // namespace

std::map<std::string, std::string> ToReadOptions(const std::vector<std::string>& texts) {
  return ToOptions("--read-option", texts);
}

StoreOptions ToStoreOptions(const std::vector<std::string>& texts) {
  return ToOptions("--store-option", texts);
}

TableName ToTableName(const std::string& option, const std::string& text) {
  arrow::Result<TableName> name = ParseTableName(text);
  if (!name.ok()) {
    throw CLI::ValidationError(option, name.status().message());
  }
  return std::move(name).ValueUnsafe();
}

KeyValue SplitKeyValue(const std::string& option, const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw CLI::ValidationError(option, "takes KEY=VALUE, not '" + text + "'");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace partita::cli
