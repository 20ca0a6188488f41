#include "partita/filter/row_filter.h"

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/datum.h>
#include <arrow/scalar.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/filter/prune.h"
#include "partita/model/arrow_types.h"

#include "support/arrow_values.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

BoundCondition Bound(const std::string& text, const Schema& schema) {
  auto condition = ParseCondition(text);
  EXPECT_THAT(condition, IsOk()) << text;
  auto bound = BindCondition(text, *condition, schema);
  EXPECT_THAT(bound, IsOk()) << text;
  return *bound;
}

std::string Bits(const arrow::BooleanArray& array) {
  std::string bits;
  for (int64_t i = 0; i < array.length(); ++i) {
    bits += array.IsNull(i) ? 'N' : (array.Value(i) ? '1' : '0');
  }
  return bits;
}

// Which of the column's values (as Arrow's JSON) the condition on `x` takes.
std::string Matches(const DataType& type, const std::string& json,
                    const std::string& text) {
  const Schema schema{.fields = {{.name = "x", .type = type}}};
  auto filter = RowFilter::Make(Bound(text, schema), schema);
  EXPECT_THAT(filter, IsOk()) << text;
  const auto values = ArrayOf(ToArrowType(type), json);
  const std::vector<arrow::Datum> columns = filter->columns().empty()
                                                ? std::vector<arrow::Datum>()
                                                : std::vector<arrow::Datum>{values};
  auto matches = filter->Matches(columns, values->length());
  EXPECT_THAT(matches, IsOk()) << text;
  return Bits(**matches);
}

TEST(RowFilterTest, TakesRowsForWhichTheConditionIsTrueAndNotThoseWhereItIsUnknown) {
  const DataType type{.id = TypeId::kInteger};
  const char* values = "[1, 2, 3, null]";
  EXPECT_EQ(Matches(type, values, "x = 2"), "0100");
  EXPECT_EQ(Matches(type, values, "not x = 2"), "1010");
  EXPECT_EQ(Matches(type, values, "2 < x"), "0010");
  EXPECT_EQ(Matches(type, values, "x is null or x < 2"), "1001");
  EXPECT_EQ(Matches(type, values, "not (x is null or x < 2)"), "0110");
  EXPECT_EQ(Matches(type, values, "x in (1, 3)"), "1010");
  EXPECT_EQ(Matches(type, values, "x not in (1, 3)"), "0100");
  EXPECT_EQ(Matches(type, values, "x in (1, null)"), "1000");
  EXPECT_EQ(Matches(type, values, "x not in (1, null)"), "0000");
  EXPECT_EQ(Matches(type, values, "x = null or x = 1"), "1000");
  EXPECT_EQ(Matches(type, values, "true"), "1111");
  EXPECT_EQ(Matches(type, values, "1 = 2"), "0000");
  EXPECT_EQ(Matches(type, values, "null"), "0000");
}

TEST(RowFilterTest, ComparesNumbersOfDifferentTypesExactly) {
  const DataType integer{.id = TypeId::kLong};
  const char* integers = "[2011, 2012, 9007199254740993, null]";
  EXPECT_EQ(Matches(integer, integers, "x > 2011.5"), "0110");
  EXPECT_EQ(Matches(integer, integers, "x = 2011.0"), "1000");
  EXPECT_EQ(Matches(integer, integers, "x = 9007199254740993.0"), "0010");
  EXPECT_EQ(Matches(integer, integers, "x < 99999999999999999999"), "1110");
  const DataType decimal{.id = TypeId::kDecimal, .precision = 10, .scale = 2};
  EXPECT_EQ(Matches(decimal, R"(["1.50", "2.00", null])", "x = 1.5"), "100");
  EXPECT_EQ(Matches(decimal, R"(["1.50", "2.00", null])", "x = 2"), "010");
  EXPECT_EQ(Matches(decimal, R"(["1.50", "2.00", null])",
                    "x > 1.499999999999999999999999999999"),
            "110");
  EXPECT_EQ(Matches({.id = TypeId::kByte}, "[1, -128]", "x > -1000"), "11");
  EXPECT_EQ(Matches({.id = TypeId::kFloat}, "[0.1, 0.5]", "x = '0.1'"), "00");
  EXPECT_EQ(Matches({.id = TypeId::kFloat}, "[0.1, 0.5]", "x >= '0.5' and x < '+INF'"),
            "01");
  EXPECT_EQ(Matches({.id = TypeId::kFloat}, "[0.1, 0.5]", "x = 0.1F"), "10");
}

