#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/model/scalar_text.h"

// The tables were taken from Spark 4.3 reading and writing these texts.

namespace partita {
namespace {

struct DecimalCase {
  std::string_view text;
  int precision;
  int scale;
  std::string_view cast;
  std::string_view file = cast;
};

constexpr DecimalCase kDecimals[] = {
    {"0", 10, 2, "0.00"},
    {"-0.0", 10, 2, "0.00"},
    {"1.5", 10, 2, "1.50"},
    {"1.005", 10, 2, "1.01"},
    {"1.004", 10, 2, "1.00"},
    {"-1.005", 10, 2, "-1.01"},
    {"1.995", 10, 2, "2.00"},
    {"99999999.994", 10, 2, "99999999.99"},
    {"-99999999.99", 10, 2, "-99999999.99"},
    {"007", 10, 2, "7.00"},
    {"+.5", 10, 2, "0.50"},
    {"5.", 10, 2, "5.00"},
    {"1e3", 10, 2, "1000.00"},
    {"5e-3", 10, 2, "0.01"},
    {"1e-7", 10, 2, "0.00"},
    {"0e2147483647", 10, 2, "0.00"},
    {"1,000.5", 10, 2, "1000.50"},
    {"1,,5", 10, 2, "15.00"},
    {",1", 10, 2, "1.00"},
    {"-.5", 38, 0, "-1"},
    {"99999999.995", 38, 0, "100000000"},
    {"99999999999999999999999999999999999999", 38, 0,
     "99999999999999999999999999999999999999"},
    {"-12345678901234567890123456789012345678", 38, 0,
     "-12345678901234567890123456789012345678"},
    {"0.00000000000000000000000000000000000001", 38, 38,
     "0.00000000000000000000000000000000000001", "1E-38"},
    {"0.000000000000000000000000000000000000001", 38, 38,
     "0.00000000000000000000000000000000000000", "0E-38"},
    {"-.5", 38, 38, "-0.50000000000000000000000000000000000000"},
    {"0", 18, 18, "0.000000000000000000", "0E-18"},
    {"1e-7", 18, 18, "0.000000100000000000", "1.00000000000E-7"},
    {"0", 10, 6, "0.000000"},
    {"0.000001", 10, 6, "0.000001"},
    {"0", 10, 7, "0.0000000", "0E-7"},
    {"0.0000001", 10, 7, "0.0000001", "1E-7"},
    {"1e+2", 10, 7, "100.0000000"},
    {"-1e-7", 9, 9, "-0.000000100", "-1.00E-7"},
};

TEST(ScalarTextDecimalTest, ReadsAndPrintsAsSpark) {
  for (const DecimalCase& c : kDecimals) {
    const std::optional<Decimal128Parts> value =
        ParseDecimal(c.text, c.precision, c.scale);
    ASSERT_TRUE(value) << c.text;
    std::string cast;
    std::string file;
    AppendDecimal(*value, c.scale, RenderStyle::kCast, &cast);
    AppendDecimal(*value, c.scale, RenderStyle::kDataFile, &file);
    EXPECT_EQ(cast, c.cast) << c.text;
    EXPECT_EQ(file, c.file) << c.text;
  }
}

TEST(ScalarTextDecimalTest, NegativeValuesAreInTwosComplement) {
  EXPECT_EQ(ParseDecimal("-0.01", 10, 2),
            (Decimal128Parts{.high = -1, .low = ~uint64_t{0}}));
  EXPECT_EQ(ParseDecimal("18446744073709551617", 38, 0),
            (Decimal128Parts{.high = 1, .low = 1}));
}

TEST(ScalarTextDecimalTest, RefusesWhatSparkRefuses) {
  for (const std::string_view text :
       {"", ",", ".", " 5", "5 ", "abc", "NaN", "1d", "0x1", "1e", "--1", "1_0",
        "1e2147483647", "1e2147483648", "1e99999999999", "99999999.995", "100000000",
        "123456789012345678901234567890123456789"}) {
    EXPECT_FALSE(ParseDecimal(text, 10, 2)) << text;
  }
  EXPECT_FALSE(ParseDecimal("1", 38, 38));
  EXPECT_FALSE(ParseDecimal("100000000000000000000000000000000000000", 38, 0));
}

}  // namespace
}  // namespace partita
