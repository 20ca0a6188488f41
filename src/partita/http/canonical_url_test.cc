#include "partita/http/canonical_url.h"

#include <gtest/gtest.h>

namespace partita {
namespace {

std::string EveryByte() {
  std::string text;
  for (int byte = 0; byte < 256; ++byte) {
    text.push_back(static_cast<char>(byte));
  }
  return text;
}

TEST(CanonicalUrlTest, LeavesUnreservedCharactersAlone) {
  const std::string unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  EXPECT_EQ(UriEncode(unreserved), unreserved);
}

TEST(CanonicalUrlTest, EncodesEveryOtherByte) {
  EXPECT_EQ(UriEncode("Make=TESLA/a b"), "Make%3DTESLA%2Fa%20b");
  EXPECT_EQ(UriEncode("'()!*+&,:;@$[]#?%"),
            "%27%28%29%21%2A%2B%26%2C%3A%3B%40%24%5B%5D%23%3F%25");
  EXPECT_EQ(UriEncode("Škoda \xF0\x9F\x9A\x97"), "%C5%A0koda%20%F0%9F%9A%97");
  EXPECT_EQ(UriEncode(std::string("\0\x7F\xFF", 3)), "%00%7F%FF");
}

TEST(CanonicalUrlTest, KeepsTheSlashesOfAPath) {
  EXPECT_EQ(UriEncodePath("a/Make=B%20C/x.parquet"), "a/Make%3DB%2520C/x.parquet");
}

TEST(CanonicalUrlTest, DecodesWhatItEncodes) {
  EXPECT_EQ(DecodeUri(UriEncode(EveryByte())), EveryByte());
  EXPECT_EQ(DecodeUri(UriEncodePath(EveryByte())), EveryByte());
}

TEST(CanonicalUrlTest, TakesPlusForABlankWhenDecoding) {
  EXPECT_EQ(DecodeUri("Model+3/a%2Bb%2fc"), "Model 3/a+b/c");
}

TEST(CanonicalUrlTest, LeavesAPercentSignThatEncodesNothing) {
  EXPECT_EQ(DecodeUri("100%"), "100%");
  EXPECT_EQ(DecodeUri("%4"), "%4");
  EXPECT_EQ(DecodeUri("%G1%1G%-1"), "%G1%1G%-1");
}

TEST(CanonicalUrlTest, JoinsBasePathAndQuery) {
  EXPECT_EQ(CanonicalUrl("http://127.0.0.1:9000", "/bucket/a b", {}),
            "http://127.0.0.1:9000/bucket/a%20b");
  EXPECT_EQ(CanonicalUrl("https://host/", "key", {}), "https://host/key");
  EXPECT_EQ(CanonicalUrl("https://host", "", {}), "https://host/");
}

TEST(CanonicalUrlTest, KeepsSlashesThatAreNamesOfTheirOwn) {
  EXPECT_EQ(CanonicalUrl("https://host", "//a//b/", {}), "https://host//a//b/");
}

TEST(CanonicalUrlTest, SortsTheQueryAndGivesEachFieldAnEqualsSign) {
  EXPECT_EQ(CanonicalUrl("https://host", "/b",
                         {{"uploads", ""}, {"prefix", "a/b=c"}, {"list-type", "2"}}),
            "https://host/b?list-type=2&prefix=a%2Fb%3Dc&uploads=");
}

TEST(CanonicalUrlTest, SortsFieldsByTheirNameAndNotByTheLine) {
  // '-' comes before '=', so that whole lines would sort the other way round.
  EXPECT_EQ(CanonicalUrl("https://host", "/b",
                         {{"key-marker", "k"}, {"key", "v"}, {"key", "a"}}),
            "https://host/b?key=a&key=v&key-marker=k");
}

}  // namespace
}  // namespace partita
