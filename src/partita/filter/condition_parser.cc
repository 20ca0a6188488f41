#include <algorithm>
#include <array>
#include <utility>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/filter/condition.h"
#include "partita/filter/condition_lexer.h"
#include "partita/model/data_type.h"

namespace partita {
namespace {

constexpr int kMaxDepth = 200;

constexpr std::array<std::string_view, 10> kReserved = {
    "AND", "OR", "NOT", "IN", "BETWEEN", "IS", "LIKE", "NULL", "TRUE", "FALSE"};

struct NamedOp {
  std::string_view symbol;
  ComparisonOp op;
};

constexpr std::array<NamedOp, 8> kComparisons = {{{"=", ComparisonOp::kEqual},
                                                  {"==", ComparisonOp::kEqual},
                                                  {"<>", ComparisonOp::kNotEqual},
                                                  {"!=", ComparisonOp::kNotEqual},
                                                  {"<", ComparisonOp::kLess},
                                                  {"<=", ComparisonOp::kLessEqual},
                                                  {">", ComparisonOp::kGreater},
                                                  {">=", ComparisonOp::kGreaterEqual}}};

Condition Leaf(Condition::Kind kind, std::vector<Operand> operands) {
  Condition leaf;
  leaf.kind = kind;
  leaf.offset = operands.front().offset;
  leaf.operands = std::move(operands);
  return leaf;
}

Condition Comparison(Operand left, ComparisonOp op, Operand right) {
  Condition comparison =
      Leaf(Condition::Kind::kComparison, {std::move(left), std::move(right)});
  comparison.op = op;
  return comparison;
}

Condition Branch(Condition::Kind kind, std::vector<Condition> children) {
  Condition branch;
  branch.kind = kind;
  branch.offset = children.front().offset;
  branch.children = std::move(children);
  return branch;
}

// Recursive descent over one token of look-ahead; docs/format/condition.md has the grammar.
class ConditionParser {
 public:
  explicit ConditionParser(std::string_view text) : text_(text), lexer_(text) {}

  arrow::Result<Condition> Parse() {
    ARROW_RETURN_NOT_OK(Advance());
    if (token_.kind == Token::Kind::kEnd) {
      return ConditionError(text_, 0, "a condition is empty");
    }
    ARROW_ASSIGN_OR_RAISE(Condition condition, ParseOr());
    if (token_.kind != Token::Kind::kEnd) {
      return Unexpected("AND, OR or the end");
    }
    return condition;
  }

 private:
  arrow::Status Advance() {
    ARROW_ASSIGN_OR_RAISE(token_, lexer_.Next());
    return arrow::Status::OK();
  }

  arrow::Status Unexpected(std::string_view wanted) const {
    return ConditionError(text_, token_.offset,
                          fmt::format("a condition needs {} here", wanted));
  }

  bool IsWord(std::string_view word) const {
    return token_.kind == Token::Kind::kWord && EqualsIgnoringCase(token_.text, word);
  }

  bool IsSymbol(std::string_view symbol) const {
    return token_.kind == Token::Kind::kSymbol && token_.text == symbol;
  }

  // Takes the word if it is the next token.
  arrow::Result<bool> Take(std::string_view word) {
    const bool is_next = IsWord(word) || IsSymbol(word);
    if (is_next) {
      ARROW_RETURN_NOT_OK(Advance());
    }
    return is_next;
  }

  arrow::Status Expect(std::string_view word) {
    ARROW_ASSIGN_OR_RAISE(const bool is_next, Take(word));
    return is_next ? arrow::Status::OK() : Unexpected(word);
  }

  arrow::Result<Condition> ParseOr() {
    std::vector<Condition> parts(1);
    ARROW_ASSIGN_OR_RAISE(parts[0], ParseAnd());
    while (IsWord("OR")) {
      ARROW_RETURN_NOT_OK(Advance());
      ARROW_ASSIGN_OR_RAISE(parts.emplace_back(), ParseAnd());
    }
    return parts.size() == 1 ? std::move(parts[0])
                             : Branch(Condition::Kind::kOr, std::move(parts));
  }

  arrow::Result<Condition> ParseAnd() {
    std::vector<Condition> parts(1);
    ARROW_ASSIGN_OR_RAISE(parts[0], ParseNot());
    while (IsWord("AND")) {
      ARROW_RETURN_NOT_OK(Advance());
      ARROW_ASSIGN_OR_RAISE(parts.emplace_back(), ParseNot());
    }
    return parts.size() == 1 ? std::move(parts[0])
                             : Branch(Condition::Kind::kAnd, std::move(parts));
  }