TEST(RowFilterTest, PutsNanAboveAllNumbersAsSparkDoes) {
  const DataType type{.id = TypeId::kDouble};
  const char* values = "[1.5, NaN, -0.0, null, Inf]";
  EXPECT_EQ(Matches(type, values, "x > 1"), "11001");
  EXPECT_EQ(Matches(type, values, "x <= 1.5"), "10100");
  EXPECT_EQ(Matches(type, values, "x = 'NaN'"), "01000");
  EXPECT_EQ(Matches(type, values, "x < 'NaN'"), "10101");
  EXPECT_EQ(Matches(type, values, "x = 0"), "00100");
  EXPECT_EQ(Matches(type, values, "x in (1.5, 'NaN')"), "11000");
  EXPECT_EQ(Matches(type, values, "not x in (1.5, 'NaN')"), "00101");
  EXPECT_EQ(Matches(type, values, "x in (0, 1.5)"), "10100");
}

TEST(RowFilterTest, ComparesTextByBytesAndPatternsWholly) {
  const DataType type{.id = TypeId::kString};
  const char* values = R"(["KIA", "kia", "TH!NK", "a%b", "", null, "Größe", "a\nb"])";
  EXPECT_EQ(Matches(type, values, "x < 'a'"), "10101010");
  EXPECT_EQ(Matches(type, values, "x like 'K%'"), "10000000");
  EXPECT_EQ(Matches(type, values, "x like 'a_b'"), "00010001");
  EXPECT_EQ(Matches(type, values, R"(x like 'a\%b')"), "00010000");
  EXPECT_EQ(Matches(type, values, "x like 'a!%b' escape '!'"), "00010000");
  EXPECT_EQ(Matches(type, values, "x like 'Gr__e'"), "00000010");
  EXPECT_EQ(Matches(type, values, "x like '%'"), "11111011");
  EXPECT_EQ(Matches(type, values, "x not like '%i%'"), "10111011");
  EXPECT_EQ(Matches(type, values, "x like ''"), "00001000");
}

TEST(RowFilterTest, TakesAnEscapedBackslashOfAPatternForOne) {
  const DataType type{.id = TypeId::kString};
  const char* values = R"(["C\\d", "C\\\\d", "xC\\dx", "C.d"])";  // C\d, C\\d, xC\dx, C.d
  EXPECT_EQ(Matches(type, values, R"(x like 'C\\\\d')"), "1000");
  EXPECT_EQ(Matches(type, values, R"(x like '%C\\\\d%')"), "1010");
  EXPECT_EQ(Matches(type, values, R"(x like 'C\\\\%')"), "1100");
  EXPECT_EQ(Matches(type, values, R"(x not like '%\\\\d' )"), "0011");
  EXPECT_EQ(Matches(type, values, R"(x like '%C\\d%' escape '!')"), "1010");
}

TEST(RowFilterTest, TakesVeryLongListsAndChains) {
  std::string list = "x in (0";
  std::string chain = "x = 0";
  for (int i = 1; i < 20'000; ++i) {
    list += "," + std::to_string(i) + ".5D";
    chain += i < 3'000 ? " or x = " + std::to_string(i) : "";
  }
  const DataType type{.id = TypeId::kDouble};
  EXPECT_EQ(Matches(type, "[19999.5, 0.5, -0.0]", list + ")"), "101");
  EXPECT_EQ(Matches(type, "[2999, 0.5, -0.0]", chain), "101");
}

