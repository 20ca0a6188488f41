#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <arrow/result.h>

namespace partita {

/// \brief A word of a condition.
struct Token {
  enum class Kind {
    kWord,        ///< a bare name or a word of the language
    kQuotedName,  ///< "name" or `name`; text without quotes
    kString,      ///< 'text', without quotes and escapes
    kInteger,
    kDecimal,
    kFloat,
    kDouble,
    kSymbol,  ///< one of ( ) , = == <> != < <= > >= + -
    kEnd,
  };
  Kind kind = Kind::kEnd;
  std::string text;
  size_t offset = 0;  ///< where it begins in the condition's text
};

/// \brief Cuts a condition's text into tokens.
///
/// Ownership:     borrows the text.
/// Thread safety: one thread at a time.
/// Errors:        kInvalidConfig for a character that begins no token, and for quotes that are not closed.
class ConditionLexer {
 public:
  explicit ConditionLexer(std::string_view text) : text_(text) {}

  /// The next token; kEnd at the end, any number of times.
  arrow::Result<Token> Next();

 private:
  arrow::Result<Token> String(size_t begin);
  arrow::Result<Token> QuotedName(size_t begin, char quote);
  arrow::Result<Token> Number(size_t begin);
  arrow::Result<Token> Symbol(size_t begin);
  size_t SkipDigits(size_t i) const;

  std::string_view text_;
  size_t next_ = 0;
};

}  // namespace partita
