#include "partita/store/s3/s3_checksum.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace partita {
namespace {

// Values of RFC 3720, B.4, in base64.
TEST(S3ChecksumTest, IsTheOneOfTheStandard) {
  std::string rising;
  for (char c = 0; c < 32; ++c) {
    rising += c;
  }
  EXPECT_EQ(Crc32cText(""), "AAAAAA==");
  EXPECT_EQ(Crc32cText("123456789"), "4waSgw==");
  EXPECT_EQ(Crc32cText(std::string(32, '\0')), "ipE2qg==");
  EXPECT_EQ(Crc32cText(std::string(32, '\xFF')), "YqirQw==");
  EXPECT_EQ(Crc32cText(rising), "Rt15Tg==");
}

TEST(S3ChecksumTest, OfPartsIsThatOfTheirChecksums) {
  const std::vector<UploadedPart> parts = {
      {.etag = "\"1\"", .checksum = Crc32cText("hello")},
      {.etag = "\"2\"", .checksum = Crc32cText("world")}};
  EXPECT_EQ(CompositeCrc32cText(parts), "u6ozzA==-2");
  EXPECT_EQ(CompositeCrc32cText(std::span(parts).first(1)), "VwS2rA==-1");
}

TEST(S3ChecksumTest, OfPartsIsUnknownWhereOneHasNone) {
  for (const char* checksum : {"", "mnG7TA", "mnG7TA==x", "m*G7TA==", "AAAA"}) {
    const std::vector<UploadedPart> parts = {{.etag = "", .checksum = "AAAAAA=="},
                                             {.etag = "", .checksum = checksum}};
    EXPECT_EQ(CompositeCrc32cText(parts), "") << checksum;
  }
}

TEST(S3ChecksumTest, TellsDamagedBytesOfAWholeObject) {
  EXPECT_TRUE(FitsCrc32c("hello", "mnG7TA=="));
  EXPECT_FALSE(FitsCrc32c("hellO", "mnG7TA=="));
  EXPECT_FALSE(FitsCrc32c("", "mnG7TA=="));
}

TEST(S3ChecksumTest, TellsDamagedBytesOfAnObjectOfOnePart) {
  EXPECT_TRUE(FitsCrc32c("hello", "VwS2rA==-1"));
  EXPECT_FALSE(FitsCrc32c("hellO", "VwS2rA==-1"));
}

TEST(S3ChecksumTest, TakesBytesWhoseChecksumCannotBeTold) {
  EXPECT_TRUE(FitsCrc32c("hello", ""));
  EXPECT_TRUE(FitsCrc32c("hello", "u6ozzA==-2"));
}

}  // namespace
}  // namespace partita
