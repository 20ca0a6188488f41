#include "partita/scan/quote_parity.h"

#include <string>

#include <gtest/gtest.h>

namespace partita {
namespace {

TEST(QuoteParityTest, CountsQuotesOfAnySize) {
  std::string text;
  for (size_t size = 0; size < 400; ++size) {
    EXPECT_EQ(HasOddQuotes(text), text.find('"') != std::string::npos && size % 2 == 1);
    text.assign(size + 1, 'x');
    for (size_t i = 0; i <= size; ++i) {
      text[i] = '"';
    }
  }
}

TEST(QuoteParityTest, FindsEachSingleQuote) {
  for (size_t i = 0; i < 300; ++i) {
    std::string text(300, '\n');
    text[i] = '"';
    EXPECT_TRUE(HasOddQuotes(text)) << i;
  }
}

TEST(QuoteParityTest, FindsTheFirstLineOutsideOfQuotes) {
  bool in_quotes = false;
  EXPECT_EQ(FindLineBegin("a\"\n\"\nb", 0, &in_quotes), 5U);
  in_quotes = true;
  EXPECT_EQ(FindLineBegin("a\n\"\nb", 0, &in_quotes), 4U);
  in_quotes = false;
  EXPECT_EQ(FindLineBegin("ab\"\n", 1, &in_quotes), std::string_view::npos);
  EXPECT_TRUE(in_quotes);
}

}  // namespace
}  // namespace partita