TEST(RowFilterTest, ComparesDatesWithTimestamps) {
  const DataType date{.id = TypeId::kDate};
  const char* days = "[0, 1, null]";
  EXPECT_EQ(Matches(date, days, "x > TIMESTAMP '1970-01-01 00:00:01'"), "010");
  EXPECT_EQ(Matches(date, days, "x = DATE '1970-01-02'"), "010");
  EXPECT_EQ(Matches(date, days, "x between '1970-01-01' and '1970-01-01'"), "100");
  for (const TypeId id : {TypeId::kTimestamp, TypeId::kTimestampNtz}) {
    EXPECT_EQ(Matches({.id = id}, "[0, 1000000]", "x >= '1970-01-01 00:00:01'"), "01");
    EXPECT_EQ(Matches({.id = id}, "[0, 1000000]", "x = DATE '1970-01-01'"), "10");
  }
}

TEST(RowFilterTest, TakesAScalarForAColumnThatIsTheSameInAllRows) {
  const Schema schema{.fields = {{.name = "year", .type = {.id = TypeId::kInteger}},
                                 {.name = "x", .type = {.id = TypeId::kString}}}};
  PARTITA_TEST_ASSIGN(const RowFilter filter,
                      RowFilter::Make(Bound("year = 2011 and x <> 'b'", schema), schema));
  arrow::StringBuilder builder;
  ASSERT_TRUE(builder.AppendValues({"a", "b", "c"}).ok());
  const auto column = *builder.Finish();
  PARTITA_TEST_ASSIGN(
      const auto some,
      filter.Matches({std::make_shared<arrow::Int32Scalar>(2011), column}, 3));
  EXPECT_EQ(Bits(*some), "101");
  PARTITA_TEST_ASSIGN(
      const auto none,
      filter.Matches({std::make_shared<arrow::Int32Scalar>(), column}, 3));
  EXPECT_EQ(Bits(*none), "000");
}

// Random conditions over one column: the rows of a group that is left out never match.
class PruneTwin {
 public:
  explicit PruneTwin(unsigned seed) : random_(seed) {}

  std::string Predicate() {
    static constexpr const char* kOps[] = {"=", "<>", "<", "<=", ">", ">="};
    switch (Below(5)) {
      case 0:
        return "x is null";
      case 1:
        return "x in (" + Value() + ", " + Value() + ")";
      case 2:
        return "x between " + Value() + " and " + Value();
      default:
        return std::string("x ") + kOps[Below(6)] + " " + Value();
    }
  }

  std::string Condition(int depth) {
    switch (depth == 0 ? 3 : Below(4)) {
      case 0:
        return "(" + Condition(depth - 1) + " and " + Condition(depth - 1) + ")";
      case 1:
        return "(" + Condition(depth - 1) + " or " + Condition(depth - 1) + ")";
      case 2:
        return "not " + Condition(depth - 1);
      default:
        return Predicate();
    }
  }

  std::string Value() { return Below(10) == 0 ? "null" : std::to_string(Below(20)); }

  size_t Below(size_t n) {
    return std::uniform_int_distribution<size_t>(0, n - 1)(random_);
  }

 private:
  std::mt19937 random_;
};

struct Group {
  std::shared_ptr<arrow::Array> rows;
  std::optional<double> smallest;
  std::optional<double> largest;
  bool has_null = false;
  bool has_value = false;
};

Group RandomGroup(PruneTwin* twin) {
  Group group;
  arrow::DoubleBuilder rows;
  const size_t base = twin->Below(20);
  for (size_t i = 0; i < 4; ++i) {
    const size_t kind = twin->Below(8);
    if (kind == 0) {
      group.has_null = true;
      EXPECT_TRUE(rows.AppendNull().ok());
      continue;
    }
    group.has_value = true;
    const double value =
        kind == 1 ? std::nan("") : static_cast<double>(base + twin->Below(3));
    EXPECT_TRUE(rows.Append(value).ok());
    if (!std::isnan(value)) {
      group.smallest = std::min(group.smallest.value_or(value), value);
      group.largest = std::max(group.largest.value_or(value), value);
    }
  }
  group.rows = *rows.Finish();
  return group;
}

