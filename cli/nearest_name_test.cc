#include "cli/nearest_name.h"

#include <gtest/gtest.h>

namespace partita::cli {
namespace {

TEST(NearestNameTest, FindsAMistypedName) {
  EXPECT_EQ(NearestName("--partiton-by", {"--output", "--partition-by"}),
            "--partition-by");
  EXPECT_EQ(NearestName("PARQUET", {"csv", "parquet"}), "parquet");
  EXPECT_EQ(NearestName("wirte", {"schema", "write", "crawl"}), "");
  EXPECT_EQ(NearestName("wrte", {"schema", "write", "crawl"}), "write");
}

TEST(NearestNameTest, PrefersTheNearestOfSeveral) {
  EXPECT_EQ(NearestName("jsn", {"csn", "json"}), "csn");
  EXPECT_EQ(NearestName("json", {"csn", "json"}), "json");
}

TEST(NearestNameTest, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(NearestName("xyzzy", {"--output", "--mode"}), "");
  EXPECT_EQ(NearestName("", {"abc"}), "");
  EXPECT_EQ(NearestName("abc", {}), "");
  EXPECT_EQ(Suggestion("xyzzy", {"--output"}), "");
  EXPECT_EQ(Suggestion("--outputs", {"--output"}), "; did you mean --output?");
}

}  // namespace
}  // namespace partita::cli
