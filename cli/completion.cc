#include "cli/completion.h"

#include <string_view>

#include <fmt/format.h>

namespace partita::cli {
namespace {

// In single quotes of a shell; `quote` stands for a quote in it.
std::string Quoted(std::string_view text, std::string_view quote) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += quote;
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string ShellQuoted(std::string_view text) { return Quoted(text, R"('\'')"); }

// zsh's _describe parts value and text at a colon.
std::string Described(const std::string& value, std::string_view about) {
  std::string text = value + ":";
  for (const char c : about) {
    text += c == ':' ? "\\:" : std::string(1, c);
  }
  return ShellQuoted(text);
}

// Lines `/catalog/show) command=/catalog/show ;;` for every word that leads to a command.
std::string Transitions(const CommandEntry& tree, std::string_view line) {
  std::string text;
  for (const CommandEntry* command : AllCommands(tree)) {
    if (!command->path.empty()) {
      text += fmt::format(fmt::runtime(line), command->path);
    }
  }
  return text;
}

std::string PatternOf(const CommandEntry& command, const OptionEntry& option) {
  std::string pattern = fmt::format("{}:{}", command.path, option.name);
  if (!option.short_name.empty()) {
    pattern += fmt::format("|{}:{}", command.path, option.short_name);
  }
  return pattern;
}

// What may stand in a command's place: its commands, or its options.
std::vector<std::string> Words(const CommandEntry& command, bool is_option) {
  std::vector<std::string> words;
  for (const CommandEntry& below : command.commands) {
    if (!is_option) {
      words.push_back(below.name);
    }
  }
  for (const OptionEntry& option : command.options) {
    if (is_option && !option.is_positional) {
      words.push_back(option.name);
    }
  }
  return words;
}

std::vector<std::string> DescribedWords(const CommandEntry& command, bool is_option) {
  std::vector<std::string> words;
  for (const CommandEntry& below : command.commands) {
    if (!is_option) {
      words.push_back(Described(below.name, below.about));
    }
  }
  for (const OptionEntry& option : command.options) {
    if (is_option && !option.is_positional) {
      words.push_back(Described(option.name, option.about));
    }
  }
  return words;
}

std::string BashWords(const CommandEntry& tree, bool is_option) {
  std::string text;
  for (const CommandEntry* command : AllCommands(tree)) {
    const std::vector<std::string> words = Words(*command, is_option);
    if (!words.empty()) {
      text += fmt::format("    \"{}\") words=\"{}\" ;;\n", command->path,
                          fmt::join(words, " "));
    }
  }
  return text;
}

std::string ZshWords(const CommandEntry& tree, bool is_option) {
  std::string text;
  for (const CommandEntry* command : AllCommands(tree)) {
    const std::vector<std::string> words = DescribedWords(*command, is_option);
    if (!words.empty()) {
      text += fmt::format("    (\"{}\") found=({}) ;;\n", command->path,
                          fmt::join(words, " "));
    }
  }
  return text;
}

// A line for every option whose values are known.
std::string Values(const CommandEntry& tree, std::string_view line) {
  std::string text;
  for (const CommandEntry* command : AllCommands(tree)) {
    for (const OptionEntry& option : command->options) {
      if (!option.choices.empty()) {
        text += fmt::format(fmt::runtime(line), PatternOf(*command, option),
                            fmt::join(option.choices, " "));
      }
    }
  }
  return text;
}

std::string FishLine(const CommandEntry& command, const OptionEntry& option) {
  const bool is_long = option.name.starts_with("--");
  std::string text =
      fmt::format("complete -c partita -n 'test (__partita_command) = \"/{}\"' -{} {}",
                  command.path.empty() ? "" : command.path.substr(1), is_long ? 'l' : 's',
                  option.name.substr(is_long ? 2 : 1));
  if (!option.short_name.empty()) {
    text += " -s " + option.short_name.substr(1);
  }
  if (!option.choices.empty()) {
    text += fmt::format(" -x -a '{}'", fmt::join(option.choices, " "));
  } else if (!option.value.empty()) {
    text += " -r";
  }
  return text + " -d " + Quoted(option.about, "\\'") + "\n";
}

}  // namespace

std::string BashCompletion(const CommandEntry& tree) {
  return "# bash completion of partita; made by `partita completion bash`\n"
         "_partita() {\n"
         "  local command=\"\" word words=\"\" current=${COMP_WORDS[COMP_CWORD]}\n"
         "  local previous=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case $command/$word in\n" +
         Transitions(tree, "      {0}) command={0} ;;\n") +
         "    esac\n"
         "  done\n"
         "  case $command:$previous in\n" +
         Values(tree, "    {}) words=\"{}\" ;;\n") +
         "  esac\n"
         "  if [ -n \"$words\" ]; then\n"
         "    :\n"
         "  elif [[ $current == -* ]]; then\n"
         "    case $command in\n" +
         BashWords(tree, true) +
         "    esac\n"
         "  else\n"
         "    case $command in\n" +
         BashWords(tree, false) +
         "    esac\n"
         "  fi\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "}\n"
         "complete -o default -F _partita partita\n";
}

std::string ZshCompletion(const CommandEntry& tree) {
  return "#compdef partita\n"
         "# zsh completion of partita; made by `partita completion zsh`\n"
         "_partita() {\n"
         "  local command=\"\" i\n"
         "  local -a found\n"
         "  for ((i = 2; i < CURRENT; ++i)); do\n"
         "    case $command/$words[i] in\n" +
         Transitions(tree, "      ({0}) command={0} ;;\n") +
         "    esac\n"
         "  done\n"
         "  case $command:$words[CURRENT-1] in\n" +
         Values(tree, "    ({}) found=({}) ;;\n") +
         "  esac\n"
         "  if (( $#found )); then\n"
         "    _describe value found\n"
         "    return\n"
         "  fi\n"
         "  if [[ $words[CURRENT] == -* ]]; then\n"
         "    case $command in\n" +
         ZshWords(tree, true) +
         "    esac\n"
         "    _describe option found\n"
         "    return\n"
         "  fi\n"
         "  case $command in\n" +
         ZshWords(tree, false) +
         "  esac\n"
         "  if (( $#found )); then\n"
         "    _describe command found\n"
         "  else\n"
         "    _files\n"
         "  fi\n"
         "}\n"
         "if [[ $funcstack[1] == _partita ]]; then\n"
         "  _partita \"$@\"\n"
         "else\n"
         "  compdef _partita partita\n"
         "fi\n";
}

std::string FishCompletion(const CommandEntry& tree) {
  std::string text =
      "# fish completion of partita; made by `partita completion fish`\n"
      "function __partita_command\n"
      "  set -l command \"\"\n"
      "  for word in (commandline -opc)[2..-1]\n"
      "    switch \"$command/$word\"\n" +
      Transitions(tree,
                  "      case {0}\n"
                  "        set command {0}\n") +
      "    end\n"
      "  end\n"
      "  test -n \"$command\"; and echo $command; or echo /\n"
      "end\n";
  for (const CommandEntry* command : AllCommands(tree)) {
    for (const CommandEntry& below : command->commands) {
      text += fmt::format(
          "complete -c partita -f -n 'test (__partita_command) = \"/{}\"' -a {} -d {}\n",
          command->path.empty() ? "" : command->path.substr(1), below.name,
          Quoted(below.about, "\\'"));
    }
    for (const OptionEntry& option : command->options) {
      if (!option.is_positional) {
        text += FishLine(*command, option);
      }
    }
  }
  return text;
}

}  // namespace partita::cli
