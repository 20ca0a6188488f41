#include "partita/config/toml_text.h"

#include <algorithm>
#include <utility>

#include "partita/base/error.h"

namespace partita {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The offset behind the string that begins at `begin` with a quote, once or three times.
size_t EndOfString(std::string_view text, size_t begin) {
  const char quote = text[begin];
  const std::string three(3, quote);
  const bool has_lines = text.substr(begin).starts_with(three);
  const std::string_view close =
      has_lines ? std::string_view{three} : text.substr(begin, 1);
  for (size_t i = begin + close.size(); i < text.size(); ++i) {
    if (text[i] == '\\' && quote == '"') {
      ++i;
    } else if (text.substr(i).starts_with(close)) {
      return i + close.size();
    } else if (text[i] == '\n' && !has_lines) {
      return i;
    }
  }
  return text.size();
}

arrow::Status CheckOnlyAsciiOutsideQuotes(std::string_view text,
                                          const std::string& name) {
  for (size_t i = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
       i < text.size();) {
    if (text[i] == '#') {
      i = std::min(text.find('\n', i), text.size());
    } else if (text[i] == '"' || text[i] == '\'') {
      i = EndOfString(text, i);
    } else if (static_cast<unsigned char>(text[i]) > 0x7F) {
      return Error(
          ErrorCode::kInvalidConfig,
          "{}:{}: a name or text with other than ASCII characters stands in quotes", name,
          1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(i),
                         '\n'));
    } else {
      ++i;
    }
  }
  return arrow::Status::OK();
}

// The text with another letter for each byte beyond ASCII: TOML if the text is.
std::string OnlyAscii(std::string_view text) {
  std::string ascii(
      text.substr(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0));
  std::ranges::replace_if(
      ascii, [](char c) { return static_cast<unsigned char>(c) > 0x7F; }, 'x');
  return ascii;
}

arrow::Status ErrorOf(const toml::parse_result& parsed, const std::string& name) {
  const toml::source_position& place = parsed.error().source().begin;
  return Error(ErrorCode::kInvalidConfig, "{}:{}:{}: {}", name, place.line, place.column,
               parsed.error().description());
}

}  // namespace

arrow::Result<toml::table> ParseToml(std::string_view text, const std::string& name) {
  const toml::parse_result ascii = toml::parse(OnlyAscii(text));
  if (!ascii) {
    return ErrorOf(ascii, name);
  }
  ARROW_RETURN_NOT_OK(CheckOnlyAsciiOutsideQuotes(text, name));
  toml::parse_result parsed = toml::parse(text, name);
  return parsed ? arrow::Result<toml::table>(std::move(parsed).table())
                : ErrorOf(parsed, name);
}

}  // namespace partita
