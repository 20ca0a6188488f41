#include "partita/crawl/exclusion_patterns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

bool Matches(const std::string& glob, std::string_view path) {
  const auto patterns = ExclusionPatterns::Make({glob});
  EXPECT_THAT(patterns, IsOk());
  return patterns.ok() && patterns->Matches(path);
}

TEST(ExclusionPatternsTest, AStarStaysWithinALevelAndTwoDoNot) {
  EXPECT_TRUE(Matches("*.csv", "a.csv"));
  EXPECT_TRUE(Matches("*.csv", ".csv"));
  EXPECT_FALSE(Matches("*.csv", "in/a.csv"));
  EXPECT_FALSE(Matches("*.csv", "a.csv.gz"));
  EXPECT_TRUE(Matches("**.csv", "in/deep/a.csv"));
  EXPECT_TRUE(Matches("in/**", "in/deep/a.csv"));
  EXPECT_FALSE(Matches("in/**", "in"));
  EXPECT_FALSE(Matches("in/*", "in/deep/a.csv"));
  EXPECT_TRUE(Matches("in/*/a.csv", "in/deep/a.csv"));
  EXPECT_TRUE(Matches("**/tmp/**", "x/y/tmp/z"));
  EXPECT_FALSE(Matches("**/tmp/**", "tmp/z"));
}

TEST(ExclusionPatternsTest, AFolderNameAloneExcludesNothingInIt) {
  EXPECT_FALSE(Matches("tmp", "tmp/a.csv"));
  EXPECT_TRUE(Matches("tmp", "tmp"));
}

TEST(ExclusionPatternsTest, QuestionMarksAndListsAreOneCharacter) {
  EXPECT_TRUE(Matches("?.csv", "a.csv"));
  EXPECT_TRUE(Matches("?.csv", "ü.csv"));
  EXPECT_FALSE(Matches("?.csv", "ab.csv"));
  EXPECT_FALSE(Matches("a?b", "a/b"));
  EXPECT_TRUE(Matches("[a-c]x", "bx"));
  EXPECT_FALSE(Matches("[a-c]x", "dx"));
  EXPECT_TRUE(Matches("[!a-c]x", "dx"));
  EXPECT_FALSE(Matches("[!a-c]x", "ax"));
  EXPECT_FALSE(Matches("[!a]b", "/b"));
  EXPECT_TRUE(Matches("[*?\\-]", "*"));
  EXPECT_TRUE(Matches("[*?\\-]", "\\"));
  EXPECT_TRUE(Matches("[*?\\-]", "-"));
  EXPECT_FALSE(Matches("[*?\\-]", "a"));
  EXPECT_TRUE(Matches("[à-ü]", "é"));
}

TEST(ExclusionPatternsTest, BracesAreOneOfSome) {
  EXPECT_TRUE(Matches("*.{csv,t?v}", "a.csv"));
  EXPECT_TRUE(Matches("*.{csv,t?v}", "a.tsv"));
  EXPECT_FALSE(Matches("*.{csv,t?v}", "a.json"));
  EXPECT_TRUE(Matches("{a,}b", "b"));
  EXPECT_TRUE(Matches("{a,b}/{c,d}", "b/c"));
  EXPECT_TRUE(Matches("a,b}", "a,b}"));
}

TEST(ExclusionPatternsTest, ABackslashTakesAMeaningAway) {
  EXPECT_TRUE(Matches("\\*.csv", "*.csv"));
  EXPECT_FALSE(Matches("\\*.csv", "a.csv"));
  EXPECT_TRUE(Matches("\\{a\\,b\\}", "{a,b}"));
  EXPECT_TRUE(Matches(".hidden", ".hidden"));
}

TEST(ExclusionPatternsTest, RefusesWhatCannotBeRead) {
  for (const char* glob : {"[ab", "[]", "{a,b", "{a,{b}}", "a\\",
                           "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"}) {
    EXPECT_THAT(ExclusionPatterns::Make({glob}),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr(glob)));
  }
}

TEST(ExclusionPatternsTest, ManyStarsTakeNoLongTime) {
  std::string glob;
  for (int i = 0; i < 50; ++i) {
    glob += "**a";
  }
  EXPECT_FALSE(Matches(glob, std::string(1000, 'a') + "b"));
  EXPECT_TRUE(Matches(glob, std::string(1000, 'a')));
}

TEST(ExclusionPatternsTest, ATableKeepsThemBehindItsTarget) {
  TableDefinition table;
  table.parameters["exclusions"] = ExclusionParameter("/data/a[1]", {"**.tmp", "x/*"});
  PARTITA_TEST_ASSIGN(const ExclusionPatterns patterns, ExclusionsOf(table));
  EXPECT_TRUE(patterns.Matches("/data/a[1]/in/b.tmp"));
  EXPECT_TRUE(patterns.Matches("/data/a[1]/x/b.csv"));
  EXPECT_FALSE(patterns.Matches("/data/a1/in/b.tmp"));
  EXPECT_FALSE(patterns.Matches("/data/a[1]/b.csv"));
  PARTITA_TEST_ASSIGN(const ExclusionPatterns none, ExclusionsOf(TableDefinition()));
  EXPECT_TRUE(none.is_empty());
  table.parameters["exclusions"] = "**.tmp";
  EXPECT_THAT(ExclusionsOf(table),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("**.tmp")));
}

}  // namespace
}  // namespace partita
