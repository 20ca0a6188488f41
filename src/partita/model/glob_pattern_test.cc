#include "partita/model/glob_pattern.h"

#include <string>

#include "partita/base/error.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

bool Matches(const std::string& name, const std::string& pattern) {
  const auto matches = MatchesGlob(name, pattern);
  EXPECT_THAT(matches, IsOk());
  return matches.ValueOr(false);
}

TEST(GlobPatternTest, KnowsWhetherAPathHoldsOne) {
  for (const char* path : {"*", "a?", "in/[ab].csv", "{a,b}", "s3://b/2024-*/x"}) {
    EXPECT_TRUE(HasGlob(path)) << path;
  }
  for (const char* path : {"", "in/a.csv", "a\\*", "a]b}c", "\\"}) {
    EXPECT_FALSE(HasGlob(path)) << path;
  }
  EXPECT_EQ(WithoutEscapes("a\\*b\\\\c\\"), "a*b\\c\\");
}

TEST(GlobPatternTest, MatchesWholeNames) {
  EXPECT_TRUE(Matches("a.csv", "*.csv"));
  EXPECT_TRUE(Matches(".csv", "*.csv"));
  EXPECT_TRUE(Matches("a.csv.csv", "*.csv"));
  EXPECT_FALSE(Matches("a.csv.gz", "*.csv"));
  EXPECT_FALSE(Matches("xa.csv", "a*"));
  EXPECT_TRUE(Matches("", "*"));
  EXPECT_FALSE(Matches("", "?"));
  EXPECT_TRUE(Matches("abcabd", "*ab?"));
  EXPECT_TRUE(Matches("aXbXc", "a*b*c"));
  EXPECT_FALSE(Matches("aXbX", "a*b*c"));
  EXPECT_TRUE(Matches("日本", "??"));
  EXPECT_FALSE(Matches("日", "??"));
}

TEST(GlobPatternTest, KnowsClassesOfCharacters) {
  EXPECT_TRUE(Matches("b", "[abc]"));
  EXPECT_FALSE(Matches("d", "[abc]"));
  EXPECT_TRUE(Matches("part-7", "part-[0-9]"));
  EXPECT_FALSE(Matches("part-x", "part-[0-9]"));
  EXPECT_TRUE(Matches("x", "[^0-9]"));
  EXPECT_TRUE(Matches("x", "[!0-9]"));
  EXPECT_FALSE(Matches("5", "[^0-9]"));
  EXPECT_TRUE(Matches("-", "[a-]"));
  EXPECT_TRUE(Matches("]", "[]]"));
  EXPECT_TRUE(Matches("]", "[\\]]"));
  EXPECT_TRUE(Matches("é", "[à-ü]"));
  EXPECT_FALSE(Matches("日", "[à-ü]"));
  EXPECT_TRUE(Matches("*", "\\*"));
  EXPECT_FALSE(Matches("a", "\\*"));
}

TEST(GlobPatternTest, ExpandsBracesAsTheyNest) {
  EXPECT_THAT(*ExpandBraces("a.csv"), ElementsAre("a.csv"));
  EXPECT_THAT(*ExpandBraces("{a,b/{c,d}}.csv"),
              ElementsAre("a.csv", "b/c.csv", "b/d.csv"));
  EXPECT_THAT(*ExpandBraces("x{,y}{1,2}"), ElementsAre("x1", "x2", "xy1", "xy2"));
  EXPECT_THAT(*ExpandBraces("{a,a}{b}"), ElementsAre("ab"));
  EXPECT_THAT(*ExpandBraces("\\{a,b\\}"), ElementsAre("\\{a,b\\}"));
  EXPECT_THAT(*ExpandBraces("{a\\,b,c}"), ElementsAre("a\\,b", "c"));
}

TEST(GlobPatternTest, RefusesWhatNeverCloses) {
  EXPECT_THAT(ExpandBraces("a{b,c"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("{")));
  EXPECT_THAT(MatchesGlob("a", "[ab"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("[ab")));
  EXPECT_THAT(ExpandBraces("{1,2,3,4,5,6,7,8,9,0}{1,2,3,4,5,6,7,8,9,0}"
                           "{1,2,3,4,5,6,7,8,9,0}{1,2}"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("1000")));
}

}  // namespace
}  // namespace partita
