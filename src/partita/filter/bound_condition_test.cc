#include "partita/filter/bound_condition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const Schema kSchema{.fields = {{.name = "Make", .type = {.id = TypeId::kString}},
                                {.name = "Model Year", .type = {.id = TypeId::kInteger}},
                                {.name = "Day", .type = {.id = TypeId::kDate}},
                                {.name = "Blob", .type = {.id = TypeId::kBinary}},
                                {.name = "Old", .type = {.id = TypeId::kBoolean}}}};

arrow::Result<BoundCondition> Bound(std::string_view text) {
  ARROW_ASSIGN_OR_RAISE(const Condition condition, ParseCondition(text));
  return BindCondition(text, condition, kSchema);
}

TEST(BoundConditionTest, SaysWhichColumnMayHaveBeenMeant) {
  EXPECT_THAT(
      Bound("\"Model Yaer\" = 2011"),
      FailsWith(ErrorCode::kInvalidConfig,
                AllOf(HasSubstr("no column \"Model Yaer\"; did you mean \"Model Year\"?"),
                      HasSubstr("\n  ^"))));
}

TEST(BoundConditionTest, RefusesToCompareTextWithNumbers) {
  EXPECT_THAT(
      Bound("make = 2011"),
      FailsWith(ErrorCode::kInvalidConfig, AllOf(HasSubstr("column \"make\" is string"),
                                                 HasSubstr("single quotes"))));
  EXPECT_THAT(Bound("make = \"Model Year\""),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("compared")));
  EXPECT_THAT(Bound("old = 1"),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("is boolean"), HasSubstr("value is tinyint"))));
}

TEST(BoundConditionTest, ReadsAStringAsTheColumnsType) {
  EXPECT_THAT(Bound("\"Model Year\" = '2011' and Day >= '2024-02-29' and old = 'true'"),
              IsOk());
  EXPECT_THAT(
      Bound("\"Model Year\" = 'new'"),
      FailsWith(ErrorCode::kInvalidConfig, HasSubstr("column \"Model Year\" is int")));
  EXPECT_THAT(Bound("Day = 'new'"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("is date")));
}

TEST(BoundConditionTest, RefusesWhatHasNoOrderOrIsNoCondition) {
  for (const char* text :
       {"Blob = 'x'", "Make", "\"Model Year\" like '2%'", R"(Make like 'x\\x')",
        R"(Make like 'x\\')", "Day = DATE '2024-02-30'", "Old = 1", "1 = 'x'",
        "\"Model Year\" = 123456789012345678901234567890123456789"}) {
    EXPECT_THAT(Bound(text), FailsWith(ErrorCode::kInvalidConfig, HasSubstr("^")))
        << text;
  }
  EXPECT_THAT(Bound("Blob is null"), IsOk());
}

TEST(BoundConditionTest, KeepsOnlyWhatKnownColumnsDecide) {
  const auto is_true = [](std::string_view text) {
    const auto bound = BindKnownColumns(text, *ParseCondition(text), kSchema);
    EXPECT_THAT(bound, IsOk()) << text;
    return IsAlwaysTrue(*bound);
  };
  EXPECT_TRUE(is_true("x = 1"));
  EXPECT_TRUE(is_true("not x = 1"));
  EXPECT_TRUE(is_true("x = 1 or make = 'KIA'"));
  EXPECT_TRUE(is_true("make = x"));
  EXPECT_FALSE(is_true("x = 1 and make = 'KIA'"));
  EXPECT_FALSE(is_true("not (x = 1 or make = 'KIA')"));
  EXPECT_FALSE(is_true("(x = 1 and make = 'KIA') or (x = 2 and make = 'BMW')"));
}

}  // namespace
}  // namespace partita
