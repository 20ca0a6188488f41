#include "partita/base/nearest_name.h"

#include <gtest/gtest.h>

namespace partita {
namespace {

TEST(NearestNameTest, FindsTheNameWithFewestTypingErrors) {
  const std::vector<std::string> options = {"header", "compression", "sep", "quote"};
  EXPECT_EQ(NearestName("heder", options), "header");
  EXPECT_EQ(NearestName("COMPRESION", options), "compression");
  EXPECT_EQ(NearestName("qoute", options), "quote");
  EXPECT_EQ(NearestName("", options), "sep");
}

TEST(NearestNameTest, PrefersTheFirstOfEquallyNearOnes) {
  EXPECT_EQ(NearestName("cat", {"bat", "rat"}), "bat");
}

TEST(NearestNameTest, CountsSwappedNeighboursAsOneError) {
  EXPECT_EQ(NearestName("ab", {"bxa", "ba"}), "ba");
}

TEST(NearestNameTest, IsEmptyWithoutCandidates) {
  EXPECT_EQ(NearestName("x", {}), "");
  EXPECT_EQ(DidYouMean("x", {}), "");
}

TEST(NearestNameTest, AsksOnlyForWhatMayHaveBeenMeant) {
  EXPECT_EQ(DidYouMean("Modle Year", {"Make", "Model Year"}),
            "; did you mean \"Model Year\"?");
  EXPECT_EQ(DidYouMean("colour", {"Make", "Model Year"}), "");
}

}  // namespace
}  // namespace partita
