#include "partita/filter/condition_lexer.h"

#include <array>
#include <utility>

#include "partita/base/ascii.h"
#include "partita/filter/condition.h"
#include "partita/model/data_type.h"

namespace partita {
namespace {

constexpr std::array<std::string_view, 13> kSymbols = {
    "==", "<>", "!=", "<=", ">=", "(", ")", ",", "=", "<", ">", "-", "+"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Bytes of UTF-8 beyond ASCII belong to names.
bool BeginsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// What a backslash and `c` stand for in Spark's strings. `\%` and `\_` are kept whole, for LIKE.
std::string Unescaped(char c) {
  switch (c) {
    case 'n':
      return "\n";
    case 't':
      return "\t";
    case 'r':
      return "\r";
    case 'b':
      return "\b";
    case '0':
      return std::string(1, '\0');
    case 'Z':
      return "\x1A";
    case '%':
    case '_':
      return {'\\', c};
    default:
      return {c};
  }
}

}  // namespace

arrow::Result<Token> ConditionLexer::Next() {
  while (next_ < text_.size() && IsBlank(text_[next_])) {
    ++next_;
  }
  const size_t begin = next_;
  if (begin == text_.size()) {
    return Token{.kind = Token::Kind::kEnd, .text = {}, .offset = begin};
  }
  const char c = text_[begin];
  if (c == '\'') {
    return String(begin);
  }
  if (c == '"' || c == '`') {
    return QuotedName(begin, c);
  }
  const bool has_digit_behind = begin + 1 < text_.size() && IsDigit(text_[begin + 1]);
  if (IsDigit(c) || (c == '.' && has_digit_behind)) {
    return Number(begin);
  }
  if (!BeginsWord(c)) {
    return Symbol(begin);
  }
  while (next_ < text_.size() && (BeginsWord(text_[next_]) || IsDigit(text_[next_]))) {
    ++next_;
  }
  return Token{.kind = Token::Kind::kWord,
               .text = std::string(text_.substr(begin, next_ - begin)),
               .offset = begin};
}

arrow::Result<Token> ConditionLexer::String(size_t begin) {
  Token token{.kind = Token::Kind::kString, .text = {}, .offset = begin};
  for (size_t i = begin + 1; i < text_.size(); ++i) {
    const char c = text_[i];
    const bool has_next = i + 1 < text_.size();
    if (c == '\\' && has_next) {
      token.text += Unescaped(text_[++i]);
    } else if (c != '\'') {
      token.text += c;
    } else if (has_next && text_[i + 1] == '\'') {
      token.text += text_[++i];
    } else {
      next_ = i + 1;
      return token;
    }
  }
  return ConditionError(text_, begin, "a string is not closed; end it with '");
}

arrow::Result<Token> ConditionLexer::QuotedName(size_t begin, char quote) {
  Token token{.kind = Token::Kind::kQuotedName, .text = {}, .offset = begin};
  for (size_t i = begin + 1; i < text_.size(); ++i) {
    const bool is_quote = text_[i] == quote;
    if (is_quote && (i + 1 == text_.size() || text_[i + 1] != quote)) {
      next_ = i + 1;
      return token;
    }
    token.text += text_[i];
    i += is_quote ? 1 : 0;
  }
  return ConditionError(
      text_, begin, std::string("a column's name is not closed; end it with ") + quote);
}

size_t ConditionLexer::SkipDigits(size_t i) const {
  while (i < text_.size() && IsDigit(text_[i])) {
    ++i;
  }
  return i;
}

arrow::Result<Token> ConditionLexer::Number(size_t begin) {
  Token token{.kind = Token::Kind::kInteger, .text = {}, .offset = begin};
  size_t end = SkipDigits(begin);
  if (end < text_.size() && text_[end] == '.') {
    token.kind = Token::Kind::kDecimal;
    end = SkipDigits(end + 1);
  }
  if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
    const bool has_sign =
        end + 1 < text_.size() && (text_[end + 1] == '-' || text_[end + 1] == '+');
    const size_t digits = end + (has_sign ? 2 : 1);
    token.kind = Token::Kind::kDouble;
    end = SkipDigits(digits);
    if (end == digits) {
      return ConditionError(text_, begin, "a number has no digits behind its exponent");
    }
  }
  token.text = text_.substr(begin, end - begin);
  next_ = end;
  while (next_ < text_.size() && (BeginsWord(text_[next_]) || IsDigit(text_[next_]))) {
    ++next_;
  }
  const std::string suffix = LowerAscii(text_.substr(end, next_ - end));
  const bool is_integer = token.kind == Token::Kind::kInteger;
  if (suffix == "d") {
    token.kind = Token::Kind::kDouble;
  } else if (suffix == "f") {
    token.kind = Token::Kind::kFloat;
  } else if (suffix == "bd") {
    token.kind = Token::Kind::kDecimal;
  } else if (!suffix.empty() &&
             !(is_integer && (suffix == "l" || suffix == "s" || suffix == "y"))) {
    return ConditionError(text_, begin,
                          "a name begins with a letter; put one that does not into \"\"");
  }
  return token;
}

arrow::Result<Token> ConditionLexer::Symbol(size_t begin) {
  for (const std::string_view symbol : kSymbols) {
    if (text_.substr(begin).starts_with(symbol)) {
      next_ = begin + symbol.size();
      return Token{
          .kind = Token::Kind::kSymbol, .text = std::string(symbol), .offset = begin};
    }
  }
  return ConditionError(text_, begin,
                        "a condition cannot hold this character outside of quotes");
}

}  // namespace partita
