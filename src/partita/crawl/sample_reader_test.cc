#include "partita/crawl/sample_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using ::testing::ElementsAre;
using Row = std::vector<std::string>;

std::vector<Row> RowsOf(std::string_view text, const CsvDialect& dialect = {}) {
  SampleReader reader(text, dialect);
  std::vector<Row> rows;
  std::vector<SampleCell> cells;
  while (reader.Next(&cells)) {
    Row& row = rows.emplace_back();
    for (const SampleCell& cell : cells) {
      row.push_back(cell.text);
    }
  }
  return rows;
}

TEST(SampleReaderTest, ReadsRecordsOfAnyWidthAndLineEnd) {
  EXPECT_THAT(RowsOf("a,b\r\n1,,\n\nlast"),
              ElementsAre(Row{"a", "b"}, Row{"1", "", ""}, Row{"last"}));
  EXPECT_THAT(RowsOf("\r\n\n"), ElementsAre());
}

TEST(SampleReaderTest, ReadsQuotedSeparatorsLineBreaksAndDoubledQuotes) {
  EXPECT_THAT(RowsOf("\"a,\"\"b\"\"\nc\",d\n"), ElementsAre(Row{"a,\"b\"\nc", "d"}));
}

TEST(SampleReaderTest, ReadsBackslashEscapes) {
  EXPECT_THAT(RowsOf(R"("a\"b","c\\"|d)", {.escape = '\\'}),
              ElementsAre(Row{"a\"b", "c\\|d"}));
}

TEST(SampleReaderTest, SkipsCommentsAndTakesOtherSeparatorsAndLineEnds) {
  EXPECT_THAT(RowsOf("#\"x\n\n#\r\na,b\n#", {.comment = '#'}),
              ElementsAre(Row{"a", "b"}));
  EXPECT_THAT(
      RowsOf("a::b;\"c;\"::d\n;", {.wide_separator = "::", .line_separator = ";"}),
      ElementsAre(Row{"a", "b"}, Row{"c;", "d\n"}));
}

TEST(SampleReaderTest, TakesAnotherQuoteOrNone) {
  EXPECT_THAT(RowsOf("'a,b',\"c\n", {.quote = '\'', .escape = '\''}),
              ElementsAre(Row{"a,b", "\"c"}));
  EXPECT_THAT(RowsOf("\"a,b\n", {.quote = '\0'}), ElementsAre(Row{"\"a", "b"}));
}

TEST(SampleReaderTest, TellsQuoteFaultsPerRecord) {
  SampleReader reader("\"a\"b,c\nd,e\n\"open", {});
  std::vector<SampleCell> cells;
  ASSERT_TRUE(reader.Next(&cells));
  EXPECT_TRUE(reader.has_quote_fault());
  EXPECT_EQ(cells[0].text, "ab");
  ASSERT_TRUE(reader.Next(&cells));
  EXPECT_FALSE(reader.has_quote_fault());
  EXPECT_FALSE(reader.is_cut());
  ASSERT_TRUE(reader.Next(&cells));
  EXPECT_TRUE(reader.has_quote_fault());
  EXPECT_TRUE(reader.is_cut());
  EXPECT_FALSE(reader.Next(&cells));
}

}  // namespace
}  // namespace partita