  arrow::Result<Condition> ParseNot() {
    if (++depth_ > kMaxDepth) {
      return ConditionError(
          text_, token_.offset,
          fmt::format("a condition is nested deeper than {} levels", kMaxDepth));
    }
    ARROW_ASSIGN_OR_RAISE(const bool is_negated, Take("NOT"));
    ARROW_ASSIGN_OR_RAISE(Condition condition,
                          is_negated ? ParseNot() : ParsePredicate());
    --depth_;
    return Negated(std::move(condition), is_negated);
  }

  static Condition Negated(Condition condition, bool is_negated) {
    return is_negated ? Branch(Condition::Kind::kNot, {std::move(condition)})
                      : std::move(condition);
  }

  arrow::Result<Condition> ParsePredicate() {
    ARROW_ASSIGN_OR_RAISE(const bool is_group, Take("("));
    if (is_group) {
      ARROW_ASSIGN_OR_RAISE(Condition condition, ParseOr());
      ARROW_RETURN_NOT_OK(Expect(")"));
      return condition;
    }
    ARROW_ASSIGN_OR_RAISE(Operand left, ParseOperand());
    if (token_.kind == Token::Kind::kSymbol) {
      const auto* found = std::find_if(
          kComparisons.begin(), kComparisons.end(),
          [&](const NamedOp& comparison) { return comparison.symbol == token_.text; });
      if (found != kComparisons.end()) {
        ARROW_RETURN_NOT_OK(Advance());
        ARROW_ASSIGN_OR_RAISE(Operand right, ParseOperand());
        return Comparison(std::move(left), found->op, std::move(right));
      }
    }
    return ParseWordPredicate(std::move(left));
  }

  arrow::Result<Condition> ParseWordPredicate(Operand left) {
    if (IsWord("IS")) {
      return ParseIsNull(std::move(left));
    }
    ARROW_ASSIGN_OR_RAISE(const bool is_negated, Take("NOT"));
    if (IsWord("IN")) {
      ARROW_ASSIGN_OR_RAISE(Condition in, ParseIn(std::move(left)));
      return Negated(std::move(in), is_negated);
    }
    if (IsWord("LIKE")) {
      ARROW_ASSIGN_OR_RAISE(Condition like, ParseLike(std::move(left)));
      return Negated(std::move(like), is_negated);
    }
    if (IsWord("BETWEEN")) {
      ARROW_ASSIGN_OR_RAISE(Condition between, ParseBetween(std::move(left)));
      return Negated(std::move(between), is_negated);
    }
    if (is_negated) {
      return Unexpected("IN, LIKE or BETWEEN");
    }
    return Leaf(Condition::Kind::kOperand, {std::move(left)});
  }

  arrow::Result<Condition> ParseIsNull(Operand operand) {
    ARROW_RETURN_NOT_OK(Expect("IS"));
    ARROW_ASSIGN_OR_RAISE(const bool is_negated, Take("NOT"));
    ARROW_RETURN_NOT_OK(Expect("NULL"));
    return Negated(Leaf(Condition::Kind::kIsNull, {std::move(operand)}), is_negated);
  }

  arrow::Result<Condition> ParseIn(Operand left) {
    ARROW_RETURN_NOT_OK(Expect("IN"));
    ARROW_RETURN_NOT_OK(Expect("("));
    std::vector<Operand> operands = {std::move(left)};
    for (bool has_more = true; has_more;) {
      ARROW_ASSIGN_OR_RAISE(operands.emplace_back(), ParseLiteral());
      ARROW_ASSIGN_OR_RAISE(has_more, Take(","));
    }
    ARROW_RETURN_NOT_OK(Expect(")"));
    return Leaf(Condition::Kind::kIn, std::move(operands));
  }

  arrow::Result<Condition> ParseLike(Operand left) {
    ARROW_RETURN_NOT_OK(Expect("LIKE"));
    ARROW_ASSIGN_OR_RAISE(Operand pattern, ParseString("a pattern in single quotes"));
    Condition like = Leaf(Condition::Kind::kLike, {std::move(left), std::move(pattern)});
    ARROW_ASSIGN_OR_RAISE(const bool has_escape, Take("ESCAPE"));
    if (has_escape) {
      const size_t offset = token_.offset;
      ARROW_ASSIGN_OR_RAISE(const Operand escape,
                            ParseString("one character in single quotes"));
      const std::string& text = std::get<Literal>(escape.value).text;
      if (text.size() != 1 || static_cast<unsigned char>(text[0]) >= 0x80) {
        return ConditionError(text_, offset, "ESCAPE takes one character of ASCII");
      }
      like.escape = text[0];
    }
    return like;
  }

  arrow::Result<Condition> ParseBetween(Operand value) {
    ARROW_RETURN_NOT_OK(Expect("BETWEEN"));
    ARROW_ASSIGN_OR_RAISE(Operand low, ParseOperand());
    ARROW_RETURN_NOT_OK(Expect("AND"));
    ARROW_ASSIGN_OR_RAISE(Operand high, ParseOperand());
    Condition from = Comparison(value, ComparisonOp::kGreaterEqual, std::move(low));
    Condition to =
        Comparison(std::move(value), ComparisonOp::kLessEqual, std::move(high));
    return Branch(Condition::Kind::kAnd, {std::move(from), std::move(to)});
  }

