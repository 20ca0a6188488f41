#include "partita/base/ascii.h"

#include <gtest/gtest.h>

namespace partita {
namespace {

TEST(AsciiTest, FoldsAsciiLettersOnly) {
  EXPECT_EQ(LowerAscii("Total [@`{Z] ÄÉ"), "total [@`{z] ÄÉ");
  EXPECT_TRUE(EqualsIgnoringCase("MaKe", "mAkE"));
  EXPECT_FALSE(EqualsIgnoringCase("Ä", "ä"));
  EXPECT_FALSE(EqualsIgnoringCase("@", "`"));
  EXPECT_FALSE(EqualsIgnoringCase("make", "makes"));
}

TEST(AsciiTest, TrimsBlanksTabsAndLineEnds) {
  EXPECT_EQ(Trimmed(" \t a b \r\n"), "a b");
  EXPECT_EQ(Trimmed("a"), "a");
  EXPECT_EQ(Trimmed(" \t\r\n"), "");
  EXPECT_EQ(Trimmed(""), "");
}

}  // namespace
}  // namespace partita
