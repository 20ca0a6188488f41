#include "partita/model/scalar_text.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

DataType TypeOf(TypeId id, int precision = 0, int scale = 0) {
  return {.id = id, .precision = precision, .scale = scale};
}

const DataType kAllTypes[] = {
    TypeOf(TypeId::kBoolean),      TypeOf(TypeId::kByte),
    TypeOf(TypeId::kShort),        TypeOf(TypeId::kInteger),
    TypeOf(TypeId::kLong),         TypeOf(TypeId::kFloat),
    TypeOf(TypeId::kDouble),       TypeOf(TypeId::kDecimal, 10, 2),
    TypeOf(TypeId::kString),       TypeOf(TypeId::kDecimal, 9, 9),
    TypeOf(TypeId::kBinary),       TypeOf(TypeId::kDecimal, 38, 0),
    TypeOf(TypeId::kDate),         TypeOf(TypeId::kTimestamp),
    TypeOf(TypeId::kTimestampNtz),
};

std::string Rendered(std::string_view text, const DataType& type, RenderStyle style) {
  std::string out;
  AppendRendered(text, type, style, &out);
  return out;
}

// Texts near the border of every type's grammar.
std::string RandomText(std::mt19937* random) {
  constexpr std::string_view kSeeds[] = {
      "0",
      "7",
      "-12.50",
      "1234567.25",
      "0.001",
      "2016-12-01",
      "true",
      "2016-12-01 00:00:00.5",
      "2016-12-01T00:00:00.500Z",
      "0.000000100",
      "9999",
      "1E-7",
      "99999999999999999999",
      "NaN",
  };
  constexpr std::string_view kLetters = "0123456789-+.eEdTZ: ,";
  std::string text(kSeeds[(*random)() % std::size(kSeeds)]);
  for (auto edits = (*random)() % 3; edits > 0 && !text.empty(); --edits) {
    const size_t at = (*random)() % text.size();
    const char letter = kLetters[(*random)() % kLetters.size()];
    switch ((*random)() % 3) {
      case 0:
        text.erase(at, 1);
        break;
      case 1:
        text.insert(at, 1, letter);
        break;
      default:
        text[at] = letter;
    }
  }
  return text;
}

TEST(ScalarTextTest, WholeNumbersStayWithinTheirType) {
  EXPECT_TRUE(FitsType("127", TypeOf(TypeId::kByte)));
  EXPECT_FALSE(FitsType("128", TypeOf(TypeId::kByte)));
  EXPECT_TRUE(FitsType("-32768", TypeOf(TypeId::kShort)));
  EXPECT_FALSE(FitsType("-32769", TypeOf(TypeId::kShort)));
  EXPECT_TRUE(FitsType("2147483647", TypeOf(TypeId::kInteger)));
  EXPECT_FALSE(FitsType("2147483648", TypeOf(TypeId::kInteger)));
  EXPECT_TRUE(FitsType("2147483648", TypeOf(TypeId::kLong)));
}

TEST(ScalarTextTest, BooleansAreTrueAndFalseInAnyCase) {
  EXPECT_EQ(ParseBoolean("tRuE"), true);
  EXPECT_EQ(ParseBoolean("FALSE"), false);
  for (const std::string_view text : {"", "t", "yes", "1", " true", "true "}) {
    EXPECT_EQ(ParseBoolean(text), std::nullopt) << text;
  }
}

TEST(ScalarTextTest, EveryTextIsAStringAndNoneANestedValue) {
  EXPECT_TRUE(FitsType("", TypeOf(TypeId::kString)));
  EXPECT_TRUE(FitsType("\xff", TypeOf(TypeId::kBinary)));
  EXPECT_FALSE(FitsType("[1]", TypeOf(TypeId::kArray)));
  EXPECT_FALSE(FitsType("x", TypeOf(TypeId::kNull)));
}

TEST(ScalarTextTest, RendersEachTypeForItsPlace) {
  EXPECT_EQ(Rendered("007", TypeOf(TypeId::kLong), RenderStyle::kCast), "7");
  EXPECT_EQ(Rendered("-0", TypeOf(TypeId::kByte), RenderStyle::kCast), "0");
  EXPECT_EQ(Rendered("TRUE", TypeOf(TypeId::kBoolean), RenderStyle::kCast), "true");
  EXPECT_EQ(Rendered("0", TypeOf(TypeId::kDecimal, 9, 9), RenderStyle::kCast),
            "0.000000000");
  EXPECT_EQ(Rendered("0", TypeOf(TypeId::kDecimal, 9, 9), RenderStyle::kDataFile),
            "0E-9");
  EXPECT_EQ(Rendered("ab\xff", TypeOf(TypeId::kBinary), RenderStyle::kDataFile),
            "[61 62 FF]");
  EXPECT_EQ(Rendered("ab", TypeOf(TypeId::kBinary), RenderStyle::kCast), "ab");
  EXPECT_EQ(Rendered(" a ", TypeOf(TypeId::kString), RenderStyle::kDataFile), " a ");
}

TEST(ScalarTextTest, CommonFormsAreCanonical) {
  EXPECT_TRUE(IsCanonical("-7", TypeOf(TypeId::kLong)));
  EXPECT_TRUE(IsCanonical("9223372036854775807", TypeOf(TypeId::kLong)));
  EXPECT_TRUE(IsCanonical("0", TypeOf(TypeId::kInteger)));
  EXPECT_TRUE(IsCanonical("12.5", TypeOf(TypeId::kDouble)));
  EXPECT_TRUE(IsCanonical("-12.50", TypeOf(TypeId::kDecimal, 10, 2)));
  EXPECT_TRUE(IsCanonical("2016-12-01", TypeOf(TypeId::kDate)));
  EXPECT_TRUE(IsCanonical("2016-12-01 00:00:00", TypeOf(TypeId::kTimestamp)));
  EXPECT_TRUE(IsCanonical("2016-12-01T00:00:00.500Z", TypeOf(TypeId::kTimestamp),
                          RenderStyle::kDataFile));
}

TEST(ScalarTextTest, CanonicalTextsAreRenderedAsTheyStand) {
  std::mt19937 random(11);
  int canonical = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = RandomText(&random);
    for (const DataType& type : kAllTypes) {
      for (const RenderStyle style : {RenderStyle::kCast, RenderStyle::kDataFile}) {
        if (IsCanonical(text, type, style)) {
          ++canonical;
          EXPECT_TRUE(FitsType(text, type)) << text;
          EXPECT_EQ(Rendered(text, type, style), text);
        }
      }
    }
  }
  EXPECT_GT(canonical, 20'000);
}

TEST(ScalarTextTest, RenderedTextsAreValuesOfTheirType) {
  std::mt19937 random(12);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = RandomText(&random);
    for (const DataType& type : kAllTypes) {
      if (FitsType(text, type)) {
        const std::string rendered = Rendered(text, type, RenderStyle::kCast);
        EXPECT_TRUE(FitsType(rendered, type)) << text << " became " << rendered;
        EXPECT_EQ(Rendered(rendered, type, RenderStyle::kCast), rendered) << text;
      }
    }
  }
}

}  // namespace
}  // namespace partita
