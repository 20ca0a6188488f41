#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/model/scalar_text.h"

// The tables were taken from Spark 4.3 reading and writing these texts.

namespace partita {
namespace {

using ::testing::Eq;
using ::testing::Optional;

std::string Rendered(double value) {
  std::string out;
  AppendDouble(value, &out);
  return out;
}

std::string Rendered(float value) {
  std::string out;
  AppendFloat(value, &out);
  return out;
}

struct NumberCase {
  std::string_view text;
  std::string_view rendered;
};

constexpr NumberCase kDoubles[] = {
    {"0", "0.0"},
    {"-0", "-0.0"},
    {"007", "7.0"},
    {"+5", "5.0"},
    {".5", "0.5"},
    {"5.", "5.0"},
    {"-.5", "-0.5"},
    {"1e3", "1000.0"},
    {"1E3", "1000.0"},
    {"1e+3", "1000.0"},
    {"1e-3", "0.001"},
    {"1.5e10", "1.5E10"},
    {"1d", "1.0"},
    {"1F", "1.0"},
    {"1e5d", "100000.0"},
    {"0x1p3", "8.0"},
    {"0X1.8P1", "3.0"},
    {"0x1p1d", "2.0"},
    {"NaN", "NaN"},
    {"-NaN", "NaN"},
    {"NaN ", "NaN"},
    {"Inf", "Infinity"},
    {"-Inf", "-Infinity"},
    {"+Infinity", "Infinity"},
    {"-Infinity", "-Infinity"},
    {" 5", "5.0"},
    {"\t5 ", "5.0"},
    {"1e400", "Infinity"},
    {"-1e400", "-Infinity"},
    {"1e-400", "0.0"},
    {"1e99999999999", "Infinity"},
    {"0e99999999999", "0.0"},
    {"1e-99999999999", "0.0"},
    {"5E-324", "4.9E-324"},
    {"2.4E-324", "0.0"},
    {"2.2250738585072012e-308", "2.2250738585072014E-308"},
    {"1.7976931348623157E308", "1.7976931348623157E308"},
    {"1.7976931348623159E308", "Infinity"},
    {"9999999", "9999999.0"},
    {"9999999.5", "9999999.5"},
    {"10000000", "1.0E7"},
    {"0.001", "0.001"},
    {"0.00099999", "9.9999E-4"},
    {"1e-5", "1.0E-5"},
    {"123456789", "1.23456789E8"},
    {"9007199254740993", "9.007199254740992E15"},
    {"0.30000000000000004", "0.30000000000000004"},
    {"12345678901234567890123456789012345678901234567890", "1.2345678901234567E49"},
    {"0.000000000000000000000000000000000000000000001", "1.0E-45"},
};

constexpr NumberCase kFloats[] = {
    {"9999999.5", "1.0E7"},
    {"16777217", "1.6777216E7"},
    {"0.30000000000000004", "0.3"},
    {"3.4028236E38", "Infinity"},
    {"1.4E-45", "1.4E-45"},
    {"1e-46", "0.0"},
    {"1e23", "1.0E23"},
    {"-Inf", "-Infinity"},
    {"0x1p1d", "2.0"},
};

constexpr std::string_view kNoNumbers[] = {
    "",     ".",       "1e",   "1e+",      "0x1.8", "0x10", "nan",
    "NAN",  "+Inf",    "inf",  "infinity", " Inf",  "1,5",  "1,000.5",
    "1_0",  "--1",     "1ee5", "0x",       "d",     "e5",   "1.2.3",
    "-.e5", "\u00a05", "NaNd", "1dd",      "0xp1",  "+-1",  "1e-",
};

TEST(ScalarTextNumberTest, DoublesReadAndPrintAsInSpark) {
  for (const auto& [text, rendered] : kDoubles) {
    const std::optional<double> value = ParseDouble(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(Rendered(*value), rendered) << text;
  }
}

TEST(ScalarTextNumberTest, FloatsAreRoundedOnce) {
  for (const auto& [text, rendered] : kFloats) {
    const std::optional<float> value = ParseFloat(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(Rendered(*value), rendered) << text;
  }
}

TEST(ScalarTextNumberTest, RefusesWhatSparkRefuses) {
  for (const std::string_view text : kNoNumbers) {
    EXPECT_FALSE(ParseDouble(text)) << text;
    EXPECT_FALSE(ParseFloat(text)) << text;
  }
}

TEST(ScalarTextNumberTest, PrintedDoublesReadBackUnchanged) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t bits = random();
    double value = 0;
    std::memcpy(&value, &bits, sizeof(value));
    const std::string text = Rendered(value);
    if (std::isnan(value)) {
      EXPECT_EQ(text, "NaN");
    } else {
      EXPECT_THAT(ParseDouble(text), Optional(Eq(value))) << text;
    }
  }
}

TEST(ScalarTextNumberTest, LongsCoverTheirRangeAndNoMore) {
  EXPECT_THAT(ParseLong("9223372036854775807"),
              Optional(std::numeric_limits<int64_t>::max()));
  EXPECT_THAT(ParseLong("-9223372036854775808"),
              Optional(std::numeric_limits<int64_t>::min()));
  EXPECT_THAT(ParseLong("00000000000000000000000000000012"), Optional(12));
  EXPECT_THAT(ParseLong("+5"), Optional(5));
  EXPECT_THAT(ParseLong("-0"), Optional(0));
  for (const std::string_view text :
       {"9223372036854775808", "-9223372036854775809", "18446744073709551616",
        "99999999999999999999", "", "-", "+", "--5", " 5", "5 ", "1.0", "1e3", "0x10",
        "1_000", "1L", "abc"}) {
    EXPECT_FALSE(ParseLong(text)) << text;
  }
}

}  // namespace
}  // namespace partita
