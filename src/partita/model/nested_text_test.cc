#include "partita/model/nested_text.h"

#include <string>
#include <vector>

#include <arrow/array.h>
#include <arrow/type.h>

#include "partita/model/arrow_types.h"

#include "support/arrow_values.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

DataType Parsed(const std::string& hive) {
  auto type = ParseHiveType(hive);
  EXPECT_THAT(type, IsOk());
  return type.ValueOr(DataType());
}

// The text of one value, given in Arrow's JSON.
std::string WrittenAs(const std::string& hive, const std::string& json) {
  const DataType type = Parsed(hive);
  const auto array = ArrayOf(ToArrowType(type), "[" + json + "]");
  std::string text;
  EXPECT_THAT(AppendNestedText(*array, 0, type, &text), IsOk());
  return text;
}

TEST(NestedTextTest, WritesPartsByTypeWithoutNames) {
  EXPECT_EQ(WrittenAs("struct<n:bigint,tags:array<string>>",
                      R"({"n": 7, "tags": ["a", null]})"),
            "(1:72[1:a-");
  EXPECT_EQ(WrittenAs("array<int>", "[]"), "0[");
  EXPECT_EQ(WrittenAs("map<string,array<int>>", R"([["k", [1]], ["", null]])"),
            "2{1:k1[1:10:-");
  EXPECT_EQ(
      WrittenAs("struct<a:int,b:struct<c:string>>", R"({"a": null, "b": {"c": null}})"),
      "(-(-");
  EXPECT_EQ(WrittenAs("array<array<boolean>>", "[[true], [], null]"), "3[1[4:true0[-");
}

TEST(NestedTextTest, KeepsEveryValueExactly) {
  EXPECT_EQ(WrittenAs("array<timestamp>", R"(["2016-12-01 00:00:00.123456"])"),
            "1[26:2016-12-01 00:00:00.123456");
  EXPECT_EQ(WrittenAs("array<decimal(20,18)>", R"(["0.000000000000000000"])"),
            "1[20:0.000000000000000000");
  EXPECT_EQ(WrittenAs("array<double>", "[0.1, NaN, -Inf, 1e300]"),
            "4[3:0.13:NaN9:-Infinity7:1.0E300");
  EXPECT_EQ(WrittenAs("array<binary>", R"(["He"])"), "1[4:SGU=");
  EXPECT_EQ(WrittenAs("array<string>", R"(["a:[{(-,\"é\n"])"), "1[11:a:[{(-,\"é\n");
}

TEST(NestedTextTest, ReadsSlicesOfArrays) {
  const DataType type = Parsed("struct<a:array<int>,m:map<string,int>>");
  const auto array =
      ArrayOf(ToArrowType(type),
              R"([{"a": [9, 9], "m": [["x", 9]]}, {"a": [1], "m": [["y", 2]]}, null])");
  const auto slice = array->Slice(1);
  std::string text;
  ASSERT_THAT(AppendNestedText(*slice, 0, type, &text), IsOk());
  EXPECT_EQ(text, "(1[1:11{1:y1:2");
}

TEST(NestedTextTest, AReaderGivesThePartsBack) {
  const std::string text = WrittenAs("struct<n:bigint,t:array<string>,m:map<int,int>>",
                                     R"({"n": null, "t": ["", "x"], "m": [[1, null]]})");
  NestedTextReader reader(text);
  EXPECT_FALSE(reader.TakeNull());
  reader.EnterStruct();
  EXPECT_TRUE(reader.TakeNull());
  EXPECT_FALSE(reader.TakeNull());
  ASSERT_EQ(reader.EnterArray(), 2U);
  EXPECT_EQ(reader.TakeScalar(), "");
  EXPECT_EQ(reader.TakeScalar(), "x");
  ASSERT_EQ(reader.EnterMap(), 1U);
  EXPECT_EQ(reader.TakeScalar(), "1");
  EXPECT_TRUE(reader.TakeNull());
  EXPECT_THAT(reader.Finish(), IsOk());
}

TEST(NestedTextTest, AReaderTellsTextOfAnotherType) {
  for (const std::string text :
       {"", "1:", "2:a", "x:a", ":a", "1", "99999999999999999999:", "-1:a", "(", "1:ab",
        "4000000000[-"}) {
    NestedTextReader scalar(text);
    scalar.TakeScalar();
    EXPECT_THAT(scalar.Finish(), FailsWith(ErrorCode::kInternal, HasSubstr("nested")))
        << text;
    NestedTextReader array(text);
    const size_t count = array.EnterArray();
    EXPECT_LE(count, text.size());
    EXPECT_THAT(array.Finish(), FailsWith(ErrorCode::kInternal, HasSubstr("nested")));
    EXPECT_TRUE(array.is_sound() || array.TakeNull());
  }
  NestedTextReader record("1[1:a");
  record.EnterStruct();
  EXPECT_FALSE(record.is_sound());
}

TEST(NestedTextTest, RefusesValuesThatSparkHasNot) {
  std::string text;
  const DataType decimals = Parsed("array<decimal(3,0)>");
  const auto values = ArrayOf(arrow::list(arrow::decimal128(5, 0)), R"([["12345"]])");
  EXPECT_THAT(AppendNestedText(*values, 0, decimals, &text),
              FailsWith(ErrorCode::kBadInput, HasSubstr("12345")));
}

TEST(NestedTextTest, RefusesTypesThatNoFileHolds) {
  EXPECT_THAT(CheckNestedType(Parsed("struct<a:int,b:map<int,array<decimal(3,1)>>>")),
              IsOk());
  EXPECT_THAT(CheckNestedType(Parsed("array<struct<a:int,A:int>>")),
              FailsWith(ErrorCode::kBadInput, HasSubstr("same name")));
  EXPECT_THAT(CheckNestedType({.id = TypeId::kStruct}),
              FailsWith(ErrorCode::kBadInput, HasSubstr("no fields")));
  const DataType nothing{
      .id = TypeId::kArray,
      .children = {{.name = "element", .type = {.id = TypeId::kNull}}}};
  EXPECT_THAT(CheckNestedType(nothing),
              FailsWith(ErrorCode::kBadInput, HasSubstr("void")));
  DataType deep;
  for (int i = 0; i < 100; ++i) {
    deep =
        DataType{.id = TypeId::kArray, .children = {{.name = "element", .type = deep}}};
    EXPECT_EQ(CheckNestedType(deep).ok(), i < 99);
  }
  EXPECT_THAT(CheckNestedType(deep),
              FailsWith(ErrorCode::kBadInput, HasSubstr("100 levels")));
}

}  // namespace
}  // namespace partita
