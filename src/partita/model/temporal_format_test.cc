#include "partita/model/temporal_format.h"

#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/model/scalar_text.h"

namespace partita {
namespace {

void ExpectFormat(TemporalFormat format, std::initializer_list<const char*> texts) {
  for (const char* text : texts) {
    EXPECT_EQ(TemporalFormatOf(text), format) << '"' << text << '"';
  }
}

TEST(TemporalFormatTest, TakesDaysOfTheCalendar) {
  ExpectFormat(kDateFormat, {"2024-01-31", "2024-02-29", "2000-02-29", "1999-12-31",
                             "0001-01-01", "9999-12-31", "1582-10-10", "2023-02-28"});
}

TEST(TemporalFormatTest, TellsTheFormatsOfTimestampsApart) {
  ExpectFormat(kTimestampFormat, {"2024-01-31 10:30:00", "2024-01-31 23:59:59.999"});
  ExpectFormat(kTimestampTFormat, {"2024-01-31T00:00:00", "2024-01-31T10:30:00.5"});
  ExpectFormat(kTimestampZFormat, {"2024-01-31 10:30:00Z", "2024-01-31 10:30:00.25Z"});
  ExpectFormat(kTimestampTZFormat, {"2024-01-31T10:30:00Z", "2024-01-31T10:30:00.000Z"});
  ExpectFormat(kTimestampOffsetFormat,
               {"2024-01-31 10:30:00+00:00", "2024-01-31 10:30:00.1+00:00"});
  ExpectFormat(kTimestampTOffsetFormat,
               {"2024-01-31T10:30:00+00:00", "2024-01-31T10:30:00.12+00:00"});
}

TEST(TemporalFormatTest, TakesFinerFractionsOnlyWhereTheyAreZero) {
  ExpectFormat(kTimestampFormat,
               {"2024-01-31 10:30:00.123000", "2024-01-31 10:30:00.000000000"});
  ExpectFormat(kNotTemporal, {"2024-01-31 10:30:00.1234", "2024-01-31 10:30:00.000001",
                              "2024-01-31 10:30:00.0000000000", "2024-01-31 10:30:00.",
                              "2024-01-31 10:30:00.Z", "2024-01-31 10:30:00.5x"});
}

TEST(TemporalFormatTest, LeavesAsTextWhatIsNoSuchDay) {
  ExpectFormat(kNotTemporal,
               {"2024-02-30", "2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01",
                "2024-00-10", "2024-01-00", "2024-01-32", "0000-01-01"});
}

TEST(TemporalFormatTest, LeavesAsTextWhatIsWrittenOtherwise) {
  ExpectFormat(kNotTemporal, {"",
                              "2024",
                              "2024-01",
                              "2024-1-31",
                              "2024-01-1",
                              "24-01-31",
                              "20240131",
                              "31/01/2024",
                              "2024/01/31",
                              "+2024-01-31",
                              "-2024-01-31",
                              "12024-01-31",
                              " 2024-01-31",
                              "2024-01-31 ",
                              "2024-01-31T",
                              "2024-01-31Z",
                              "2024-01-31 10",
                              "2024-01-31 10:30",
                              "2024-01-31t10:30:00",
                              "2024-01-31 24:00:00",
                              "2024-01-31 10:60:00",
                              "2024-01-31 10:30:60",
                              "2024-01-31  10:30:00",
                              "2024-01-31 10:30:00 Z",
                              "2024-01-31 10:30:00z",
                              "2024-01-31 10:30:00+02:00",
                              "2024-01-31 10:30:00-00:00",
                              "2024-01-31 10:30:00+00",
                              "2024-01-31 10:30:00 UTC",
                              "10:30:00",
                              "King"});
}

TEST(TemporalFormatTest, OneFormatThroughoutGivesAType) {
  EXPECT_EQ(TypeOfFormats(kDateFormat), DataType{.id = TypeId::kDate});
  for (const uint8_t format :
       {kTimestampFormat, kTimestampTFormat, kTimestampZFormat, kTimestampTZFormat,
        kTimestampOffsetFormat, kTimestampTOffsetFormat}) {
    EXPECT_EQ(TypeOfFormats(format), DataType{.id = TypeId::kTimestamp});
    EXPECT_EQ(TypeOfFormats(format | kDateFormat), std::nullopt);
    EXPECT_EQ(TypeOfFormats(format | kNotTemporal), std::nullopt);
  }
  EXPECT_EQ(TypeOfFormats(0), std::nullopt);
  EXPECT_EQ(TypeOfFormats(kNotTemporal), std::nullopt);
  EXPECT_EQ(TypeOfFormats(kTimestampFormat | kTimestampTFormat), std::nullopt);
}

// A timestamp as CSV files have it, from a text of any format.
std::string Milliseconds(std::string text) {
  text[10] = 'T';
  std::string fraction = text.size() > 19 && text[19] == '.' ? text.substr(20) : "";
  fraction.resize(std::min(fraction.size(), fraction.find_first_not_of("0123456789")));
  fraction.resize(3, '0');
  return text.substr(0, 19) + "." + fraction + "Z";
}

// Random texts near to dates and timestamps: whatever has a format is read as its type, and
// written back says the same.
TEST(TemporalFormatTest, NoValueIsAlteredByItsType) {
  constexpr std::string_view kBytes = "0123456789-: T.Z+\x80";
  std::mt19937 random(3);
  int num_dates = 0;
  int num_timestamps = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text = "2024-02-28T13:59:09.250Z";
    text.resize(i % 3 == 0 ? 10 : i % 3 == 1 ? 19 : 24);
    for (unsigned changes = random() % 4; changes > 0; --changes) {
      text[random() % text.size()] = kBytes[random() % kBytes.size()];
    }
    const TemporalFormat format = TemporalFormatOf(text);
    if (format == kNotTemporal) {
      continue;
    }
    const DataType type = *TypeOfFormats(format);
    ASSERT_TRUE(FitsType(text, type)) << text;
    std::string written;
    AppendRendered(text, type, RenderStyle::kDataFile, &written);
    ASSERT_EQ(written, type.id == TypeId::kDate ? text : Milliseconds(text));
    (type.id == TypeId::kDate ? num_dates : num_timestamps)++;
  }
  EXPECT_GT(num_dates, 1000);
  EXPECT_GT(num_timestamps, 1000);
}

// All days of four years and beyond, with those that there are not.
TEST(TemporalFormatTest, AgreesWithTheCalendarOnEveryDay) {
  for (const int year : {1900, 2000, 2023, 2024}) {
    for (int month = 0; month <= 13; ++month) {
      for (int day = 0; day <= 32; ++day) {
        std::string text = std::to_string(year) + (month < 10 ? "-0" : "-") +
                           std::to_string(month) + (day < 10 ? "-0" : "-") +
                           std::to_string(day);
        EXPECT_EQ(TemporalFormatOf(text) == kDateFormat, ParseDate(text).has_value())
            << text;
      }
    }
  }
}

}  // namespace
}  // namespace partita
