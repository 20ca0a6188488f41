#include "partita/encode/parquet/column/value.h"

#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using std::string_literals::operator""s;

// ReadLong must agree with ParseLong, whose fast form it is.
void ExpectSameAsParseLong(const std::string& text) {
  int64_t value = 0;
  const std::optional<int64_t> twin = ParseLong(text);
  ASSERT_EQ(ReadLong(text, &value), twin.has_value()) << text;
  if (twin.has_value()) {
    EXPECT_EQ(value, *twin) << text;
  }
}

TEST(ParquetValueTest, ReadsLongsOfEveryLengthAsParseLong) {
  std::mt19937_64 random(1);
  for (size_t size = 1; size <= 20; ++size) {
    for (int i = 0; i < 300; ++i) {
      std::string text;
      while (text.size() < size) {
        text += static_cast<char>('0' + random() % 10);
      }
      ExpectSameAsParseLong(text);
      ExpectSameAsParseLong("-" + text);
      ExpectSameAsParseLong("+" + text);
      text[random() % size] = static_cast<char>(random());
      ExpectSameAsParseLong(text);
    }
  }
  for (const std::string text : {"", "-", "+", "--1", "9223372036854775807",
                                 "-9223372036854775808", "9223372036854775808"}) {
    ExpectSameAsParseLong(text);
  }
}

TEST(ParquetValueTest, SeesEveryByteThatIsNoDigit) {
  for (int byte = 0; byte < 256; ++byte) {
    for (size_t at = 0; at < 16; ++at) {
      std::string text(16, '1');
      text[at] = static_cast<char>(byte);
      uint64_t value = 0;
      EXPECT_EQ(ReadDigits(text, &value), byte >= '0' && byte <= '9');
    }
  }
}

TEST(ParquetValueTest, KeepsSmallIntegersWithinTheirTypes) {
  const ParquetField byte{.type = {.id = TypeId::kByte}};
  const ParquetField integer{.type = {.id = TypeId::kInteger}};
  int32_t value = 0;
  EXPECT_TRUE(ReadInt32(byte, "-128", &value));
  EXPECT_EQ(value, -128);
  EXPECT_FALSE(ReadInt32(byte, "128", &value));
  EXPECT_TRUE(ReadInt32(integer, "-2147483648", &value));
  EXPECT_FALSE(ReadInt32(integer, "2147483648", &value));
}

TEST(ParquetValueTest, RoundsFloatsOnce) {
  float value = 0;
  // By way of a double this would come to rest on the even neighbour.
  EXPECT_TRUE(ReadFloat("1.00000017881393432617187499", &value));
  EXPECT_EQ(value, 1.00000011920928955078125F);
  EXPECT_TRUE(ReadFloat("NaN", &value));
  EXPECT_NE(value, value);
  EXPECT_TRUE(ReadFloat("-Infinity", &value));
  EXPECT_EQ(value, -std::numeric_limits<float>::infinity());
  EXPECT_FALSE(ReadFloat("1,5", &value));
}

TEST(ParquetValueTest, WritesInt96AsNanosecondsAndJulianDay) {
  std::string bytes;
  AppendInt96(0, &bytes);
  EXPECT_EQ(bytes, "\0\0\0\0\0\0\0\0\x8C\x3D\x25\0"s);
  bytes.clear();
  AppendInt96(-1, &bytes);  // 86,399,999,999,000 ns of the day before
  EXPECT_EQ(bytes, "\x18\xFC\x4E\x91\x94\x4E\0\0\x8B\x3D\x25\0"s);
}

TEST(ParquetValueTest, WritesLongDecimalsMostSignificantByteFirst) {
  const ParquetField field{.type = {.id = TypeId::kDecimal, .precision = 20, .scale = 1},
                           .width = 9};
  std::string bytes;
  EXPECT_TRUE(ReadFixedDecimal(field, "25.7", &bytes));
  EXPECT_EQ(bytes, "\0\0\0\0\0\0\0\1\1"s);
  EXPECT_TRUE(ReadFixedDecimal(field, "-0.2", &bytes));
  EXPECT_EQ(bytes, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFE"s);
  EXPECT_FALSE(ReadFixedDecimal(field, "x", &bytes));
}

}  // namespace
}  // namespace partita
