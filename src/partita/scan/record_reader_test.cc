#include "partita/scan/record_reader.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using ::testing::ElementsAre;

constexpr CsvDialect kSpark{.escape = '\\'};

std::vector<std::string> FieldsOf(std::string_view record, const CsvDialect& dialect) {
  const RecordReader reader(dialect, 2);
  std::vector<std::string> fields;
  std::string value;
  for (size_t i = 0;;) {
    const RecordField field = reader.ReadField(record, i, true, &value);
    fields.push_back(value);
    if (field.end != FieldEnd::kSeparator) {
      return fields;
    }
    i = field.next;
  }
}

// What Spark 4.3 gives for these records with multiLine=true.
TEST(RecordReaderTest, ReadsBackslashEscapesAsSparkDoes) {
  EXPECT_THAT(FieldsOf("\"a\\\"b\",c\n", kSpark), ElementsAre("a\"b", "c"));
  EXPECT_THAT(FieldsOf("a\\,b\n", kSpark), ElementsAre("a\\", "b"));
  EXPECT_THAT(FieldsOf("\"a\\\\b\",c\n", kSpark), ElementsAre("a\\b", "c"));
  EXPECT_THAT(FieldsOf("\"a\\xb\",c\n", kSpark), ElementsAre("a\\xb", "c"));
  EXPECT_THAT(FieldsOf("\"a\\\n\",c\n", kSpark), ElementsAre("a\\\n", "c"));
  EXPECT_THAT(FieldsOf("\"\\\\\\\"\",c\n", kSpark), ElementsAre("\\\"", "c"));
  EXPECT_THAT(FieldsOf("\\\"a\",c\n", kSpark), ElementsAre("\\\"a\"", "c"));
}

TEST(RecordReaderTest, TakesTextBehindAClosingQuoteAsSparkDoes) {
  EXPECT_THAT(FieldsOf("\"a\"\"b\",c\n", kSpark), ElementsAre("\"a\"\"b\"", "c"));
  EXPECT_THAT(FieldsOf("\"a\"b,c\n", kSpark), ElementsAre("\"a\"b", "c"));
  EXPECT_THAT(FieldsOf("\"a\"b,c\",d\n", kSpark), ElementsAre("\"a\"b", "c\"", "d"));
  EXPECT_THAT(FieldsOf("\"a\\\\\"b\",c\n", kSpark), ElementsAre("\"a\\\"b\"", "c"));
  EXPECT_THAT(FieldsOf("\"a\" x,c\n", kSpark), ElementsAre("\"a\" x", "c"));
  EXPECT_THAT(FieldsOf("\"\"x,c\n", kSpark), ElementsAre("\"\"x", "c"));
  EXPECT_THAT(FieldsOf("\"\"\"\",c\n", kSpark), ElementsAre("\"\"", "c"));
  EXPECT_THAT(FieldsOf("\"a\"\",c\n", kSpark), ElementsAre("a\"", "c"));
  EXPECT_THAT(FieldsOf("\"a\\\",c\n\"x\",d\n", kSpark),
              ElementsAre("\"a\",c\n\"x\"", "d"));
}

TEST(RecordReaderTest, DropsBlanksBehindAClosingQuoteAsSparkDoes) {
  EXPECT_THAT(FieldsOf("\"a\" ,c\n", kSpark), ElementsAre("a", "c"));
  EXPECT_THAT(FieldsOf("\"a\"\t,\"c\" \r\n", kSpark), ElementsAre("a", "c"));
  EXPECT_THAT(FieldsOf(" \"b\" ,c\n", kSpark), ElementsAre(" \"b\" ", "c"));
}

