#include "partita/encode/text/json_string.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

std::string Quoted(std::string_view text) {
  std::string out;
  AppendJsonString(text, &out);
  return out;
}

TEST(JsonStringTest, EscapesWhatSparkEscapes) {
  EXPECT_EQ(Quoted(""), R"("")");
  EXPECT_EQ(Quoted(R"(a"b\c)"), R"("a\"b\\c")");
  EXPECT_EQ(Quoted("\b\t\n\f\r"), R"("\b\t\n\f\r")");
  EXPECT_EQ(Quoted(std::string_view("\0\x01\x0b\x1f", 4)),
            R"("\u0000\u0001\u000B\u001F")");
}

TEST(JsonStringTest, LeavesOtherCharactersAsTheyAre) {
  for (const std::string_view text : {"/", "'", "\x7f", "é", "\u2028", "\u0085",
                                      "\U0001F600", "\uFFFD", "\uD7FF", "\U0010FFFF"}) {
    EXPECT_EQ(Quoted(text), '"' + std::string(text) + '"');
  }
}

struct BrokenCase {
  std::string_view text;
  std::string_view repaired;  // ? stands for U+FFFD
};

// As Spark reads these bytes from CSV and writes them as JSON.
constexpr BrokenCase kBroken[] = {
    {"a\xff"
     "b",
     "a?b"},
    {"a\xc3", "a?"},
    {"\xe2\x82x", "?x"},
    {"\xed\xa0\x80y", "?y"},
    {"\xf0\x9f\x98", "?"},
    {"\xc0\xafz", "??z"},
    {"\xf8\x88\x80\x80\x80", "?????"},
    {"\xe2\x82\xac\xe2\x28\xa1", "€?(?"},
    {"\xf4\x90\x80\x80", "????"},
    {"\xe0\x80\xaf", "???"},
};

TEST(JsonStringTest, BytesThatAreNoTextBecomeReplacementCharacters) {
  for (const BrokenCase& c : kBroken) {
    std::string expected = "\"";
    for (const char letter : c.repaired) {
      expected += letter == '?' ? "\uFFFD" : std::string(1, letter);
    }
    EXPECT_EQ(Quoted(c.text), expected + "\"");
  }
}

}  // namespace
}  // namespace partita
