#include "cli/manual.h"

#include <string_view>

#include <fmt/core.h>

#include "partita/version.h"

namespace partita::cli {
namespace {

// Text that roff takes as it is: hyphens stay hyphens, and no line begins with a control character.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const bool begins_line = escaped.empty() || escaped.back() == '\n';
    if (begins_line && (c == '.' || c == '\'')) {
      escaped += "\\&";
    }
    switch (c) {
      case '\\':
        escaped += "\\e";
        break;
      case '-':
        escaped += "\\-";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string OptionText(const OptionEntry& option) {
  std::string text = ".TP\n";
  if (!option.short_name.empty()) {
    text += fmt::format("\\fB{}\\fR, ", Escaped(option.short_name));
  }
  text += fmt::format("\\fB{}\\fR", Escaped(option.name));
  if (!option.value.empty()) {
    text += fmt::format(" \\fI{}\\fR", Escaped(option.value));
  }
  text += option.is_required ? " (required)\n" : "\n";
  return text + Escaped(option.about) + "\n";
}

// The lines that a terminal shows as they are.
std::string Examples(const std::string& footer) {
  return footer.empty() ? "" : ".PP\n.nf\n" + Escaped(footer) + "\n.fi\n";
}

std::string CommandName(const CommandEntry& command) {
  std::string name = "partita";
  for (const char c : command.path) {
    name += c == '/' ? ' ' : c;
  }
  return name;
}

std::string CommandText(const CommandEntry& command) {
  std::string text =
      fmt::format(".SS {}\n{}\n", Escaped(CommandName(command)), Escaped(command.about));
  for (const OptionEntry& option : command.options) {
    if (option.name != "--help") {
      text += OptionText(option);
    }
  }
  return text + Examples(command.footer);
}

}  // namespace

std::string ManualPage(const CommandEntry& tree) {
  std::string text = fmt::format(
      ".TH PARTITA 1 \"\" \"partita {}\" \"User Commands\"\n"
      ".SH NAME\npartita \\- {}\n"
      ".SH SYNOPSIS\n\\fBpartita\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...]\n"
      ".SH DESCRIPTION\n{}\n"
      ".PP\nEvery command takes \\fB\\-\\-help\\fR.\n",
      PARTITA_VERSION_STRING, Escaped(tree.about), Escaped(tree.about));
  text += Examples(tree.footer) + ".SH COMMANDS\n";
  for (const CommandEntry* command : AllCommands(tree)) {
    if (!command->path.empty()) {
      text += CommandText(*command);
    }
  }
  return text;
}

}  // namespace partita::cli
