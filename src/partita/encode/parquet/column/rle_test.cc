#include "partita/encode/parquet/column/rle.h"

#include <random>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using std::string_literals::operator""s;

// Reads the hybrid one bit at a time.
std::vector<uint32_t> Decode(const std::string& bytes, size_t width, size_t count) {
  std::vector<uint32_t> values;
  size_t at = 0;
  const auto next = [&] { return static_cast<uint8_t>(bytes.at(at++)); };
  while (values.size() < count) {
    uint64_t header = 0;
    for (int shift = 0;; shift += 7) {
      const uint64_t byte = next();
      header |= (byte & 0x7F) << shift;
      if (byte < 0x80) {
        break;
      }
    }
    if (header % 2 == 0) {
      uint32_t value = 0;
      for (size_t i = 0; i < (width + 7) / 8; ++i) {
        value |= static_cast<uint32_t>(next()) << (8 * i);
      }
      values.insert(values.end(), header / 2, value);
      continue;
    }
    for (size_t i = 0; i < header / 2 * 8; ++i) {
      uint32_t value = 0;
      for (size_t bit = 0; bit < width; ++bit) {
        const size_t place = i * width + bit;
        const auto byte = static_cast<uint8_t>(bytes.at(at + place / 8));
        value |= static_cast<uint32_t>(byte >> (place % 8) & 1) << bit;
      }
      values.push_back(value);
    }
    at += header / 2 * width;
  }
  EXPECT_EQ(at, bytes.size());
  values.resize(count);  // what pads the last group
  return values;
}

TEST(ParquetRleTest, ReadsBackRandomNumbersOfEveryWidth) {
  std::mt19937 random(1);
  for (size_t width = 0; width <= 32; ++width) {
    const uint64_t distinct = uint64_t{1} << width;
    for (size_t round = 0; round < 40; ++round) {
      std::vector<uint32_t> values;
      const size_t count = round < 20 ? round : random() % 3000;
      while (values.size() < count) {
        const auto value = static_cast<uint32_t>(random() % distinct);
        values.insert(values.end(), random() % 4 == 0 ? random() % 30 : 1, value);
      }
      values.resize(count);
      std::string bytes;
      AppendRle(values, static_cast<int>(width), &bytes);
      ASSERT_EQ(Decode(bytes, width, count), values) << width;
    }
  }
}

TEST(ParquetRleTest, WritesEqualNumbersAsOneRun) {
  std::string bytes;
  AppendRle(std::vector<uint32_t>(1000, 5), 3, &bytes);
  EXPECT_EQ(bytes, "\xD0\x0F\x05"s);
}

TEST(ParquetRleTest, WritesASingleValuedDictionaryWithoutBits) {
  std::string bytes;
  AppendRle(std::vector<uint32_t>(1000, 0), 0, &bytes);
  EXPECT_EQ(bytes, "\xD0\x0F"s);
}

TEST(ParquetRleTest, WritesLevelsAsTheSameNumbersOfOneBit) {
  std::mt19937 random(2);
  for (size_t count = 1; count < 700; count += 13) {
    std::vector<uint8_t> levels;
    while (levels.size() < count) {
      levels.insert(levels.end(), random() % 12, static_cast<uint8_t>(random() % 2));
    }
    std::string bytes;
    AppendRleLevels(levels, &bytes);
    EXPECT_EQ(Decode(bytes, 1, levels.size()),
              std::vector<uint32_t>(levels.begin(), levels.end()));
  }
  std::string ones;
  AppendRleOnes(300, &ones);
  EXPECT_EQ(Decode(ones, 1, 300), std::vector<uint32_t>(300, 1));
}

TEST(ParquetRleTest, CountsTheBitsOfTheLargestNumber) {
  EXPECT_EQ(BitWidth(0), 0);
  EXPECT_EQ(BitWidth(1), 1);
  EXPECT_EQ(BitWidth(255), 8);
  EXPECT_EQ(BitWidth(256), 9);
}

}  // namespace
}  // namespace partita
