#include "partita/encode/parquet/column/dictionary.h"

#include <map>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using std::string_literals::operator""s;

TEST(ParquetDictionaryTest, GivesNumbersTheCodesThatAMapGivesThem) {
  std::mt19937_64 random(1);
  NumberDictionary dictionary;
  for (const uint64_t range :
       {uint64_t{5}, uint64_t{100'000}, ~uint64_t{0}, uint64_t{9}}) {
    std::map<uint64_t, uint32_t> twin;
    for (int i = 0; i < 20'000; ++i) {
      const uint64_t value = random() % range;
      const auto [entry, is_new] =
          twin.try_emplace(value, static_cast<uint32_t>(twin.size()));
      const auto code = dictionary.Find(value);
      ASSERT_EQ(code.has_value(), !is_new);
      ASSERT_EQ(is_new ? dictionary.Add(value) : *code, entry->second);
    }
    EXPECT_EQ(dictionary.size(), twin.size());
    dictionary.Clear();
    EXPECT_EQ(dictionary.size(), 0);
    EXPECT_FALSE(dictionary.Find(twin.begin()->first).has_value());
  }
}

TEST(ParquetDictionaryTest, TellsStringsApartEvenWhereTheirHashesAreEqual) {
  BytesDictionary dictionary;
  EXPECT_EQ(dictionary.Add("same hash", 7), 0);
  EXPECT_FALSE(dictionary.Find("same hasp", 7).has_value());
  EXPECT_FALSE(dictionary.Find("same has", 7).has_value());
  EXPECT_EQ(dictionary.Add("same hasp", 7), 1);
  EXPECT_EQ(dictionary.Find("same hash", 7), 0);
  EXPECT_EQ(dictionary.Find("same hasp", 7), 1);
}

TEST(ParquetDictionaryTest, KeepsStringsInTheOrderOfTheirCodes) {
  BytesDictionary dictionary;
  EXPECT_EQ(dictionary.Add("ab", 1), 0);
  EXPECT_EQ(dictionary.Add("", 2), 1);
  EXPECT_EQ(dictionary.Add("c", 3), 2);
  EXPECT_EQ(dictionary.plain(), "\2\0\0\0ab\0\0\0\0\1\0\0\0c"s);
  EXPECT_EQ(dictionary.value(0), "ab");
  EXPECT_EQ(dictionary.value(1), "");
  EXPECT_EQ(dictionary.value(2), "c");
}

TEST(ParquetDictionaryTest, FindsAllStringsAfterGrowingAndNoneAfterClearing) {
  BytesDictionary dictionary;
  for (int round = 0; round < 3; ++round) {
    for (uint32_t i = 0; i < 5000; ++i) {
      ASSERT_EQ(dictionary.Add(std::to_string(i), i % 1000), i);
    }
    for (uint32_t i = 0; i < 5000; ++i) {
      ASSERT_EQ(dictionary.Find(std::to_string(i), i % 1000), i);
    }
    dictionary.Clear();
    EXPECT_FALSE(dictionary.Find("1", 1).has_value());
  }
}

TEST(ParquetWordsTest, ComparesTextsOfEveryLengthInEveryPlace) {
  for (size_t size = 0; size < 40; ++size) {
    const std::string left(size, 'a');
    EXPECT_TRUE(SameBytes(left, std::string(size, 'a')));
    EXPECT_FALSE(SameBytes(left, std::string(size + 1, 'a')));
    for (size_t at = 0; at < size; ++at) {
      std::string right = left;
      right[at] = 'b';
      EXPECT_FALSE(SameBytes(left, right)) << size << " " << at;
    }
  }
}

}  // namespace
}  // namespace partita
