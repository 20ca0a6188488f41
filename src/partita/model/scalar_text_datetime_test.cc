#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/model/scalar_text.h"

// The tables were taken from Spark 4.3 reading and writing these texts, with UTC as
// session zone.

namespace partita {
namespace {

using ::testing::Optional;

struct DateCase {
  std::string_view text;
  std::string_view rendered;
};

constexpr DateCase kDates[] = {
    {"2024-01-31", "2024-01-31"},
    {"2024-1-1", "2024-01-01"},
    {"2024-01", "2024-01-01"},
    {"2024", "2024-01-01"},
    {"2024-02-29", "2024-02-29"},
    {"0000-01-01", "0000-01-01"},
    {"-0001-01-01", "-0001-01-01"},
    {"+02024-1-1", "2024-01-01"},
    {"9999-12-31", "9999-12-31"},
    {"10000-01-01", "+10000-01-01"},
    {"1234567-01-01", "+1234567-01-01"},
    {"5881580-07-11", "+5881580-07-11"},
    {"-5877641-06-23", "-5877641-06-23"},
    {" 2024-01-31\t", "2024-01-31"},
    {"2024-01-31T", "2024-01-31"},
    {"2024-01-31T12:00:00", "2024-01-31"},
    {"2024-01-31 abc", "2024-01-31"},
    {"1582-10-10", "1582-10-10"},
    {"1969-12-31", "1969-12-31"},
};

struct TimestampCase {
  std::string_view text;
  std::string_view cast;
  std::string_view file;
};

constexpr TimestampCase kTimestamps[] = {
    {"2016-12-01 00:00:00", "2016-12-01 00:00:00", "2016-12-01T00:00:00.000Z"},
    {"2016-12-01T00:00:00.5", "2016-12-01 00:00:00.5", "2016-12-01T00:00:00.500Z"},
    {"2016-12-01 00:00:00.123456789", "2016-12-01 00:00:00.123456",
     "2016-12-01T00:00:00.123Z"},
    {"2016-12-01 00:00:00.999999999", "2016-12-01 00:00:00.999999",
     "2016-12-01T00:00:00.999Z"},
    {"2016-12-01 00:00:00.100", "2016-12-01 00:00:00.1", "2016-12-01T00:00:00.100Z"},
    {"2016-12-01 00:00:00.", "2016-12-01 00:00:00", "2016-12-01T00:00:00.000Z"},
    {"2016-12-01 1:2", "2016-12-01 01:02:00", "2016-12-01T01:02:00.000Z"},
    {"2016-12-01 1", "2016-12-01 01:00:00", "2016-12-01T01:00:00.000Z"},
    {"2016-12", "2016-12-01 00:00:00", "2016-12-01T00:00:00.000Z"},
    {"2016", "2016-01-01 00:00:00", "2016-01-01T00:00:00.000Z"},
    {" 2016-12-01 ", "2016-12-01 00:00:00", "2016-12-01T00:00:00.000Z"},
    {"0001-01-01 00:00:00", "0001-01-01 00:00:00", "0001-01-01T00:00:00.000Z"},
    {"-0001-01-01 00:00:00", "-0001-01-01 00:00:00", "-0001-01-01T00:00:00.000Z"},
    {"10000-01-01 00:00:00", "+10000-01-01 00:00:00", "+10000-01-01T00:00:00.000Z"},
    {"294247-01-10 04:00:54.775807", "+294247-01-10 04:00:54.775807",
     "+294247-01-10T04:00:54.775Z"},
    {"-290308-12-21 19:59:05.224192", "-290308-12-21 19:59:05.224192",
     "-290308-12-21T19:59:05.224Z"},
    {"1969-12-31 23:59:59.999999", "1969-12-31 23:59:59.999999",
     "1969-12-31T23:59:59.999Z"},
};

struct ZoneCase {
  std::string_view zone;
  std::string_view utc;  // of 2016-12-01 00:00:00 there
};

constexpr ZoneCase kZones[] = {
    {"Z", "2016-12-01 00:00:00"},         {" Z", "2016-12-01 00:00:00"},
    {".Z", "2016-12-01 00:00:00"},        {".5 +01:00", "2016-11-30 23:00:00.5"},
    {"+01:00", "2016-11-30 23:00:00"},    {"-01:30", "2016-12-01 01:30:00"},
    {"+0100", "2016-11-30 23:00:00"},     {"+01", "2016-11-30 23:00:00"},
    {"+1", "2016-11-30 23:00:00"},        {"+1:30", "2016-11-30 22:30:00"},
    {"+1:3", "2016-11-30 22:57:00"},      {"+01:3", "2016-11-30 22:57:00"},
    {"+18:00", "2016-11-30 06:00:00"},    {"-00:00", "2016-12-01 00:00:00"},
    {"+01:02:03", "2016-11-30 22:57:57"}, {"+010203", "2016-11-30 22:57:57"},
    {"UTC", "2016-12-01 00:00:00"},       {" UTC+01:00", "2016-11-30 23:00:00"},
    {"GMT-2", "2016-12-01 02:00:00"},     {"UT+3", "2016-11-30 21:00:00"},
    {" +00:00 ", "2016-12-01 00:00:00"},
};

constexpr std::string_view kNoDates[] = {
    "",           "2024-02-30",     "2023-02-29",    "1900-02-29",     "2024-13-01",
    "2024-00-01", "2024-01-00",     "5881580-07-12", "12345678-01-01", "2024-01-31x",
    "2024/01/31", "20240131",       "224-01-31",     "2024-001-31",    "2024-01-031",
    "2024-",      "2024-01-",       "2024T",         "2024-01T",       "-1-01-01",
    "today",      "-5877641-06-22",
};

constexpr std::string_view kNoTimestamps[] = {
    "2016-12-01T",
    "2016-12-01 001:02:03",
    "2016-12-01 24:00:00",
    "2016-12-01 23:59:60",
    "2016-12-01 23:60:00",
    "2016-12-01  00:00:00",
    "2016-12-01t00:00:00",
    "2016-12-01 12:",
    "2016-12-01 :12",
    "2016-12-01T00:00Z",
    "2016-12-01Z",
    "2016-12-01T00:00:00z",
    "2016-12-01T00:00:00+18:01",
    "2016-12-01T00:00:00+00:60",
    "2016-12-01T00:00:00+24:00",
    "2016-12-01T00:00:00+123",
    "2016-12-01T00:00:00+01:02:3",
    "2016-12-01T00:00:00UTC1",
    "2016-12-01 00:00:00,5",
    "294247-01-10 04:00:54.775808",
    "2016-12-01T00:00:00+",
    "-290308-12-21 19:59:05.224191",
    "294248-01-01",
    "1234567-01-01",
    "1480550400",
    "now",
    "2016-12-01T00:00:00 Europe/Paris",
    "12:30:00",
};

std::string Rendered(int64_t micros, RenderStyle style,
                     TypeId type = TypeId::kTimestamp) {
  std::string out;
  AppendTimestamp(micros, type, style, &out);
  return out;
}

TEST(ScalarTextDatetimeTest, DatesReadAndPrintAsInSpark) {
  for (const auto& [text, rendered] : kDates) {
    const std::optional<int32_t> days = ParseDate(text);
    ASSERT_TRUE(days) << text;
    std::string out;
    AppendDate(*days, &out);
    EXPECT_EQ(out, rendered) << text;
  }
}

TEST(ScalarTextDatetimeTest, DaysCountFromTheEpoch) {
  EXPECT_THAT(ParseDate("1970-01-01"), Optional(0));
  EXPECT_THAT(ParseDate("1969-12-31"), Optional(-1));
  EXPECT_THAT(ParseDate("2000-03-01"), Optional(11'017));
  EXPECT_THAT(ParseDate("-5877641-06-23"), Optional(std::numeric_limits<int32_t>::min()));
}

TEST(ScalarTextDatetimeTest, EveryDayReadsBackUnchanged) {
  std::mt19937 random(3);
  for (int i = 0; i < 20'000; ++i) {
    const int32_t days = i < 10'000 ? i * 73 - 365'000 : static_cast<int32_t>(random());
    std::string text;
    AppendDate(days, &text);
    EXPECT_THAT(ParseDate(text), Optional(days)) << text;
  }
}

TEST(ScalarTextDatetimeTest, TimestampsReadAndPrintAsInSpark) {
  for (const auto& [text, cast, file] : kTimestamps) {
    const std::optional<int64_t> micros = ParseTimestamp(text);
    ASSERT_TRUE(micros) << text;
    EXPECT_EQ(Rendered(*micros, RenderStyle::kCast), cast) << text;
    EXPECT_EQ(Rendered(*micros, RenderStyle::kDataFile), file) << text;
    EXPECT_EQ(ParseTimestampNtz(text), micros) << text;
    EXPECT_EQ(Rendered(*micros, RenderStyle::kDataFile, TypeId::kTimestampNtz),
              file.substr(0, file.size() - 1))
        << text;
  }
}

TEST(ScalarTextDatetimeTest, ZonesMoveTimestampsButAreRefusedWithoutZone) {
  for (const auto& [zone, utc] : kZones) {
    const std::string text = "2016-12-01T00:00:00" + std::string(zone);
    const std::optional<int64_t> micros = ParseTimestamp(text);
    ASSERT_TRUE(micros) << text;
    EXPECT_EQ(Rendered(*micros, RenderStyle::kCast), utc) << text;
    EXPECT_FALSE(ParseTimestampNtz(text)) << text;
  }
}

TEST(ScalarTextDatetimeTest, RefusesWhatIsNoDateOrTimestamp) {
  for (const std::string_view text : kNoDates) {
    EXPECT_FALSE(ParseDate(text)) << text;
    EXPECT_FALSE(ParseTimestamp(text)) << text;
  }
  for (const std::string_view text : kNoTimestamps) {
    EXPECT_FALSE(ParseTimestamp(text)) << text;
    EXPECT_FALSE(ParseTimestampNtz(text)) << text;
  }
}

}  // namespace
}  // namespace partita
