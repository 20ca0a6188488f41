#include "partita/crawl/exclusion_patterns.h"

#include <algorithm>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "partita/base/error.h"

namespace partita {
namespace {

constexpr size_t kMaxPatterns = 1000;
constexpr char kParameter[] = "exclusions";

size_t SequenceLength(unsigned char lead) {
  if (lead < 0xC0) {
    return 1;
  }
  return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

// Characters of UTF-8; a byte that begins none stands for itself.
std::u32string CharactersOf(std::string_view text) {
  std::u32string characters;
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const size_t length = SequenceLength(lead);
    const std::string_view rest = text.substr(1, length - 1);
    const bool is_whole =
        rest.size() == length - 1 && std::all_of(rest.begin(), rest.end(), [](char c) {
          return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
        });
    char32_t character = lead;
    if (is_whole && length > 1) {
      character = lead & (0xFFU >> (length + 1));
      for (const char c : rest) {
        character = character << 6 | (static_cast<unsigned char>(c) & 0x3FU);
      }
    }
    characters += character;
    text.remove_prefix(is_whole ? length : 1);
  }
  return characters;
}

}  // namespace

// Reads one glob; braces make several patterns of it.
class ExclusionPatterns::Parser {
 public:
  explicit Parser(const std::string& glob) : glob_(glob), text_(CharactersOf(glob)) {}

  arrow::Result<std::vector<Pattern>> Parse() {
    std::vector<Pattern> patterns(1);
    while (at_ < text_.size()) {
      std::vector<Pattern> choices(1);
      if (text_[at_] == '{') {
        ARROW_ASSIGN_OR_RAISE(choices, ParseBraces());
      } else {
        ARROW_ASSIGN_OR_RAISE(Token token, ParseToken());
        choices.front().push_back(std::move(token));
      }
      ARROW_ASSIGN_OR_RAISE(patterns, Joined(patterns, choices));
    }
    return patterns;
  }

 private:
  arrow::Status Fault(std::string_view what) const {
    return Error(ErrorCode::kInvalidConfig, "an exclusion cannot be read, {}: {}", what,
                 glob_);
  }

  arrow::Result<std::vector<Pattern>> Joined(const std::vector<Pattern>& begins,
                                             const std::vector<Pattern>& ends) const {
    if (begins.size() * ends.size() > kMaxPatterns) {
      return Fault("its braces stand for more than 1,000 patterns");
    }
    std::vector<Pattern> joined;
    for (const Pattern& begin : begins) {
      for (const Pattern& end : ends) {
        Pattern& pattern = joined.emplace_back(begin);
        pattern.insert(pattern.end(), end.begin(), end.end());
      }
    }
    return joined;
  }

  arrow::Result<std::vector<Pattern>> ParseBraces() {
    ++at_;
    std::vector<Pattern> choices(1);
    while (at_ < text_.size()) {
      const char32_t c = text_[at_];
      if (c == '}') {
        ++at_;
        return choices;
      }
      if (c == '{') {
        return Fault("it has braces within braces");
      }
      if (c == ',') {
        ++at_;
        choices.emplace_back();
        continue;
      }
      ARROW_ASSIGN_OR_RAISE(Token token, ParseToken());
      choices.back().push_back(std::move(token));
    }
    return Fault("a brace is not closed");
  }

  arrow::Result<Token> ParseToken() {
    const char32_t c = text_[at_++];
    switch (c) {
      case '*':
        if (at_ < text_.size() && text_[at_] == '*') {
          ++at_;
          return Token{.kind = Token::Kind::kDeepRun};
        }
        return Token{.kind = Token::Kind::kRun};
      case '?':
        return Token{.kind = Token::Kind::kAny};
      case '[':
        return ParseList();
      case '\\':
        if (at_ == text_.size()) {
          return Fault("nothing follows its last \\");
        }
        return Token{.character = text_[at_++]};
      default:
        return Token{.character = c};
    }
  }

