#include "cli/value_checks.h"

#include <charconv>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace partita::cli {

CLI::Validator OneOf(std::vector<std::string> choices) {
  const std::string name = fmt::format("{}", fmt::join(choices, "|"));
  const auto check = [choices = std::move(choices)](std::string& text) -> std::string {
    for (const std::string& choice : choices) {
      if (CLI::detail::to_lower(choice) == CLI::detail::to_lower(text)) {
        text = choice;
        return "";
      }
    }
    return fmt::format("must be {}, not '{}'", fmt::join(choices, " or "), text);
  };
  return CLI::Validator(check, "", name);
}

CLI::Validator NotEmpty() {
  const auto check = [](const std::string& text) -> std::string {
    return text.empty() ? "is empty; leave it out if everything is meant" : "";
  };
  return CLI::Validator(check, "");
}

CLI::Validator Within(int64_t least, int64_t most) {
  const auto check = [least, most](std::string& text) -> std::string {
    int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc() && rest == end && number >= least && number <= most) {
      return "";
    }
    const bool is_bounded = most != std::numeric_limits<int64_t>::max();
    return fmt::format("must be a whole number from {}{}, not '{}'", least,
                       is_bounded ? fmt::format(" to {}", most) : "", text);
  };
  return CLI::Validator(check, "");
}

}  // namespace partita::cli
