#include "cli/diagnostics.h"

#include <cerrno>
#include <cstdio>
#include <map>
#include <memory>
#include <system_error>

#include <CLI/CLI.hpp>
#include <arrow/status.h>
#include <fmt/core.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "cli/value_checks.h"

namespace partita::cli {
namespace {

// Spark's words, in Spark's order.
const std::map<std::string, spdlog::level::level_enum>& LogLevels() {
  static const std::map<std::string, spdlog::level::level_enum> levels = {
      {"ALL", spdlog::level::trace},      {"TRACE", spdlog::level::trace},
      {"DEBUG", spdlog::level::debug},    {"INFO", spdlog::level::info},
      {"WARN", spdlog::level::warn},      {"ERROR", spdlog::level::err},
      {"FATAL", spdlog::level::critical}, {"OFF", spdlog::level::off}};
  return levels;
}

// A line's level in Spark's words.
class LevelWord : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& destination) override {
    const std::string_view word = message.level == spdlog::level::info   ? "INFO"
                                  : message.level == spdlog::level::warn ? "WARN"
                                                                         : "ERROR";
    destination.append(word.data(), word.data() + word.size());
  }

  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<LevelWord>();
  }
};

}  // namespace

void AddLogOptions(CLI::App& command, LogArguments& arguments) {
  command.add_flag("-q,--quiet", arguments.quiet,
                   "No progress and no summary; errors and warnings only");
  command
      .add_option("--log-level", arguments.level,
                  "ALL, TRACE, DEBUG, INFO, WARN, ERROR, FATAL or OFF [INFO]")
      ->type_name("LEVEL")
      ->transform(OneOf(KeysOf(LogLevels())));
}

void StartLogging(const LogArguments& arguments) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<LevelWord>('*').set_pattern("%Y-%m-%d %H:%M:%S %* %v");
  auto logger = spdlog::stderr_logger_mt("partita");
  logger->set_formatter(std::move(formatter));
  logger->set_level(LogLevels().at(arguments.level));
  spdlog::set_default_logger(std::move(logger));
}

void Print(std::string_view text) {
  (void)std::fwrite(text.data(), 1, text.size(), stdout);
}

ExitCode FlushOutput() {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) {
    return ExitCode::kOk;
  }
  return Fail(ExitCode::kStore, "writing to standard output failed: " +
                                    std::generic_category().message(errno));
}

std::string Counted(int64_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      line += "\\n";
    } else if (c == '\t') {
      line += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      line += fmt::format("\\x{:02x}", byte);
    } else {
      line += c;
    }
  }
  return line;
}

namespace {

// Whether a message ends in a text and a caret below it, which mean nothing in one line.
bool PointsAtAPlace(std::string_view message) {
  const size_t last = message.rfind('\n');
  return last != std::string_view::npos && message.ends_with('^') &&
         message.find_first_not_of(' ', last + 1) == message.size() - 1;
}

}  // namespace

ExitCode Fail(ExitCode code, std::string_view message) {
  (void)std::fflush(stdout);
  std::string text = "partita: error: ";
  if (PointsAtAPlace(message)) {
    const size_t caret = message.rfind('\n');
    const size_t shown = message.rfind('\n', caret - 1);
    text += OneLine(message.substr(0, shown)) + "\n" +
            OneLine(message.substr(shown + 1, caret - shown - 1)) + "\n" +
            std::string(message.substr(caret + 1)) + "\n";
  } else {
    text += OneLine(message) + "\n";
  }
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
  return code;
}

void Warn(std::string_view message) {
  (void)std::fflush(stdout);
  const std::string text = "partita: warning: " + OneLine(message) + "\n";
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
}

ExitCode Fail(const arrow::Status& status) {
  const ErrorCode code = CodeOf(status);
  const ExitCode exit_code = ExitCodeOf(code);
  if (exit_code == ExitCode::kBug) {
    return Fail(exit_code,
                fmt::format("a bug in Partita, please report it: {}", status.ToString()));
  }
  return Fail(exit_code, status.message());
}

}  // namespace partita::cli
