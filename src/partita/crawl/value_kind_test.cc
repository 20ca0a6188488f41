#include "partita/crawl/value_kind.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/model/scalar_text.h"

namespace partita {
namespace {

void ExpectKind(ValueKind kind, std::initializer_list<const char*> texts) {
  for (const char* text : texts) {
    EXPECT_EQ(KindOfValue(text), kind) << '"' << text << '"';
  }
}

TEST(ValueKindTest, TakesIntegersThatADoubleHolds) {
  ExpectKind(kSmallLong, {"0", "7", "-1", "98125", "999999999999999", "9007199254740992",
                          "-9007199254740992"});
}

TEST(ValueKindTest, TakesIntegersOfSixtyFourBits) {
  ExpectKind(kLargeLong,
             {"9007199254740993", "9223372036854775807", "-9223372036854775808"});
}

TEST(ValueKindTest, TakesDecimalsAndExponents) {
  ExpectKind(kDoubleValue, {"1.5", "-0.0", "0.00", ".5", "5.", "1e5", "1E-7", "2.5e+10",
                            "-122.23825", "98125.10", "0.1234567890123456",
                            "1.7976931348623157e308", "5e-324", "0e9"});
}

TEST(ValueKindTest, TakesTrueAndFalseInAnyCase) {
  ExpectKind(kBooleanValue, {"true", "FALSE", "True"});
}

TEST(ValueKindTest, LeavesAsTextWhatANumberWouldChange) {
  ExpectKind(kTextValue,
             {"02020", "-01", "00", "-0", "+5", "00.5", "007.25",
              // over 64 bits
              "9223372036854775808", "-9223372036854775809", "123456789012345678901234",
              // more digits than a double has, or beyond its range
              "0.12345678901234567890", "9007199254740993.5", "1e400", "1e-400",
              "1e99999999999"});
}

TEST(ValueKindTest, LeavesAsTextWhatIsNoNumber) {
  ExpectKind(kTextValue, {"NaN", "Inf",  "-Infinity", "-",          ".",     "-.",
                          "1-2", "1,5",  "1.2.3",     "1e",         "1e+",   "1e+-5",
                          "e5",  "0x1F", "1d",        "5f",         " 5",    "5 ",
                          " ",   "yes",  "trueish",   "2024-01-31", "1_000", "５"});
}

TEST(ValueKindTest, NoTextIsNoEvidence) { EXPECT_EQ(KindOfValue(""), kNoValue); }

TEST(ValueKindTest, WhatItCallsANumberFitsTheTypeThatFollows) {
  for (const char* text : {"0", "-1", "9223372036854775807", "1.5", ".5", "5.", "1e5",
                           "2.5e+10", "1.7976931348623157e308", "true", "FALSE"}) {
    const ValueKind kind = KindOfValue(text);
    const TypeId type = kind == kDoubleValue    ? TypeId::kDouble
                        : kind == kBooleanValue ? TypeId::kBoolean
                                                : TypeId::kLong;
    EXPECT_TRUE(FitsType(text, {.id = type})) << text;
  }
}

TEST(ValueKindTest, GluesRulesTakeMoreForNumbers) {
  const auto kind = [](const char* text) {
    return KindOfValue(text, {.numbers = NumberRules::kGlues});
  };
  for (const char* text : {"0", "7", "-1", "02020", "000", "-0", "-007",
                           "9223372036854775807", "-9223372036854775808"}) {
    EXPECT_EQ(kind(text), kSmallLong) << text;
  }
  for (const char* text : {"1.5", "007.5", "-0.0", ".5", "5.", "1e3", "1E-400",
                           "3.14159265358979323846", "12345678901234567890.5"}) {
    EXPECT_EQ(kind(text), kDoubleValue) << text;
  }
  for (const char* text : {"+5", " 5", "5 ", "1,000", "$5", "0x10", "NaN",
                           "9223372036854775808", "1e", "-"}) {
    EXPECT_EQ(kind(text), kTextValue) << text;
  }
  EXPECT_EQ(kind("TRUE"), kBooleanValue);
  EXPECT_EQ(kind(""), kNoValue);
}

constexpr ValueRules kRich = {.dates = DateRules::kTyped};

TEST(ValueKindTest, TakesDatesAndTimestampsWhereTheyAreWanted) {
  EXPECT_EQ(KindOfValue("2024-01-31", kRich), KindOfFormat(kDateFormat));
  EXPECT_EQ(KindOfValue("2024-01-31T10:30:00Z", kRich), KindOfFormat(kTimestampTZFormat));
  EXPECT_EQ(KindOfValue("2024-01-31 10:30:00.5", kRich), KindOfFormat(kTimestampFormat));
  EXPECT_EQ(KindOfValue("2024-02-30", kRich), kTextValue);
  ExpectKind(kTextValue, {"2024-01-31", "2024-01-31 10:30:00", "2024-01-31T10:30:00Z"});
}

TEST(ValueKindTest, WhatIsWantedOfDatesChangesNoNumber) {
  for (const char* text : {"", "7", "-1", "20240131", "2024", "1.5", "true", "02020",
                           "1-2", "9007199254740993", "King"}) {
    EXPECT_EQ(KindOfValue(text, kRich), KindOfValue(text)) << text;
  }
  const ValueRules both = {.numbers = NumberRules::kGlues, .dates = DateRules::kTyped};
  EXPECT_EQ(KindOfValue("02020", both), kSmallLong);
  EXPECT_EQ(KindOfValue("2024-01-31", both), KindOfFormat(kDateFormat));
}

TEST(ValueKindTest, TellsPeopleWhyAValueIsText) {
  const auto reason = [](const char* text) {
    return std::string(KindReason(text, KindOfValue(text)));
  };
  EXPECT_EQ(reason("02020"), "text, as it has a leading zero");
  EXPECT_EQ(reason("+5"), "text, as it begins with +");
  EXPECT_EQ(reason("9223372036854775808"), "text, as 64 bits do not hold it");
  EXPECT_EQ(reason("-0"), "text, as it would change if read as a number");
  EXPECT_EQ(reason("3.14159265358979323846"),
            "text, as it would change if read as a number");
  EXPECT_EQ(reason("King"), "text");
  EXPECT_EQ(reason("7"), "an integer");
  EXPECT_EQ(reason("9007199254740993"), "an integer that a double does not hold");
  EXPECT_EQ(reason("1.5"), "a number with point or exponent");
  EXPECT_EQ(reason("true"), "true or false");
  EXPECT_EQ(reason("2024-01-31"), "text");
}

TEST(ValueKindTest, TellsPeopleWhatADateIsAndWhyOthersAreNone) {
  const auto reason = [](const char* text) {
    return std::string(KindReason(text, KindOfValue(text, kRich), kRich));
  };
  EXPECT_EQ(reason("2024-01-31"), "a date like 2024-01-31");
  EXPECT_EQ(reason("2024-05-01 00:00:00Z"), "a timestamp like 2024-01-31 10:30:00Z");
  for (const char* text : {"2024-1-31", "2024-01-31 10:30:00.000001",
                           "2024-01-31T10:30:00+02:00", "2024-01-31 10:30"}) {
    EXPECT_EQ(reason(text), "text, as it would change if read as a date or timestamp");
  }
  EXPECT_EQ(reason("2024-02-30"), "text");
  EXPECT_EQ(reason("02020"), "text, as it has a leading zero");
}

}  // namespace
}  // namespace partita