std::shared_ptr<arrow::Array> OneDouble(std::optional<double> value) {
  arrow::DoubleBuilder builder;
  EXPECT_TRUE((value ? builder.Append(*value) : builder.AppendNull()).ok());
  return *builder.Finish();
}

std::shared_ptr<arrow::BooleanArray> OneFlag(bool value) {
  arrow::BooleanBuilder builder;
  EXPECT_TRUE(builder.Append(value).ok());
  return std::static_pointer_cast<arrow::BooleanArray>(*builder.Finish());
}

TEST(PruneTest, NeverLeavesOutAGroupWithAMatchingRow) {
  const Schema schema{.fields = {{.name = "x", .type = {.id = TypeId::kDouble}}}};
  PruneTwin twin(7);
  int num_left_out = 0;
  int num_taken = 0;
  for (int round = 0; round < 1500; ++round) {
    const std::string text = twin.Condition(3);
    const BoundCondition bound = Bound(text, schema);
    PARTITA_TEST_ASSIGN(const RangeFilter ranges, RangeFilter::Make(bound, schema));
    PARTITA_TEST_ASSIGN(const RowFilter rows, RowFilter::Make(bound, schema));
    const Group group = RandomGroup(&twin);
    const std::vector<ColumnRanges> known(ranges.columns().size(),
                                          {.smallest = OneDouble(group.smallest),
                                           .largest = OneDouble(group.largest),
                                           .has_null = OneFlag(group.has_null),
                                           .has_value = OneFlag(group.has_value)});
    PARTITA_TEST_ASSIGN(const auto may_match, ranges.MayMatch(known, 1));
    const std::vector<arrow::Datum> columns(rows.columns().size(), group.rows);
    PARTITA_TEST_ASSIGN(const auto matches, rows.Matches(columns, group.rows->length()));
    const bool has_match = matches->true_count() > 0;
    EXPECT_TRUE(may_match->Value(0) || !has_match) << text << "\n"
                                                   << group.rows->ToString();
    num_left_out += may_match->Value(0) ? 0 : 1;
    num_taken += has_match ? 1 : 0;
  }
  EXPECT_GT(num_left_out, 200);
  EXPECT_GT(num_taken, 200);
}

TEST(PruneTest, TakesAPatternsBeginningForARange) {
  const Schema schema{.fields = {{.name = "x", .type = {.id = TypeId::kString}}}};
  const auto may_match = [&](const std::string& text, const std::string& low,
                             const std::string& high) {
    auto filter = RangeFilter::Make(Bound(text, schema), schema);
    EXPECT_THAT(filter, IsOk());
    const auto one = [](const std::string& value) {
      arrow::StringBuilder builder;
      EXPECT_TRUE(builder.Append(value).ok());
      return *builder.Finish();
    };
    const std::vector<ColumnRanges> ranges(filter->columns().size(),
                                           {.smallest = one(low),
                                            .largest = one(high),
                                            .has_null = OneFlag(false),
                                            .has_value = OneFlag(true)});
    return (*filter->MayMatch(ranges, 1))->Value(0);
  };
  EXPECT_TRUE(may_match("x like 'KI%'", "KIA", "KIA"));
  EXPECT_TRUE(may_match("x like 'KI%'", "A", "Z"));
  EXPECT_FALSE(may_match("x like 'KI%'", "KJ", "Z"));
  EXPECT_FALSE(may_match("x like 'KI%'", "A", "KH"));
  EXPECT_TRUE(may_match("x like '%A'", "B", "C"));
}

}  // namespace
}  // namespace partita
