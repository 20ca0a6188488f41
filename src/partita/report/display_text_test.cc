#include "partita/report/display_text.h"

#include <gtest/gtest.h>

namespace partita {
namespace {

TEST(DisplayTextTest, EscapesTheControlCharactersSparkEscapes) {
  EXPECT_EQ(EscapeForDisplay("a\n\r\t\f\b\v\a\\z"), "a\\n\\r\\t\\f\\b\\v\\a\\z");
  EXPECT_EQ(EscapeForDisplay(std::string("\0\x1b é", 5)), std::string("\0\x1b é", 5));
}

TEST(DisplayTextTest, CountsUtf16UnitsAsJavaDoes) {
  EXPECT_EQ(Utf16Length(""), 0);
  EXPECT_EQ(Utf16Length("aé日"), 3);
  EXPECT_EQ(Utf16Length("😀"), 2);
}

TEST(DisplayTextTest, CutsBetweenCharactersAndMarksACutPair) {
  EXPECT_EQ(Utf16Prefix("aé日b", 3), "aé日");
  EXPECT_EQ(Utf16Prefix("😀😀", 2), "😀");
  EXPECT_EQ(Utf16Prefix("😀😀", 3), "😀?");
  EXPECT_EQ(Utf16Prefix("ab", 5), "ab");
  EXPECT_EQ(Utf16Prefix("ab", 0), "");
}

TEST(DisplayTextTest, CountsFullWidthCharactersTwice) {
  EXPECT_EQ(DisplayWidth("abcé"), 4);
  EXPECT_EQ(DisplayWidth("日本"), 4);
  EXPECT_EQ(DisplayWidth("ｆ"), 2);
  EXPECT_EQ(DisplayWidth("한국"), 4);
  EXPECT_EQ(DisplayWidth("\u1100\u115F\u1160"), 5);
  EXPECT_EQ(DisplayWidth("\u2E7F\u2E80\uA4CF\uA4D0"), 6);
  EXPECT_EQ(DisplayWidth("\uFF60\uFF61\uFFE0\uFFE7"), 6);
  EXPECT_EQ(DisplayWidth("😀"), 2);
}

}  // namespace
}  // namespace partita