  arrow::Result<Operand> ParseString(std::string_view wanted) {
    if (token_.kind != Token::Kind::kString) {
      return Unexpected(wanted);
    }
    return TakeLiteral(Literal::Kind::kString);
  }

  arrow::Result<Operand> TakeLiteral(Literal::Kind kind) {
    Operand operand{.value = Literal{.kind = kind, .text = std::move(token_.text)},
                    .offset = token_.offset};
    ARROW_RETURN_NOT_OK(Advance());
    return operand;
  }

  arrow::Result<Operand> ParseLiteral() {
    ARROW_ASSIGN_OR_RAISE(Operand operand, ParseOperand());
    if (std::holds_alternative<ColumnName>(operand.value)) {
      return ConditionError(text_, operand.offset,
                            "a list holds values only; strings stand in single quotes");
    }
    return operand;
  }

  arrow::Result<Operand> ParseOperand() {
    switch (token_.kind) {
      case Token::Kind::kString:
        return TakeLiteral(Literal::Kind::kString);
      case Token::Kind::kInteger:
        return TakeLiteral(Literal::Kind::kInteger);
      case Token::Kind::kDecimal:
        return TakeLiteral(Literal::Kind::kDecimal);
      case Token::Kind::kFloat:
        return TakeLiteral(Literal::Kind::kFloat);
      case Token::Kind::kDouble:
        return TakeLiteral(Literal::Kind::kDouble);
      case Token::Kind::kQuotedName:
        return TakeColumn();
      case Token::Kind::kWord:
        return ParseWord();
      case Token::Kind::kSymbol:
        return ParseSigned();
      case Token::Kind::kEnd:
        break;
    }
    return Unexpected("a column or a value");
  }

  arrow::Result<Operand> TakeColumn() {
    Operand operand{.value = ColumnName{.name = std::move(token_.text)},
                    .offset = token_.offset};
    ARROW_RETURN_NOT_OK(Advance());
    return operand;
  }

  arrow::Result<Operand> ParseWord() {
    if (IsWord("NULL")) {
      return TakeLiteral(Literal::Kind::kNull);
    }
    if (IsWord("TRUE") || IsWord("FALSE")) {
      token_.text = LowerAscii(token_.text);
      return TakeLiteral(Literal::Kind::kBoolean);
    }
    const bool is_reserved =
        std::any_of(kReserved.begin(), kReserved.end(),
                    [this](std::string_view word) { return IsWord(word); });
    if (is_reserved) {
      return Unexpected("a column or a value; a column of that name stands in \"\"");
    }
    const bool is_date = IsWord("DATE");
    const bool is_timestamp = IsWord("TIMESTAMP");
    ARROW_ASSIGN_OR_RAISE(Operand column, TakeColumn());
    if (token_.kind != Token::Kind::kString || (!is_date && !is_timestamp)) {
      return column;
    }
    return TakeLiteral(is_date ? Literal::Kind::kDate : Literal::Kind::kTimestamp);
  }

  // A number behind a sign.
  arrow::Result<Operand> ParseSigned() {
    const bool is_negative = IsSymbol("-");
    const size_t offset = token_.offset;
    if (!is_negative && !IsSymbol("+")) {
      return Unexpected("a column or a value");
    }
    ARROW_RETURN_NOT_OK(Advance());
    const std::array<Token::Kind, 4> numbers = {
        Token::Kind::kInteger, Token::Kind::kDecimal, Token::Kind::kFloat,
        Token::Kind::kDouble};
    const bool is_number =
        std::find(numbers.begin(), numbers.end(), token_.kind) != numbers.end();
    if (!is_number) {
      return Unexpected("a number");
    }
    ARROW_ASSIGN_OR_RAISE(Operand operand, ParseOperand());
    operand.offset = offset;
    if (is_negative) {
      std::get<Literal>(operand.value).text.insert(0, 1, '-');
    }
    return operand;
  }

  std::string_view text_;
  ConditionLexer lexer_;
  Token token_;
  int depth_ = 0;
};

}  // namespace

arrow::Result<Condition> ParseCondition(std::string_view text) {
  return ConditionParser(text).Parse();
}

arrow::Status ConditionError(std::string_view text, size_t offset,
                             std::string_view what) {
  // The caret counts characters, of which one may be several bytes; tabs and line ends are shown as blanks.
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  const auto is_character = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  };
  const auto column = std::count_if(
      line.begin(), line.begin() + static_cast<std::ptrdiff_t>(offset), is_character);
  return Error(ErrorCode::kInvalidConfig, "{}:\n  {}\n  {:>{}}", what, line, "^",
               column + 1);
}

}  // namespace partita
