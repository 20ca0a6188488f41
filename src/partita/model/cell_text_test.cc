#include "partita/model/cell_text.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/type.h>

#include "support/arrow_values.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

std::string CellOf(const arrow::Array& array, int64_t row = 0) {
  std::string text;
  EXPECT_THAT(AppendCell(array, row, &text), IsOk());
  return text;
}

// The cell of a one-element array that stands in `json`.
std::string CellFromJson(const std::shared_ptr<arrow::DataType>& type,
                         std::string_view json) {
  const auto array = ArrayOf(type, std::string(json));
  return array == nullptr ? "" : CellOf(*array);
}

TEST(CellTextTest, PrintsNumbersAsJavaDoes) {
  EXPECT_EQ(CellFromJson(arrow::int8(), "[-7]"), "-7");
  EXPECT_EQ(CellFromJson(arrow::uint64(), "[18446744073709551615]"),
            "18446744073709551615");
  EXPECT_EQ(CellFromJson(arrow::float32(), "[1.5]"), "1.5");
  EXPECT_EQ(CellFromJson(arrow::float64(), "[1e10]"), "1.0E10");
  EXPECT_EQ(CellFromJson(arrow::boolean(), "[true]"), "true");
}

TEST(CellTextTest, PrintsDecimalsPlainInFullScale) {
  EXPECT_EQ(CellFromJson(arrow::decimal128(10, 2), R"(["1.50"])"), "1.50");
  EXPECT_EQ(CellFromJson(arrow::decimal128(38, 18), R"(["0.000000000000000000"])"),
            "0.000000000000000000");
  EXPECT_EQ(CellFromJson(arrow::decimal128(20, 10), R"(["0.0000001000"])"),
            "0.0000001000");
  EXPECT_EQ(CellFromJson(arrow::decimal128(5, 2), R"(["-0.05"])"), "-0.05");
  EXPECT_EQ(CellFromJson(arrow::decimal128(20, 0), R"(["-12"])"), "-12");
}

TEST(CellTextTest, PrintsDatesAndTimestampsInUtcWithoutTrailingZeros) {
  const auto utc = arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
  EXPECT_EQ(CellFromJson(arrow::date32(), "[19753]"), "2024-01-31");
  EXPECT_EQ(CellFromJson(utc, "[1480550400000000]"), "2016-12-01 00:00:00");
  EXPECT_EQ(CellFromJson(utc, "[1480550430120000]"), "2016-12-01 00:00:30.12");
  EXPECT_EQ(CellFromJson(utc, "[-1]"), "1969-12-31 23:59:59.999999");
  EXPECT_EQ(CellFromJson(arrow::timestamp(arrow::TimeUnit::NANO), "[-1]"),
            "1969-12-31 23:59:59.999999");
  EXPECT_EQ(CellFromJson(arrow::timestamp(arrow::TimeUnit::MILLI), "[500]"),
            "1970-01-01 00:00:00.5");
  EXPECT_EQ(CellFromJson(arrow::timestamp(arrow::TimeUnit::SECOND), "[86400]"),
            "1970-01-02 00:00:00");
}

TEST(CellTextTest, PrintsBinaryInHexadecimal) {
  arrow::BinaryBuilder builder;
  ASSERT_THAT(builder.Append(std::string("He\0\xff", 4)), IsOk());
  ASSERT_THAT(builder.Append(""), IsOk());
  PARTITA_TEST_ASSIGN(const auto array, builder.Finish());
  EXPECT_EQ(CellOf(*array, 0), "[48 65 00 FF]");
  EXPECT_EQ(CellOf(*array, 1), "[]");
}

TEST(CellTextTest, PrintsNestedValuesWithNulls) {
  const auto point = arrow::struct_(
      {arrow::field("x", arrow::int32()),
       arrow::field("y", arrow::struct_({arrow::field("z", arrow::utf8())}))});
  EXPECT_EQ(CellFromJson(point, R"([{"x": 1, "y": {"z": null}}])"), "{1, {NULL}}");
  EXPECT_EQ(CellFromJson(arrow::struct_({}), "[{}]"), "{}");
  EXPECT_EQ(CellFromJson(arrow::list(arrow::int64()), "[[1, null, 3]]"), "[1, NULL, 3]");
  EXPECT_EQ(CellFromJson(arrow::large_list(arrow::int64()), "[[]]"), "[]");
  EXPECT_EQ(CellFromJson(arrow::map(arrow::utf8(), arrow::list(arrow::float64())),
                         R"([[["k", [1.0]], ["z", null]]])"),
            "{k -> [1.0], z -> NULL}");
}

TEST(CellTextTest, ReadsTheRowItIsAskedForInASlice) {
  const auto array = ArrayOf(arrow::list(arrow::utf8()), R"([["a"], ["b", "c"], ["d"]])");
  EXPECT_EQ(CellOf(*array->Slice(1), 0), "[b, c]");
  EXPECT_EQ(CellOf(*array->Slice(1), 1), "[d]");
}

TEST(CellTextTest, LooksThroughDictionaries) {
  const auto type = arrow::dictionary(arrow::int8(), arrow::large_utf8());
  PARTITA_TEST_ASSIGN(
      const auto array,
      arrow::DictionaryArray::FromArrays(type, ArrayOf(arrow::int8(), "[1]"),
                                         ArrayOf(arrow::large_utf8(), R"(["a", "b"])")));
  EXPECT_EQ(CellOf(*array), "b");
}

TEST(CellTextTest, RefusesTypesThatSparkHasNot) {
  const auto array = ArrayOf(arrow::month_interval(), "[3]");
  std::string text;
  EXPECT_THAT(AppendCell(*array, 0, &text),
              FailsWith(ErrorCode::kBadInput, HasSubstr("month_interval")));
}

}  // namespace
}  // namespace partita
