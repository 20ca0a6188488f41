#include "cli/command_tree.h"

#include <utility>

#include <CLI/CLI.hpp>

namespace partita::cli {
namespace {

std::vector<std::string> ChoicesOf(CLI::Option& option) {
  try {
    // OneOf() keeps them in its name.
    return CLI::detail::split(option.get_validator(0)->get_name(), '|');
  } catch (const CLI::OptionNotFound&) {
    return {};
  }
}

OptionEntry EntryOf(CLI::Option& option) {
  OptionEntry entry;
  entry.about = option.get_description();
  entry.is_required = option.get_required();
  entry.is_positional = option.get_positional();
  if (entry.is_positional) {
    entry.name = option.get_name(true);
    return entry;
  }
  if (!option.get_snames().empty()) {
    entry.short_name = "-" + option.get_snames().front();
  }
  if (option.get_lnames().empty()) {
    entry.name = std::exchange(entry.short_name, "");
  } else {
    entry.name = "--" + option.get_lnames().front();
  }
  if (option.get_items_expected_max() > 0) {
    entry.value = option.get_type_name();
    for (const std::string& choice : ChoicesOf(option)) {
      if (!choice.empty()) {
        entry.choices.push_back(choice);
      }
    }
  }
  return entry;
}

CommandEntry TreeOf(CLI::App& app, const std::string& path) {
  CommandEntry entry{.path = path,
                     .name = app.get_name(),
                     .about = app.get_description(),
                     .footer = app.get_footer()};
  for (CLI::Option* option : app.get_options()) {
    entry.options.push_back(EntryOf(*option));
  }
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
    entry.commands.push_back(TreeOf(*command, path + "/" + command->get_name()));
  }
  return entry;
}

void Collect(const CommandEntry& entry, std::vector<const CommandEntry*>* all) {
  all->push_back(&entry);
  for (const CommandEntry& command : entry.commands) {
    Collect(command, all);
  }
}

}  // namespace

CommandEntry CommandTree(CLI::App& app) { return TreeOf(app, ""); }

std::vector<const CommandEntry*> AllCommands(const CommandEntry& tree) {
  std::vector<const CommandEntry*> all;
  Collect(tree, &all);
  return all;
}

}  // namespace partita::cli