TEST(RecordReaderTest, TrimsAsSparkDoes) {
  const CsvDialect both{.escape = '\\',
                        .ignore_leading_white_space = true,
                        .ignore_trailing_white_space = true};
  const CsvDialect leading{.escape = '\\', .ignore_leading_white_space = true};
  const CsvDialect trailing{.escape = '\\', .ignore_trailing_white_space = true};
  EXPECT_THAT(FieldsOf(" a , b \n", both), ElementsAre("a", "b"));
  EXPECT_THAT(FieldsOf(" a , b \n", leading), ElementsAre("a ", "b "));
  EXPECT_THAT(FieldsOf(" a , b \n", trailing), ElementsAre(" a", " b"));
  EXPECT_THAT(FieldsOf(" \"a\" , \"b\" \n", both), ElementsAre("a", "b"));
  EXPECT_THAT(FieldsOf(" \"a\" , \"b\" \n", trailing), ElementsAre(" \"a\"", " \"b\""));
  EXPECT_THAT(FieldsOf("\" a \",\" b\"\n", both), ElementsAre(" a ", " b"));
  EXPECT_THAT(FieldsOf("\"a\" x , y\n", leading), ElementsAre("\"a\" x ", "y"));
}

TEST(RecordReaderTest, TellsTextBehindAQuoteAndOpenQuotesWhereQuotesAreDoubled) {
  const RecordReader reader({}, 2);
  std::string value;
  EXPECT_EQ(reader.ReadField("\"a\"b,c", 0, true, &value).end, FieldEnd::kTextAfterQuote);
  EXPECT_EQ(reader.ReadField("\"a\" ,c", 0, true, &value).end, FieldEnd::kTextAfterQuote);
  EXPECT_EQ(reader.ReadField("\"a", 0, true, &value).end, FieldEnd::kOpenQuote);
  EXPECT_EQ(reader.ReadField("\"a\"\"b\"\r\n", 0, true, &value).end, FieldEnd::kLineEnd);
  EXPECT_EQ(value, "a\"b");
}

TEST(RecordReaderTest, SaysThatMoreTextIsNeeded) {
  const RecordReader reader({}, 2);
  for (const char* const text :
       {"", "a", "a,", "a,\"b", "a,\"b\"", "a,\"b\"\r", "a,b\r"}) {
    EXPECT_EQ(reader.RecordEnd(text, 0, false), std::nullopt) << text;
    EXPECT_EQ(reader.RecordEnd(text, 0, true), std::string_view(text).size()) << text;
  }
  EXPECT_EQ(reader.RecordEnd("a,\"b\n\"\r\nc", 0, false), 8U);
  EXPECT_EQ(reader.RecordEnd("\"a\"x,b\nc", 0, false), 7U);
}

size_t NextRecord(const CsvDialect& dialect, size_t num_columns, std::string_view text) {
  const RecordBegin next = RecordReader(dialect, num_columns).NextRecord(text, 0, true);
  EXPECT_TRUE(next.is_known) << text;
  return next.offset;
}

TEST(RecordReaderTest, SkipsBlankLinesOnlyWhereThereAreTwoColumns) {
  EXPECT_EQ(NextRecord({}, 2, "\n \r\n  a"), 4U);
  EXPECT_EQ(NextRecord({}, 2, "\n  "), 3U);
  EXPECT_EQ(NextRecord({}, 1, "\na"), 0U);
  EXPECT_EQ(NextRecord({.separator = '\t'}, 2, "\n\t\n"), 1U);
  const RecordBegin unknown = RecordReader({}, 2).NextRecord("\n  ", 0, false);
  EXPECT_EQ(unknown.offset, 1U);
  EXPECT_FALSE(unknown.is_known);
}

TEST(RecordReaderTest, SkipsCommentsWhateverTheyHold) {
  const CsvDialect dialect{.comment = '#'};
  EXPECT_EQ(NextRecord(dialect, 2, "#a\n\n#\"\nb,c\n"), 7U);
  EXPECT_EQ(NextRecord(dialect, 1, "#a\n\nb\n"), 3U);
  EXPECT_EQ(NextRecord(dialect, 2, "#a"), 2U);
  EXPECT_EQ(NextRecord(dialect, 2, " #a\n"), 0U);
  const RecordReader reader(dialect, 2);
  EXPECT_EQ(reader.RecordEnd("#\"a\nb,c\n", 0, false), 4U);
  EXPECT_EQ(reader.RecordEnd("#\"a", 0, false), std::nullopt);
  EXPECT_EQ(reader.RecordEnd("#\"a", 0, true), 3U);
  EXPECT_FALSE(reader.NextRecord("\n#a", 0, false).is_known);
}

