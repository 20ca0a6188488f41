#include "partita/crawl/plain_value.h"

#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

// What stands behind a value must not count: here `behind` does.
ValueKind KindBefore(const std::string& value, char behind) {
  const std::string text = value + std::string(32, behind);
  return PlainValue::KindOf(text.data(), value.size());
}

TEST(PlainValueTest, KnowsWhatNearlyAllValuesAre) {
  for (const char* text : {"0", "7", "-5", "98125", "12345678", "123456789", "-12345678",
                           "-123456789", "999999999999999", "-999999999999999"}) {
    EXPECT_EQ(KindBefore(text, ','), kSmallLong) << text;
  }
  for (const char* text :
       {"1.5", "-0.0", "0.001", "-122.33561", "1234567.8", "12345678.9", "123456789.1",
        "0.12345678901234", "-12345678901234.5"}) {
    EXPECT_EQ(KindBefore(text, ','), kDoubleValue) << text;
  }
  for (const char* text : {"true", "TRUE", "True", "false", "FALSE", "fALSe"}) {
    EXPECT_EQ(KindBefore(text, ','), kBooleanValue) << text;
  }
}

TEST(PlainValueTest, LeavesAllElseToTheRules) {
  for (const char* text : {"-",
                           ".",
                           "-.",
                           ".5",
                           "5.",
                           "02020",
                           "-0",
                           "-05",
                           "00.5",
                           "1.2.3",
                           "1e5",
                           "+5",
                           "1,5",
                           " 5",
                           "truer",
                           "-true",
                           "tru",
                           "falsey",
                           "2024-01-31",
                           "1234567890123456",
                           "123456789012345.6",
                           "12345678901234567890",
                           "King",
                           "5\x80",
                           "\x80"}) {
    EXPECT_EQ(KindBefore(text, ','), kNoValue) << text;
  }
}

// The fast look and the slow one, on texts that are nearly numbers, of all sizes.
TEST(PlainValueTest, NeverContradictsTheRules) {
  constexpr std::string_view kBytes =
      "0123456789012345678901234567890123456789......----/:e \x7f\x80t";
  std::mt19937 random(7);
  int num_told = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string value(1 + random() % 20, '0');
    for (char& c : value) {
      c = kBytes[random() % (i % 2 == 0 ? 43 : kBytes.size())];
    }
    const ValueKind kind = KindBefore(value, kBytes[random() % kBytes.size()]);
    if (kind != kNoValue) {
      ++num_told;
      ASSERT_EQ(kind, KindOfValue(value)) << value;
      ASSERT_EQ(kind, KindOfValue(value, {.numbers = NumberRules::kGlues})) << value;
    }
  }
  EXPECT_GT(num_told, 10'000);
}

}  // namespace
}  // namespace partita
