#include "partita/store/s3/s3_time.h"

#include <gtest/gtest.h>

namespace partita {
namespace {

using std::chrono::seconds;

TEST(S3TimeTest, ReadsHeadersOfHttp) {
  EXPECT_EQ(ParseHttpDate("Wed, 21 Oct 2015 07:28:00 GMT"), seconds(1445412480));
  EXPECT_EQ(ParseHttpDate("Thu, 29 Feb 2024 23:59:59 GMT"), seconds(1709251199));
  EXPECT_EQ(ParseHttpDate("Thu, 01 Jan 1970 00:00:00 GMT"), seconds(0));
}

TEST(S3TimeTest, ReadsListingsWithoutPartsOfASecond) {
  EXPECT_EQ(ParseIsoTime("2015-10-21T07:28:00.000Z"), seconds(1445412480));
  EXPECT_EQ(ParseIsoTime("2015-10-21T07:28:00.999999Z"), seconds(1445412480));
  EXPECT_EQ(ParseIsoTime("2015-10-21T07:28:00Z"), seconds(1445412480));
}

TEST(S3TimeTest, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "Wed", "Wed, 21 Oct 2015 07:28:00", "Wed, 21 Oct 2015 07:28:00 CET",
        "Wed, 21 Okt 2015 07:28:00 GMT", "Wed, 31 Feb 2015 07:28:00 GMT",
        "Wed, 21 Oct 2015 24:28:00 GMT", "Wed, -1 Oct 2015 07:28:00 GMT",
        "Wed, 21 anF 2015 07:28:00 GMT"}) {
    EXPECT_EQ(ParseHttpDate(text), std::nullopt) << text;
  }
  for (const char* text :
       {"", "2015-10-21", "2015-10-21T07:28:00", "2015-13-21T07:28:00Z",
        "2015-10-32T07:28:00Z", "2015-10-21 07:28:00Z", "2015-10-21T07:61:00.000Z"}) {
    EXPECT_EQ(ParseIsoTime(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace partita
