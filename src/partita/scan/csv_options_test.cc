#include "partita/scan/csv_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(CsvOptionsTest, TakesSparksNamesInAnyCase) {
  PARTITA_TEST_ASSIGN(const CsvDialect dialect,
                      ApplyReadOptions({}, {{"SEP", "\\t"},
                                            {"Quote", "'"},
                                            {"escape", "\\"},
                                            {"HEADER", "False"},
                                            {"nullvalue", "NA"},
                                            {"enforceSchema", "true"},
                                            {"ignoreLeadingWhiteSpace", "true"},
                                            {"ignoretrailingwhitespace", "TRUE"},
                                            {"charset", "utf-8"},
                                            {"mode", "failfast"},
                                            {"lineSep", "\n"},
                                            {"multiLine", "true"},
                                            {"emptyValue", ""}}));
  EXPECT_EQ(dialect.separator, '\t');
  EXPECT_EQ(dialect.quote, '\'');
  EXPECT_EQ(dialect.escape, '\\');
  EXPECT_FALSE(dialect.header);
  EXPECT_EQ(dialect.null_value, "NA");
  EXPECT_TRUE(dialect.enforce_schema);
  EXPECT_TRUE(dialect.ignore_leading_white_space);
  EXPECT_TRUE(dialect.ignore_trailing_white_space);
}

TEST(CsvOptionsTest, OnlyWhatTheUserGivesOfTheShapeIsGiven) {
  PARTITA_TEST_ASSIGN(const GivenShape given,
                      ShapeGivenBy({{"Delimiter", ";"}, {"HEADER", "false"}}));
  EXPECT_EQ(given.separator, ';');
  EXPECT_EQ(given.header, false);
  EXPECT_FALSE(given.quote.has_value());
  EXPECT_FALSE(given.escape.has_value());
  EXPECT_THAT(ShapeGivenBy({{"sep", ";;"}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("sep")));
}

TEST(CsvOptionsTest, ReadsEscapedSeparators) {
  const std::map<std::string, char> cases = {
      {";", ';'}, {"\\u0001", '\x01'}, {"\\u007C", '|'}, {"\\\\", '\\'}};
  for (const auto& [text, separator] : cases) {
    PARTITA_TEST_ASSIGN(const CsvDialect dialect,
                        ApplyReadOptions({}, {{"delimiter", text}}));
    EXPECT_EQ(dialect.separator, separator) << text;
  }
}

TEST(CsvOptionsTest, NamesTheNearestOptionForAnUnknownOne) {
  EXPECT_THAT(ApplyReadOptions({}, {{"hedaer", "true"}}),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("\"hedaer\""), HasSubstr("\"header\""))));
}

TEST(CsvOptionsTest, RefusesBadValues) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"sep", ""},
      {"sep", "::"},
      {"sep", "\""},
      {"sep", "\n"},
      {"sep", "\xC2\xA7"},
      {"sep", "\\u20AC"},
      {"header", "yes"},
      {"encoding", "UTF-16"},
      {"lineSep", "\r\n"},
      {"mode", "PERMISSIVE"},
      {"multiLine", "false"},
      {"quote", "''"},
      {"maxUnpackedBytes", "0"},
      {"maxUnpackedBytes", "1GiB"},
      {"emptyValue", "x"}};
  for (const auto& [name, value] : cases) {
    EXPECT_THAT(ApplyReadOptions({}, {{name, value}}),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr(name)))
        << name << "=" << value;
  }
}

TEST(CsvOptionsTest, RefusesASeparatorThatIsAlsoTheQuote) {
  EXPECT_THAT(ApplyReadOptions({}, {{"sep", "'"}, {"quote", "'"}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("must differ")));
}

TEST(CsvOptionsTest, KnowsWhichDialectsAreTakenAsTheyStand) {
  EXPECT_TRUE(IsCanonicalDialect({}));
  EXPECT_TRUE(IsCanonicalDialect({.separator = ';', .header = false}));
  EXPECT_FALSE(IsCanonicalDialect({.escape = '\\'}));
  EXPECT_FALSE(IsCanonicalDialect({.quote = '\'', .escape = '\''}));
  EXPECT_FALSE(IsCanonicalDialect({.null_value = "NA"}));
  EXPECT_FALSE(IsCanonicalDialect({.ignore_trailing_white_space = true}));
}

TEST(CsvOptionsTest, AnEmptyStringIsNullOnlyWhereNoNullTextIsGiven) {
  EXPECT_TRUE(ScannedRowFormat({}).quoted_empty_is_null);
  EXPECT_FALSE(ScannedRowFormat({.null_value = "NA"}).quoted_empty_is_null);
}

}  // namespace
}  // namespace partita