  arrow::Result<Token> ParseList() {
    Token token{.kind = Token::Kind::kList};
    if (at_ < text_.size() && text_[at_] == '!') {
      token.is_negated = true;
      ++at_;
    }
    while (at_ < text_.size() && text_[at_] != ']') {
      const char32_t first = text_[at_++];
      char32_t last = first;
      // A `-` in front of the bracket that closes the list is itself.
      if (at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']') {
        last = text_[at_ + 1];
        at_ += 2;
      }
      token.ranges.emplace_back(first, last);
    }
    if (at_ == text_.size() || token.ranges.empty()) {
      return Fault("a bracket is not closed, or nothing is in it");
    }
    ++at_;
    return token;
  }

  const std::string& glob_;
  const std::u32string text_;
  size_t at_ = 0;
};

arrow::Result<ExclusionPatterns> ExclusionPatterns::Make(
    const std::vector<std::string>& globs) {
  ExclusionPatterns made;
  for (const std::string& glob : globs) {
    ARROW_ASSIGN_OR_RAISE(std::vector<Pattern> patterns, Parser(glob).Parse());
    for (Pattern& pattern : patterns) {
      made.patterns_.push_back(std::move(pattern));
    }
  }
  return made;
}

bool ExclusionPatterns::MatchesOne(const Token& token, char32_t character) {
  switch (token.kind) {
    case Token::Kind::kCharacter:
      return character == token.character;
    case Token::Kind::kAny:
      return character != '/';
    case Token::Kind::kList: {
      const bool is_in = std::any_of(
          token.ranges.begin(), token.ranges.end(), [character](const auto& range) {
            return character >= range.first && character <= range.second;
          });
      return character != '/' && is_in != token.is_negated;
    }
    case Token::Kind::kRun:
    case Token::Kind::kDeepRun:
      break;
  }
  return false;
}

// `reached[i]`: the tokens so far match the first i characters.
bool ExclusionPatterns::MatchesPattern(const Pattern& pattern, std::u32string_view path) {
  std::vector<char> reached(path.size() + 1, 0);
  reached[0] = 1;
  for (const Token& token : pattern) {
    const bool is_run =
        token.kind == Token::Kind::kRun || token.kind == Token::Kind::kDeepRun;
    std::vector<char> next(path.size() + 1, 0);
    next[0] = static_cast<char>(is_run && reached[0] != 0);
    for (size_t i = 0; i < path.size(); ++i) {
      bool is_reached = false;
      if (is_run) {
        const bool passes = token.kind == Token::Kind::kDeepRun || path[i] != '/';
        is_reached = reached[i + 1] != 0 || (next[i] != 0 && passes);
      } else {
        is_reached = reached[i] != 0 && MatchesOne(token, path[i]);
      }
      next[i + 1] = static_cast<char>(is_reached);
    }
    reached = std::move(next);
  }
  return reached.back() != 0;
}

bool ExclusionPatterns::Matches(std::string_view path) const {
  if (patterns_.empty()) {
    return false;
  }
  const std::u32string characters = CharactersOf(path);
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const Pattern& pattern) {
    return MatchesPattern(pattern, characters);
  });
}

std::string ExclusionParameter(std::string_view target,
                               const std::vector<std::string>& globs) {
  std::string begin;
  for (const char c : target) {
    if (std::string_view("*?[]{}\\").find(c) != std::string_view::npos) {
      begin += '\\';
    }
    begin += c;
  }
  nlohmann::json list = nlohmann::json::array();
  for (const std::string& glob : globs) {
    list.push_back(fmt::format("{}/{}", begin, glob));
  }
  return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

arrow::Result<ExclusionPatterns> ExclusionsOf(const TableDefinition& table) {
  const auto found = table.parameters.find(kParameter);
  if (found == table.parameters.end()) {
    return ExclusionPatterns();
  }
  std::vector<std::string> globs;
  try {
    nlohmann::json::parse(found->second).get_to(globs);
  } catch (const nlohmann::json::exception&) {
    return Error(ErrorCode::kInvalidConfig,
                 "the parameter exclusions of table {}.{} must be a JSON array of "
                 "patterns: {}",
                 table.database, table.name, found->second);
  }
  return ExclusionPatterns::Make(globs);
}

}  // namespace partita
