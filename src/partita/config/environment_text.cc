#include "partita/config/environment_text.h"

#include "partita/base/error.h"
#include "partita/base/system.h"

namespace partita {
namespace {

bool IsName(std::string_view text) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
  return !text.empty() && text.find_first_not_of(kLetters) == std::string_view::npos;
}

// What stands between the braces of `${…}`.
arrow::Result<std::string> ValueOf(std::string_view reference) {
  constexpr std::string_view kOtherwise = ":-";
  const size_t mark = reference.find(kOtherwise);
  const std::string_view name = reference.substr(0, mark);
  if (!IsName(name)) {
    return Error(ErrorCode::kInvalidConfig,
                 "no environment variable is called like this: ${{{}}}", reference);
  }
  std::string value = Environment(std::string(name).c_str());
  const bool is_set = !value.empty();
  if (is_set && mark == std::string_view::npos) {
    return value;
  }
  if (mark == std::string_view::npos) {
    return Error(ErrorCode::kInvalidConfig,
                 "the environment variable {0} is not set; set it, or give a default: "
                 "${{{0}:-…}}",
                 name);
  }
  const std::string_view otherwise = reference.substr(mark + kOtherwise.size());
  if (otherwise.find('$') != std::string_view::npos) {
    return Error(ErrorCode::kInvalidConfig,
                 "a default is a text without variables in it: ${{{}}}", reference);
  }
  return is_set ? value : std::string(otherwise);
}

}  // namespace

arrow::Result<std::string> WithEnvironment(std::string_view text) {
  std::string result;
  while (true) {
    const size_t dollar = text.find('$');
    result += text.substr(0, dollar);
    if (dollar == std::string_view::npos) {
      return result;
    }
    const std::string_view rest = text.substr(dollar + 1);
    const size_t close = rest.find('}');
    if (rest.starts_with('$')) {
      result += '$';
      text = rest.substr(1);
    } else if (rest.starts_with('{') && close != std::string_view::npos) {
      ARROW_ASSIGN_OR_RAISE(const std::string value, ValueOf(rest.substr(1, close - 1)));
      result += value;
      text = rest.substr(close + 1);
    } else {
      return Error(ErrorCode::kInvalidConfig,
                   "a single $ stands for nothing; write ${{NAME}} for an environment "
                   "variable, $$ for the character: \"{}\"",
                   text);
    }
  }
}

}  // namespace partita
