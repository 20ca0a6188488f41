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

TEST(RecordReaderTest, SkipsBlankLinesOnlyWhereThereAreTwoColumns) {
  EXPECT_EQ(RecordReader({}, 2).SkipBlankLines("\n \r\n  a", 0, true), 4U);
  EXPECT_EQ(RecordReader({}, 2).SkipBlankLines("\n  ", 0, true), 3U);
  EXPECT_EQ(RecordReader({}, 2).SkipBlankLines("\n  ", 0, false), 1U);
  EXPECT_EQ(RecordReader({}, 1).SkipBlankLines("\na", 0, true), 0U);
  EXPECT_EQ(RecordReader({.separator = '\t'}, 2).SkipBlankLines("\n\t\n", 0, true), 1U);
}

}  // namespace
}  // namespace partita
