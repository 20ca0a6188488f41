#include "partita/model/datetime_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

std::optional<std::string> Iso(std::string_view pattern, std::string_view text) {
  const auto made = DateTimePattern::Make(pattern);
  EXPECT_THAT(made, IsOk()) << pattern;
  return made.ok() ? made->ToIso(text) : std::nullopt;
}

TEST(DateTimePatternTest, ReadsPartsInAnyOrder) {
  EXPECT_EQ(Iso("dd/MM/yyyy", "26/08/2015"), "2015-08-26");
  EXPECT_EQ(Iso("yyyyMMdd", "20150826"), "2015-08-26");
  EXPECT_EQ(Iso("yyyy-MM-dd'T'HH:mm:ss.SSS", "2015-08-26T10:11:12.120"),
            "2015-08-26 10:11:12.120");
  EXPECT_EQ(Iso("ss.SSS", "12.05"), "1970-01-01 00:00:12.050");
  EXPECT_EQ(Iso("ss.SSS", "12."), std::nullopt);
  EXPECT_EQ(Iso("ss.SSS", "12.0501"), std::nullopt);
}

TEST(DateTimePatternTest, TextStandsInQuotes) {
  EXPECT_EQ(Iso("HH' o''clock 'dd.MM.yyyy", "07 o'clock 01.02.0003"),
            "0003-02-01 07:00:00.000");
  EXPECT_EQ(Iso("yyyy''MM", "2015'08"), "2015-08-01");
  EXPECT_EQ(Iso("yyyy\xE5\xB9\xB4", "2015\xE5\xB9\xB4"), "2015-01-01");
}

TEST(DateTimePatternTest, PartsThatAreMissingAreThoseOf1970) {
  EXPECT_EQ(Iso("HH:mm", "10:11"), "1970-01-01 10:11:00.000");
  EXPECT_EQ(Iso("MM-yyyy", "08-2015"), "2015-08-01");
  EXPECT_EQ(Iso("dd", "31"), "1970-01-31");
}

TEST(DateTimePatternTest, RefusesWhatIsNotWrittenSo) {
  for (const char* const text :
       {"", "26/8/2015", "26/08/15", "26-08-2015", "2015/08/26", "26/08/2015 ",
        " 26/08/2015", "26/08/20156", "+6/08/2015", "26/08/2015 10:00"}) {
    EXPECT_EQ(Iso("dd/MM/yyyy", text), std::nullopt) << text;
  }
}

TEST(DateTimePatternTest, RefusesDaysAndTimesThatThereAreNot) {
  EXPECT_EQ(Iso("dd/MM/yyyy", "29/02/2016"), "2016-02-29");
  for (const char* const text : {"29/02/2015", "31/04/2015", "00/01/2015", "01/13/2015",
                                 "01/00/2015", "01/01/0000"}) {
    EXPECT_EQ(Iso("dd/MM/yyyy", text), std::nullopt) << text;
  }
  EXPECT_EQ(Iso("HH:mm:ss", "23:59:59"), "1970-01-01 23:59:59.000");
  for (const char* const text : {"24:00:00", "23:60:00", "23:59:60"}) {
    EXPECT_EQ(Iso("HH:mm:ss", text), std::nullopt) << text;
  }
}

TEST(DateTimePatternTest, RefusesOtherPatterns) {
  for (const char* const pattern :
       {"", "'T'", "d/M/yyyy", "yy-MM-dd", "dd MMM yyyy", "hh:mm a", "yyyy-MM-dd'T",
        "yyyy-yyyy", "yyyy[-MM]", "HH:mm:ss.SSSSSS", "yyyy-MM-ddXXX", "uuuu"}) {
    EXPECT_THAT(DateTimePattern::Make(pattern),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("yyyy, MM, dd")))
        << pattern;
  }
}

}  // namespace
}  // namespace partita