TEST(RecordReaderTest, ReadsSeparatorsOfSeveralCharacters) {
  const CsvDialect dialect{.wide_separator = "||"};
  EXPECT_THAT(FieldsOf("a||b|c||\"d||\"\"e\"||f\n", dialect),
              ElementsAre("a", "b|c", "d||\"e", "f"));
  EXPECT_THAT(FieldsOf("||a||\n", dialect), ElementsAre("", "a", ""));
  EXPECT_THAT(FieldsOf("a,b|||c", dialect), ElementsAre("a,b", "|c"));
  const RecordReader reader(dialect, 2);
  EXPECT_EQ(reader.RecordEnd("a||b\n", 0, false), std::nullopt);
  EXPECT_EQ(reader.RecordEnd("a||b\nc", 0, false), 5U);
  EXPECT_EQ(reader.RecordEnd("a|", 0, true), 2U);
}

TEST(RecordReaderTest, ReadsOtherLineEnds) {
  const CsvDialect semicolon{.line_separator = ";"};
  EXPECT_THAT(FieldsOf("a,\"b;c\";d", semicolon), ElementsAre("a", "b;c"));
  EXPECT_THAT(FieldsOf("a,b\r;", semicolon), ElementsAre("a", "b\r"));
  EXPECT_EQ(NextRecord(semicolon, 2, "\n;a,b"), 2U);
  EXPECT_EQ(NextRecord(semicolon, 2, "a,b;"), 0U);
  const CsvDialect both{.line_separator = "\r\n"};
  EXPECT_THAT(FieldsOf("a,b\n\r\n", both), ElementsAre("a", "b\n"));
  EXPECT_EQ(RecordReader(both, 2).RecordEnd("a,b\r", 0, false), std::nullopt);
  EXPECT_EQ(RecordReader(both, 2).RecordEnd("a,b\r\nc", 0, false), 5U);
}

// What univocity gives where Spark hands it one line.
TEST(RecordReaderTest, ALineEndEndsARecordAlsoWithinQuotesWhereItIsTold) {
  const CsvDialect lines{.escape = '\\', .multi_line = false};
  EXPECT_THAT(FieldsOf("a,\"b\nc\"\n", lines), ElementsAre("a", "b"));
  EXPECT_THAT(FieldsOf("a,\"\nc", lines), ElementsAre("a", "\""));
  EXPECT_THAT(FieldsOf("a,\"b", lines), ElementsAre("a", "b"));
  EXPECT_THAT(FieldsOf("\"a\" ,b\r", lines), ElementsAre("a", "b"));
  const RecordReader reader(lines, 2);
  for (const char* const text : {"a,\"b\nc", "a,\"b\rc", "a,bc\nd", "a,bc\rd"}) {
    EXPECT_EQ(reader.RecordEnd(text, 0, false), 5U) << text;
  }
  EXPECT_EQ(reader.RecordEnd("a,\"b\r\nc", 0, false), 6U);
  EXPECT_EQ(reader.RecordEnd("a,\"b\r", 0, false), std::nullopt) << "a LF may follow";
  EXPECT_EQ(reader.RecordEnd("a,\"b\r", 0, true), 5U);
  const CsvDialect doubled{.multi_line = false};
  EXPECT_THAT(FieldsOf("a,\"b\"\"c\n", doubled), ElementsAre("a", "b\"c"));
  EXPECT_EQ(NextRecord(doubled, 2, "\r \r\n\na,b"), 5U);
}

TEST(RecordReaderTest, KeepsTextBehindAQuoteWhereItIsTold) {
  const CsvDialect keeps{.keeps_text_after_quote = true};
  EXPECT_THAT(FieldsOf("\"a\"b,c\n", keeps), ElementsAre("\"a\"b", "c"));
  EXPECT_THAT(FieldsOf("\"a\"\"b\"c,d\n", keeps), ElementsAre("\"a\"b\"c", "d"));
  EXPECT_THAT(FieldsOf("\"a\" ,c\n", keeps), ElementsAre("a", "c"));
  const RecordReader refuses({.escape = '\\', .keeps_text_after_quote = false}, 2);
  std::string value;
  EXPECT_EQ(refuses.ReadField("\"a\"b,c", 0, true, &value).end,
            FieldEnd::kTextAfterQuote);
}

}  // namespace
}  // namespace partita
