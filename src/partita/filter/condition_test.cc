#include "partita/filter/condition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string ToText(const Operand& operand) {
  if (const auto* column = std::get_if<ColumnName>(&operand.value)) {
    return "[" + column->name + "]";
  }
  const auto& literal = std::get<Literal>(operand.value);
  return "nbidFfsDT"[static_cast<size_t>(literal.kind)] + ("'" + literal.text + "'");
}

// The tree in a form of its own, with all parentheses.
std::string ToText(const Condition& condition) {
  static constexpr const char* kOps[] = {"=", "<>", "<", "<=", ">", ">="};
  static constexpr const char* kKinds[] = {"",     "",    "in",  "like",
                                           "null", "not", "and", "or"};
  std::string text = condition.kind == Condition::Kind::kComparison
                         ? kOps[static_cast<size_t>(condition.op)]
                         : kKinds[static_cast<size_t>(condition.kind)];
  text += "(";
  for (const Operand& operand : condition.operands) {
    text += ToText(operand) + " ";
  }
  for (const Condition& child : condition.children) {
    text += ToText(child) + " ";
  }
  if (text.back() == ' ') {
    text.pop_back();
  }
  return text + ")";
}

std::string Parsed(std::string_view text) {
  auto condition = ParseCondition(text);
  return condition.ok() ? ToText(*condition) : condition.status().message();
}

TEST(ConditionTest, BindsNotBeforeAndBeforeOr) {
  EXPECT_EQ(Parsed("not a or b and c"), "or(not(([a])) and(([b]) ([c])))");
  EXPECT_EQ(Parsed("not (a or b) and c"), "and(not(or(([a]) ([b]))) ([c]))");
}

TEST(ConditionTest, ReadsEveryPredicate) {
  EXPECT_EQ(Parsed("a = 1 AND b == 2"), "and(=([a] i'1') =([b] i'2'))");
  EXPECT_EQ(Parsed("a<>1 or a!=1"), "or(<>([a] i'1') <>([a] i'1'))");
  EXPECT_EQ(Parsed("1<=a"), "<=(i'1' [a])");
  EXPECT_EQ(Parsed("a in ('x', null, -1.5)"), "in([a] s'x' n'null' d'-1.5')");
  EXPECT_EQ(Parsed("a not in (1)"), "not(in([a] i'1'))");
  EXPECT_EQ(Parsed("a between 1 and 2 and b"),
            "and(and(>=([a] i'1') <=([a] i'2')) ([b]))");
  EXPECT_EQ(Parsed("a not between 1 and 2"), "not(and(>=([a] i'1') <=([a] i'2')))");
  EXPECT_EQ(Parsed("a not like 'x%'"), "not(like([a] s'x%'))");
  EXPECT_EQ(Parsed("a is not null"), "not(null([a]))");
  EXPECT_EQ(Parsed("TRUE"), "(b'true')");
}

TEST(ConditionTest, ReadsNamesInBothKindsOfQuotes) {
  EXPECT_EQ(Parsed("\"Model Year\" = `a``b`"), "=([Model Year] [a`b])");
  EXPECT_EQ(Parsed("\"a\"\"b\" = Größe"), "=([a\"b] [Größe])");
}

TEST(ConditionTest, ReadsLiteralsAsSparkDoes) {
  EXPECT_EQ(Parsed("a = 'O''Fallon'"), "=([a] s'O'Fallon')");
  EXPECT_EQ(Parsed(R"(a = 'O\'Fallon\t\\')"), "=([a] s'O'Fallon\t\\')");
  EXPECT_EQ(Parsed("a = 1e3"), "=([a] f'1e3')");
  EXPECT_EQ(Parsed("a = .5"), "=([a] d'.5')");
  EXPECT_EQ(Parsed("a in (1D, 2.5f, 7L, 1.50BD)"), "in([a] f'1' F'2.5' i'7' d'1.50')");
  EXPECT_EQ(Parsed("a = date '2024-02-29'"), "=([a] D'2024-02-29')");
  EXPECT_EQ(Parsed("a = Timestamp'2024-02-29'"), "=([a] T'2024-02-29')");
  EXPECT_EQ(Parsed("date = 1 and timestamp = 2"),
            "and(=([date] i'1') =([timestamp] i'2'))");
}

TEST(ConditionTest, PointsAtWhatItDoesNotUnderstand) {
  EXPECT_THAT(ParseCondition("Make = 'KIA' and and x"),
              FailsWith(ErrorCode::kInvalidConfig,
                        HasSubstr("\n  Make = 'KIA' and and x\n                   ^")));
  EXPECT_THAT(
      ParseCondition("Größe = = 1"),
      FailsWith(ErrorCode::kInvalidConfig, HasSubstr("\n  Größe = = 1\n          ^")));
}

TEST(ConditionTest, RefusesWhatIsNoCondition) {
  for (const char* text : {"",
                           "  ",
                           "a =",
                           "= 1",
                           "(a",
                           "a)",
                           "a b",
                           "a in ()",
                           "a in (b)",
                           "a in 1",
                           "a like b",
                           "a like 'x' escape 'xy'",
                           "a between 1",
                           "a not 1",
                           "a is 1",
                           "'open",
                           "\"open",
                           "a = 1x",
                           "a = 1e",
                           "a ; b",
                           "not",
                           "- a = 1",
                           "and"}) {
    EXPECT_THAT(ParseCondition(text),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("^")))
        << text;
  }
}

TEST(ConditionTest, RefusesEndlessNesting) {
  const std::string open(100'000, '(');
  EXPECT_THAT(ParseCondition(open + "a"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("nested")));
  std::string nots;
  for (int i = 0; i < 10'000; ++i) {
    nots += "not ";
  }
  EXPECT_THAT(ParseCondition(nots + "a"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("nested")));
}

}  // namespace
}  // namespace partita
