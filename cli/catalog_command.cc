#include <functional>
#include <memory>

#include <CLI/CLI.hpp>
#include <arrow/result.h>
#include <fmt/core.h>

#include "partita/catalog.h"

#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/dropped_json.h"
#include "cli/input_arguments.h"

namespace partita::cli {
namespace {

struct Arguments {
  std::string name;  ///< DB or DB.TABLE
  std::string catalog_file;
  bool json = false;
};

// A whole listing, or the failure that kept it from being made.
using Listing = arrow::Result<std::string>;

template <typename Entry>
std::string JsonArray(const std::vector<Entry>& entries) {
  std::string text = "[";
  for (const Entry& entry : entries) {
    text += (text.size() == 1 ? "\n" : ",\n") + ToJson(entry);
  }
  return text + (entries.empty() ? "]\n" : "\n]\n");
}

template <typename Entry>
std::string Names(const std::vector<Entry>& entries) {
  std::string text;
  for (const Entry& entry : entries) {
    text += entry.name + "\n";
  }
  return text;
}

std::string Columns(std::string_view title, const std::vector<CatalogColumn>& columns) {
  std::string text;
  for (const CatalogColumn& column : columns) {
    text += fmt::format("  {}  {}\n", OneLine(column.name), OneLine(column.type));
  }
  return text.empty() ? "" : fmt::format("{}\n{}", title, text);
}

std::string Parameters(std::string_view title,
                       const std::map<std::string, std::string>& parameters) {
  std::string text;
  for (const auto& [key, value] : parameters) {
    text += fmt::format("  {} = {}\n", OneLine(key), OneLine(value));
  }
  return text.empty() ? "" : fmt::format("{}\n{}", title, text);
}

std::string Describe(const TableDefinition& table) {
  const StorageDescriptor& storage = table.storage;
  return fmt::format(
             "table          {}.{}\n"
             "type           {}\n"
             "location       {}\n"
             "input format   {}\n"
             "output format  {}\n"
             "serde          {}\n",
             table.database, table.name, table.table_type, OneLine(storage.location),
             storage.input_format, storage.output_format,
             storage.serde.serialization_library) +
         Columns("columns", storage.columns) +
         Columns("partition keys", table.partition_keys) +
         Parameters("serde parameters", storage.serde.parameters) +
         Parameters("parameters", table.parameters);
}

Listing Databases(Catalog& catalog, const Arguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const auto databases, catalog.ListDatabases());
  return arguments.json ? JsonArray(databases) : Names(databases);
}

Listing Tables(Catalog& catalog, const Arguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const auto tables, catalog.ListTables(arguments.name));
  return arguments.json ? JsonArray(tables) : Names(tables);
}

Listing ShowTable(Catalog& catalog, const Arguments& arguments) {
  const TableName name = ToTableName("DB.TABLE", arguments.name);
  ARROW_ASSIGN_OR_RAISE(const auto table, catalog.GetTable(name.database, name.table));
  return arguments.json ? ToJson(table) + "\n" : Describe(table);
}

// One line each: the values, then the location, with tabs between.
Listing Partitions(Catalog& catalog, const Arguments& arguments) {
  const TableName name = ToTableName("DB.TABLE", arguments.name);
  ARROW_ASSIGN_OR_RAISE(const auto partitions,
                        catalog.ListPartitions(name.database, name.table));
  if (arguments.json) {
    return JsonArray(partitions);
  }
  std::string text;
  for (const PartitionDefinition& partition : partitions) {
    for (const std::string& value : partition.values) {
      text += OneLine(value) + "\t";
    }
    text += OneLine(partition.storage.location) + "\n";
  }
  return text;
}

Listing Drop(Catalog& catalog, const Arguments& arguments) {
  if (arguments.name.find('.') == std::string::npos) {
    ARROW_RETURN_NOT_OK(catalog.DropDatabase(arguments.name));
  } else {
    const TableName name = ToTableName("DB.TABLE", arguments.name);
    ARROW_RETURN_NOT_OK(catalog.DropTable(name.database, name.table));
  }
  if (arguments.json) {
    return DroppedJson(arguments.name);
  }
  return "dropped " + OneLine(arguments.name) + "; its data was not touched\n";
}

using Work = Listing (*)(Catalog&, const Arguments&);

ExitCode Run(Work work, const Arguments& arguments) {
  auto catalog = OpenExistingCatalog(arguments.catalog_file);
  if (!catalog.ok()) {
    return Fail(catalog.status());
  }
  const Listing listing = work(**catalog, arguments);
  if (!listing.ok()) {
    return Fail(listing.status());
  }
  Print(*listing);
  return ExitCode::kOk;
}

struct Description {
  std::string name;
  std::string help;
  std::string argument;  ///< what the command names; empty for nothing
  std::vector<std::string> examples;
};

void AddListing(CLI::App& parent, Action& action, const Description& description,
                Work work) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command =
      parent.add_subcommand(description.name, description.help)->group("Commands");
  if (!description.argument.empty()) {
    command->add_option(description.argument, arguments->name)->required()->type_name("");
  }
  command->add_flag("--json", arguments->json, "Print JSON in Glue's member names");
  AddCatalogOption(*command, arguments->catalog_file);
  AddExamples(*command, description.examples);
  command->callback([arguments, &action, work] {
    action = [arguments, work] { return Run(work, *arguments); };
  });
}

}  // namespace

void AddCatalogCommand(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("catalog", "List, show and drop catalog entries");
  command->require_subcommand(1);
  AddListing(*command, action,
             {"databases", "List the databases", "", {"partita catalog databases"}},
             &Databases);
  AddListing(
      *command, action,
      {"tables", "List a database's tables", "DB", {"partita catalog tables glue_db"}},
      &Tables);
  AddListing(
      *command, action,
      {"show",
       "Show a table's columns, location and parameters",
       "DB.TABLE",
       {"partita catalog show glue_db.electric_vehicle_population_data_csv",
        "partita catalog show --json glue_db.electric_vehicle_population_data_csv"}},
      &ShowTable);
  AddListing(*command, action,
             {"partitions",
              "List a table's partitions: values, then location",
              "DB.TABLE",
              {"partita catalog partitions glue_db.ev_by_make"}},
             &Partitions);
  AddListing(
      *command, action,
      {"drop",
       "Drop an entry, or a database with all its tables; never the data",
       "DB[.TABLE]",
       {"partita catalog drop glue_db.ev_by_make", "partita catalog drop glue_db"}},
      &Drop);
  AddExamples(*command,
              {"partita catalog databases --json",
               "partita catalog show glue_db.electric_vehicle_population_data_csv"});
}

}  // namespace partita::cli
