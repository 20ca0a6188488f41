#include "partita/encode/text/csv_field_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

// The tables were taken from files Spark 4.3 wrote.

namespace partita {
namespace {

// Stands for NULL among the texts below.
constexpr std::string_view kNull = "<null>";

std::string Written(const std::map<std::string, std::string>& options,
                    std::string_view text, bool is_first = false) {
  const FormatOptions format = {
      .format = "csv", .options = options, .spark_compatible = true};
  const auto parsed = ParseCsvWriteOptions(format);
  EXPECT_THAT(parsed, IsOk());
  FieldValue value = {.is_null = text == kNull, .text = text};
  value.text = value.is_null ? "" : text;
  std::string out;
  CsvFieldWriter(*parsed).Append(value, is_first, &out);
  return out;
}

struct DefaultCase {
  std::string_view text;
  std::string_view later;
  std::string_view first = later;
};

constexpr DefaultCase kDefaults[] = {
    {kNull, ""},
    {"", R"("")"},
    {"a", "a"},
    {"a,b", R"("a,b")"},
    {R"(a"b)", R"("a\"b")"},
    {R"("a)", R"("\"a")"},
    {R"("")", R"("\"\"")"},
    {R"(a\b)", R"(a\b)"},
    {R"(a\,b)", R"("a\\,b")"},
    {R"(a\"b)", R"("a\\\"b")"},
    {R"(x,\\)", R"("x,\\\\")"},
    {" a ", "a"},
    {" a,b ", R"("a,b")"},
    {"   ", R"("")"},
    {" \n ", R"("")"},
    {"\x01", R"("")"},
    {"a\nb", "\"a\nb\""},
    {"a\rb", "\"a\rb\""},
    {"a\r\nb", "\"a\r\nb\""},
    {"\na\n", R"("a")"},
    {"#a", "#a", R"("#a")"},
    {" #a", "#a"},
    {"# a", "# a", R"("# a")"},
    {R"({"a":1})", R"("{\"a\":1}")"},
    {"a\tb", "a\tb"},
    {"\ta\t", "a"},
    {"\u00a0a\u00a0", "\u00a0a\u00a0"},
    {"\x7f", "\x7f"},
    {"\u3000a", "\u3000a"},
    {"é,ü", R"("é,ü")"},
    {R"( "a")", R"("\"a\"")"},
    {R"("\)", R"("\"\\")"},
    {", ", R"(",")"},
    {"a ,b", R"("a ,b")"},
    {"'", "'"},
    {"null", "null"},
};

TEST(CsvFieldWriterTest, WritesFieldsAsSparkByDefault) {
  for (const DefaultCase& c : kDefaults) {
    EXPECT_EQ(Written({}, c.text), c.later) << c.text;
    EXPECT_EQ(Written({}, c.text, true), c.first) << c.text;
  }
}

struct OptionCase {
  std::map<std::string, std::string> options;
  std::string_view text;
  std::string_view written;
};

const OptionCase kOptions[] = {
    {{{"quoteAll", "true"}}, kNull, R"("")"},
    {{{"quoteAll", "true"}}, "", R"("")"},
    {{{"quoteAll", "true"}}, R"(a\b)", R"("a\\b")"},
    {{{"quoteAll", "true"}}, "\ta\t", R"("a")"},
    {{{"quoteAll", "true"}, {"nullValue", "NA"}}, kNull, R"("NA")"},
    {{{"quoteAll", "true"}, {"emptyValue", ""}}, " ", R"("")"},
    {{{"quoteAll", "true"}, {"emptyValue", "E"}}, "", R"("E")"},
    {{{"escape", "\""}}, R"(a"b)", R"("a""b")"},
    {{{"escape", "\""}}, R"("")", R"("""""")"},
    {{{"escape", "\""}}, R"(a\,b)", R"("a\,b")"},
    {{{"escape", "%"}}, R"(a\"b)", R"("a\%"b")"},
    {{{"escape", ""}}, "a\"b", std::string_view("\"a\0\"b\"", 6)},
    {{{"escapeQuotes", "false"}}, R"(a"b)", R"(a"b)"},
    {{{"escapeQuotes", "false"}}, R"("a)", R"("\"a")"},
    {{{"escapeQuotes", "false"}}, R"(a,"b)", R"("a,\"b")"},
    {{{"charToEscapeQuoteEscaping", "%"}}, R"(a\"b)", R"("a%\\"b")"},
    {{{"charToEscapeQuoteEscaping", "%"}, {"escape", "\""}}, R"(a"b)", R"("a""b")"},
    {{{"nullValue", "NA"}}, kNull, "NA"},
    {{{"nullValue", "NA"}}, "NA", "NA"},
    {{{"nullValue", "N,A"}}, kNull, R"("N,A")"},
    {{{"nullValue", R"("x")"}}, kNull, R"("x")"},
    {{{"nullValue", " n "}}, kNull, "n"},
    {{{"nullValue", "\\N"}}, kNull, "\\N"},
    {{{"emptyValue", ""}}, "", ""},
    {{{"emptyValue", "E,M"}}, "  ", R"("E,M")"},
    {{{"sep", "|"}}, "a,b", "a,b"},
    {{{"sep", "|"}}, "a|b", R"("a|b")"},
    {{{"delimiter", ";"}}, "a;b", R"("a;b")"},
    {{{"sep", "\\t"}}, "a\tb", "\"a\tb\""},
    {{{"sep", "||"}}, "a|b", "a|b"},
    {{{"sep", "||"}}, "a||b", R"("a||b")"},
    {{{"sep", ", "}}, "a, b", R"("a, b")"},
    {{{"quote", "'"}}, R"("a)", R"("a)"},
    {{{"quote", "'"}}, "a'b", R"('a\'b')"},
    {{{"quote", "'"}, {"escape", "\""}}, R"(",")", R"('"",""')"},
    {{{"quote", ""}}, "a,b", std::string_view("\0a,b\0", 5)},
    {{{"quote", ""}}, R"("a)", R"("a)"},
    {{{"ignoreLeadingWhiteSpace", "false"}}, " a ", " a"},
    {{{"ignoreTrailingWhiteSpace", "false"}}, " a ", "a "},
    {{{"ignoreTrailingWhiteSpace", "false"}}, "  ", R"("")"},
    {{{"lineSep", "\r\n"}}, "a\nb", "\"a\r\nb\""},
    {{{"lineSep", ";"}}, "a;", R"("a;")"},
};

TEST(CsvFieldWriterTest, FollowsItsOptionsAsSpark) {
  for (const OptionCase& c : kOptions) {
    EXPECT_EQ(Written(c.options, c.text), c.written)
        << testing::PrintToString(c.options) << c.text;
  }
}

TEST(CsvFieldWriterTest, CommentCharacterMattersAtTheLinesBeginOnly) {
  EXPECT_EQ(Written({{"comment", "%"}}, "%a", true), R"("%a")");
  EXPECT_EQ(Written({{"comment", "%"}}, "%a"), "%a");
  EXPECT_EQ(Written({{"comment", "%"}}, "#a", true), "#a");
}

TEST(CsvFieldWriterTest, BlanksAndLineFeedsStayUnlessSparkIsAskedFor) {
  const FormatOptions format = {.format = "csv", .options = {{"lineSep", "\r\n"}}};
  PARTITA_TEST_ASSIGN(const CsvWriteOptions options, ParseCsvWriteOptions(format));
  const CsvFieldWriter writer(options);
  const DefaultCase cases[] = {
      {" a ", " a "}, {"   ", "   "}, {"\t", "\t"},     {" \"a\" ", "\" \\\"a\\\" \""},
      {" #a", " #a"}, {"", "\"\""},   {"\x01", "\x01"}, {"a\nb", "\"a\nb\""},
  };
  for (const DefaultCase& c : cases) {
    std::string out;
    writer.Append({.text = c.text}, true, &out);
    EXPECT_EQ(out, c.later);
  }
}

}  // namespace
}  // namespace partita
