#include "cli/manual.h"

#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "partita/version.h"

#include "cli/exit_code.h"

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

struct Explained {
  std::string name;
  std::string_view about;
};

std::string Listed(std::string_view title, const std::vector<Explained>& entries) {
  std::string text = fmt::format(".SH {}\n", title);
  for (const Explained& entry : entries) {
    text +=
        fmt::format(".TP\n\\fB{}\\fR\n{}\n", Escaped(entry.name), Escaped(entry.about));
  }
  return text;
}

std::string ExitStatus() {
  const auto entry = [](ExitCode code, std::string_view about) {
    return Explained{.name = std::to_string(static_cast<int>(code)), .about = about};
  };
  return Listed(
      "EXIT STATUS",
      {entry(ExitCode::kOk, "done"),
       entry(ExitCode::kConfiguration, "a wrong call, or no such table, column or path"),
       entry(ExitCode::kInputData, "the input breaks its format or its types"),
       entry(ExitCode::kStore,
             "reading or writing failed: no room, no right, keys that are wrong or "
             "expired, no server, no bucket to write to"),
       entry(ExitCode::kConflict, "the target exists, or another job holds it"),
       entry(ExitCode::kCommitStateUnknown,
             "it is not known whether a commit took place; see partita recover"),
       entry(ExitCode::kPartialCommit, "some outputs are committed, others not"),
       entry(ExitCode::kBug, "an error in Partita"),
       entry(ExitCode::kCancelled, "stopped on request")});
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
  text += ExitStatus();
  text += Listed(
      "ENVIRONMENT",
      {{.name = "PARTITA_CATALOG",
        .about = "the catalog file, where no --catalog says it"},
       {.name = "XDG_DATA_HOME", .about = "where the catalog lies otherwise"},
       {.name = "TMPDIR",
        .about = "where rows that do not fit the memory go, where no --temp-dir says it"},
       {.name = "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN",
        .about = "keys for S3; else those of the profile, of a web identity, of the "
                 "container or of the instance, as the AWS SDKs find them"},
       {.name = "AWS_PROFILE, AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE",
        .about = "the profile, and the files that hold it"},
       {.name = "AWS_REGION, AWS_DEFAULT_REGION",
        .about = "the region to ask first; that of a bucket is found"},
       {.name = "AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL",
        .about = "another server than Amazon's, such as http://127.0.0.1:9000"},
       {.name = "AWS_CA_BUNDLE", .about = "certificates to trust, PEM"},
       {.name = "https_proxy, http_proxy, no_proxy",
        .about = "proxies on the way to S3"}});
  text += Listed("FILES",
                 {{.name = "~/.local/share/partita/catalog.db",
                   .about = "the catalog: databases, tables, partitions and past runs"},
                  {.name = ".NAME.partita/",
                   .about = "beside a data set NAME, also on S3: what recover and verify "
                            "look at"}});
  return text;
}

}  // namespace partita::cli
