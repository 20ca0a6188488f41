#include "partita/model/hive_path.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

struct EscapeCase {
  std::string plain;
  std::string escaped;
};

const EscapeCase escape_cases[] = {
    {"", ""},
    {"a b", "a b"},
    {"a/b", "a%2Fb"},
    {"50%", "50%25"},
    {"{x}", "%7Bx}"},
    {"a:b", "a%3Ab"},
    {"a=b", "a%3Db"},
    {"[1]", "%5B1%5D"},
    {"é", "é"},
    {"\n", "%0A"},
    {"\t", "%09"},
    {"it's", "it%27s"},
    {"a,b", "a,b"},
    {"a\\b", "a%5Cb"},
    {"\x01\x1F\x7F", "%01%1F%7F"},
    {"\"#*?^", "%22%23%2A%3F%5E"},
    {"Škoda", "Škoda"},
    {"();&+@$!~`<>|.-_", "();&+@$!~`<>|.-_"},
    {std::string("a\0b", 3), std::string("a\0b", 3)},
    {"2016-12-01 00:00:00", "2016-12-01 00%3A00%3A00"},
};

TEST(HivePathTest, EscapesAsSparkDoes) {
  for (const EscapeCase& c : escape_cases) {
    EXPECT_EQ(EscapePathName(c.plain), c.escaped);
  }
}

TEST(HivePathTest, EveryByteSequenceThatWasEscapedComesBack) {
  for (const EscapeCase& c : escape_cases) {
    EXPECT_EQ(UnescapePathName(c.escaped), c.plain);
  }
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string name(random() % 12, '\0');
    for (char& c : name) {
      c = static_cast<char>(random());
    }
    const std::string escaped = EscapePathName(name);
    EXPECT_EQ(escaped.find('/'), std::string::npos);
    EXPECT_EQ(UnescapePathName(escaped), name);
  }
}

TEST(HivePathTest, UnescapesHexDigitsOfEitherCase) {
  EXPECT_EQ(UnescapePathName("a%3ab%3Ac"), "a:b:c");
}

TEST(HivePathTest, KeepsPercentSignsThatAreNoEscapes) {
  for (const std::string name : {"a%2", "%0", "0%", "%", "a%F ", "%%", "%g1", "%1g"}) {
    EXPECT_EQ(UnescapePathName(name), name);
  }
  EXPECT_EQ(UnescapePathName("%%41"), "%A");
  EXPECT_EQ(UnescapePathName("%4%41"), "%4A");
}

TEST(HivePathTest, ReadsUtf8BytesThatOtherWritersPercentEncode) {
  EXPECT_EQ(UnescapePathName("%C5%A0koda"), "Škoda");
  EXPECT_EQ(UnescapePathName("Model%20Year"), "Model Year");
  EXPECT_EQ(UnescapePathName("TESLA%20%F0%9F%9A%97"), "TESLA 🚗");
}

TEST(HivePathTest, ReadsBytesThatAreNoUtf8AsLatin1LikeSpark) {
  EXPECT_EQ(UnescapePathName("caf%E9"), "café");
  EXPECT_EQ(UnescapePathName("%E9%41"), "éA");
  EXPECT_EQ(UnescapePathName("%C3é"), "Ãé");
}

TEST(HivePathTest, NamesNullAndEmptyValuesAlike) {
  EXPECT_EQ(PartitionSegment("Make", "KIA"), "Make=KIA");
  EXPECT_EQ(PartitionSegment("a/b", "c=d"), "a%2Fb=c%3Dd");
  EXPECT_EQ(PartitionSegment("Make", std::nullopt), "Make=__HIVE_DEFAULT_PARTITION__");
  EXPECT_EQ(PartitionSegment("Make", ""), "Make=__HIVE_DEFAULT_PARTITION__");
}

TEST(HivePathTest, JoinsLevelsInOrder) {
  EXPECT_EQ(PartitionPath({{"Model Year", "2011"}, {"Make", "KIA"}}),
            "Model Year=2011/Make=KIA");
  EXPECT_EQ(PartitionPath({}), "");
}

TEST(HivePathTest, ParsesPathsOfPartitions) {
  EXPECT_THAT(ParsePartitionPath("Model%20Year=2011/Make=a%2Fb"),
              Optional(ElementsAre(PartitionLevel{"Model Year", "2011"},
                                   PartitionLevel{"Make", "a/b"})));
  EXPECT_THAT(ParsePartitionPath("a=__HIVE_DEFAULT_PARTITION__/b=x=y"),
              Optional(ElementsAre(PartitionLevel{"a", std::nullopt},
                                   PartitionLevel{"b", "x=y"})));
  EXPECT_THAT(ParsePartitionPath(""), Optional(IsEmpty()));
}

TEST(HivePathTest, ParsesBackWhatItBuilt) {
  const std::vector<PartitionLevel> levels = {
      {"k=1", "50% of {x}/y"}, {"ö", std::nullopt}, {"c", "%41"}};
  EXPECT_THAT(ParsePartitionPath(PartitionPath(levels)), Optional(levels));
}

TEST(HivePathTest, RefusesPathsThatAreNoPartitions) {
  for (const std::string_view path : {"a", "=1", "a=", "a=1/", "/a=1", "a=1//b=2",
                                      "a=1/b", "a=1/part-00000.csv", "/"}) {
    EXPECT_EQ(ParsePartitionPath(path), std::nullopt) << path;
  }
}

}  // namespace
}  // namespace partita
