#include "partita/scan/csv_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(CsvOptionsTest, TakesSparksNamesInAnyCase) {
  PARTITA_TEST_ASSIGN(
      const CsvDialect dialect,
      ApplyReadOptions({}, {{"SEP", "\\t"},
                            {"Quote", "'"},
                            {"escape", "\\"},
                            {"HEADER", "False"},
                            {"nullvalue", "NA"},
                            {"enforceSchema", "true"},
                            {"ignoreLeadingWhiteSpace", "true"},
                            {"ignoretrailingwhitespace", "TRUE"},
                            {"charset", "utf-16le"},
                            {"mode", "failfast"},
                            {"LINESEP", "\\r\\n"},
                            {"comment", "#"},
                            {"unescapedquotehandling", "stop_at_delimiter"},
                            {"maxcolumns", "20480"},
                            {"maxcharspercolumn", "100"},
                            {"multiLine", "true"},
                            {"emptyValue", "none"}}));
  EXPECT_EQ(dialect.separator, '\t');
  EXPECT_EQ(dialect.quote, '\'');
  EXPECT_EQ(dialect.escape, '\\');
  EXPECT_FALSE(dialect.header);
  EXPECT_EQ(dialect.null_value, "NA");
  EXPECT_TRUE(dialect.enforce_schema);
  EXPECT_TRUE(dialect.ignore_leading_white_space);
  EXPECT_TRUE(dialect.ignore_trailing_white_space);
  EXPECT_EQ(dialect.line_separator, "\r\n");
  EXPECT_EQ(dialect.encoding, TextEncoding::kUtf16LittleEndian);
  EXPECT_EQ(dialect.comment, '#');
  EXPECT_EQ(dialect.empty_value, "none");
  EXPECT_EQ(dialect.keeps_text_after_quote, true);
  EXPECT_EQ(dialect.max_columns, 20480);
  EXPECT_EQ(dialect.max_field_characters, 100);
}

TEST(CsvOptionsTest, ReadsSeparatorsOfSeveralCharacters) {
  const std::map<std::string, std::string> cases = {{"||", "||"},
                                                    {", ", ", "},
                                                    {"\\t\\t", "\t\t"},
                                                    {"_/-\\\\_", "_/-\\_"},
                                                    {"\xC3\xBE", "\xC3\xBE"}};
  for (const auto& [text, separator] : cases) {
    PARTITA_TEST_ASSIGN(const CsvDialect dialect, ApplyReadOptions({}, {{"sep", text}}));
    EXPECT_EQ(dialect.wide_separator, separator) << text;
    EXPECT_EQ(dialect.separator, ',') << text;
    EXPECT_EQ(WrittenSeparator(dialect), separator) << text;
  }
  PARTITA_TEST_ASSIGN(const CsvDialect narrow,
                      ApplyReadOptions({.wide_separator = "||"}, {{"sep", ";"}}));
  EXPECT_EQ(WrittenSeparator(narrow), ";");
}

TEST(CsvOptionsTest, AModeTellsWhatBecomesOfMalformedRecords) {
  PARTITA_TEST_ASSIGN(const CsvDialect strict,
                      ApplyReadOptions({}, {{"columnNameOfCorruptRecord", "bad"}}));
  EXPECT_EQ(strict.malformed, MalformedRecords::kFail);
  EXPECT_EQ(strict.corrupt_record_column, "");
  PARTITA_TEST_ASSIGN(const CsvDialect dropping,
                      ApplyReadOptions({}, {{"mode", "DropMalformed"}}));
  EXPECT_EQ(dropping.malformed, MalformedRecords::kDrop);
  EXPECT_EQ(dropping.corrupt_record_column, "_corrupt_record");
  EXPECT_FALSE(dropping.adds_corrupt_record_column);
  EXPECT_EQ(dropping.keeps_text_after_quote, true)
      << "which Spark does not call malformed";
  PARTITA_TEST_ASSIGN(const CsvDialect permissive,
                      ApplyReadOptions({}, {{"mode", "PERMISSIVE"},
                                            {"columnNameOfCorruptRecord", "bad"},
                                            {"multiLine", "false"},
                                            {"dateFormat", "dd/MM/yyyy"},
                                            {"timestampFormat", "HH:mm"}}));
  EXPECT_EQ(permissive.malformed, MalformedRecords::kNull);
  EXPECT_EQ(permissive.corrupt_record_column, "bad");
  EXPECT_TRUE(permissive.adds_corrupt_record_column);
  EXPECT_FALSE(permissive.multi_line);
  EXPECT_EQ(permissive.date_format, "dd/MM/yyyy");
  EXPECT_EQ(permissive.timestamp_format, "HH:mm");
}

TEST(CsvOptionsTest, RulesTellWhatBecomesOfValuesAndEmptyStrings) {
  EXPECT_TRUE(IsCanonicalDialect(WithRules({}, {})));
  EXPECT_TRUE(
      IsCanonicalDialect(WithRules({}, {.on_type_mismatch = TypeMismatch::kFail})));
  EXPECT_TRUE(
      IsCanonicalDialect(WithRules({}, {.on_type_mismatch = TypeMismatch::kString})));
  EXPECT_EQ(WithRules({}, {.on_type_mismatch = TypeMismatch::kNull}).malformed,
            MalformedRecords::kNullValues);
  EXPECT_EQ(WithRules({}, {.on_type_mismatch = TypeMismatch::kQuarantine}).malformed,
            MalformedRecords::kPutAside);
  EXPECT_FALSE(TakesAnyNumberOfFields({.malformed = MalformedRecords::kNullValues}));
  EXPECT_TRUE(TakesAnyNumberOfFields({.malformed = MalformedRecords::kPutAside}));
  const CsvDialect with_null{.null_value = "NA"};
  const InputRules keep{.empty_strings = EmptyStrings::kKeep};
  const InputRules null{.empty_strings = EmptyStrings::kNull};
  EXPECT_TRUE(ScannedRowFormat(WithRules({}, {})).quoted_empty_is_null);
  EXPECT_FALSE(ScannedRowFormat(WithRules(with_null, {})).quoted_empty_is_null);
  EXPECT_FALSE(ScannedRowFormat(WithRules({}, keep)).quoted_empty_is_null);
  EXPECT_TRUE(ScannedRowFormat(WithRules(with_null, null)).quoted_empty_is_null);
  EXPECT_TRUE(IsCanonicalDialect(WithRules({}, null))) << "read as fast as by default";
}

TEST(CsvOptionsTest, RulesThatOptionsContradictAreRefused) {
  const InputRules fail{.on_type_mismatch = TypeMismatch::kFail};
  const InputRules keep{.empty_strings = EmptyStrings::kKeep};
  const InputRules null{.empty_strings = EmptyStrings::kNull};
  EXPECT_THAT(CheckRules({}, {{"mode", "PERMISSIVE"}, {"emptyValue", "x"}}), IsOk());
  EXPECT_THAT(CheckRules(fail, {{"Mode", "FAILFAST"}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("mode")));
  for (const InputRules& rules : {keep, null}) {
    EXPECT_THAT(CheckRules(rules, {{"EMPTYVALUE", "x"}}),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("emptyValue")));
    EXPECT_THAT(CheckRules(rules, {{"nullValue", "NA"}, {"mode", "PERMISSIVE"}}), IsOk());
  }
  EXPECT_THAT(CheckRules(keep, {{"nullValue", ""}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("nullValue")));
  EXPECT_THAT(CheckRules(null, {{"nullValue", ""}}), IsOk());
}

TEST(CsvOptionsTest, TheEscapeOfAnEscapeIsTheEscape) {
  EXPECT_THAT(
      ApplyReadOptions({}, {{"escape", "\\"}, {"charToEscapeQuoteEscaping", "\\"}}),
      IsOk());
  EXPECT_THAT(ApplyReadOptions({}, {{"charToEscapeQuoteEscaping", ""}}), IsOk());
  EXPECT_THAT(
      ApplyReadOptions({}, {{"escape", "\\"}, {"charToEscapeQuoteEscaping", "|"}}),
      FailsWith(ErrorCode::kInvalidConfig, HasSubstr("charToEscapeQuoteEscaping")));
}

TEST(CsvOptionsTest, OnlyWhatTheUserGivesOfTheShapeIsGiven) {
  PARTITA_TEST_ASSIGN(const GivenShape given,
                      ShapeGivenBy({{"Delimiter", ";"}, {"HEADER", "false"}}));
  EXPECT_EQ(given.separator, ';');
  EXPECT_EQ(given.header, false);
  EXPECT_FALSE(given.quote.has_value());
  EXPECT_FALSE(given.escape.has_value());
  EXPECT_THAT(ShapeGivenBy({{"sep", "a\nb"}}),
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
      {"sep", "\\"},
      {"sep", "a\\"},
      {"sep", "\""},
      {"sep", "::\""},
      {"sep", "\n"},
      {"sep", "\\u20AC"},
      {"sep", "\xC3"},
      {"header", "yes"},
      {"encoding", "EBCDIC"},
      {"lineSep", ""},
      {"lineSep", "abc"},
      {"lineSep", "\xC3\xBE"},
      {"comment", "##"},
      {"unescapedQuoteHandling", "SKIP_VALUE"},
      {"maxColumns", "0"},
      {"maxColumns", "-1"},
      {"maxCharsPerColumn", "0"},
      {"maxCharsPerColumn", "many"},
      {"charToEscapeQuoteEscaping", "ab"},
      {"mode", "LENIENT"},
      {"multiLine", "maybe"},
      {"columnNameOfCorruptRecord", ""},
      {"dateFormat", "d/M/yy"},
      {"dateFormat", "HH:mm"},
      {"timestampFormat", "yyyy-MM-dd'T'HH:mm:ssXXX"},
      {"maxUnpackedBytes", "0"},
      {"maxUnpackedBytes", "1GiB"},
      {"quote", "''"}};
  for (const auto& [name, value] : cases) {
    EXPECT_THAT(ApplyReadOptions({}, {{name, value}}),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr(name)))
        << name << "=" << value;
  }
}

TEST(CsvOptionsTest, RefusesASeparatorThatIsAlsoTheQuote) {
  EXPECT_THAT(ApplyReadOptions({}, {{"sep", "'"}, {"quote", "'"}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("must differ")));
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"lineSep", ","}, {"lineSep", "\""}, {"comment", "\""}, {"comment", ","}}) {
    EXPECT_THAT(ApplyReadOptions({}, {{name, value}}),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("must differ")))
        << name << "=" << value;
  }
}

TEST(CsvOptionsTest, KnowsWhichDialectsAreTakenAsTheyStand) {
  EXPECT_TRUE(IsCanonicalDialect({}));
  EXPECT_TRUE(IsCanonicalDialect({.separator = ';', .header = false}));
  EXPECT_FALSE(IsCanonicalDialect({.escape = '\\'}));
  EXPECT_FALSE(IsCanonicalDialect({.quote = '\'', .escape = '\''}));
  EXPECT_FALSE(IsCanonicalDialect({.null_value = "NA"}));
  EXPECT_FALSE(IsCanonicalDialect({.ignore_trailing_white_space = true}));
  EXPECT_FALSE(IsCanonicalDialect({.wide_separator = "||"}));
  EXPECT_FALSE(IsCanonicalDialect({.line_separator = "\n"}));
  EXPECT_FALSE(IsCanonicalDialect({.comment = '#'}));
  EXPECT_FALSE(IsCanonicalDialect({.empty_value = "x"}));
  EXPECT_FALSE(IsCanonicalDialect({.keeps_text_after_quote = true}));
  EXPECT_FALSE(IsCanonicalDialect({.max_field_characters = 10}));
  EXPECT_FALSE(IsCanonicalDialect({.multi_line = false}));
  EXPECT_FALSE(IsCanonicalDialect({.malformed = MalformedRecords::kNull}));
  EXPECT_FALSE(IsCanonicalDialect({.date_format = "dd/MM/yyyy"}));
  EXPECT_FALSE(IsCanonicalDialect({.timestamp_format = "HH:mm"}));
  EXPECT_TRUE(IsCanonicalDialect({.encoding = TextEncoding::kUtf16}));
  EXPECT_TRUE(IsCanonicalDialect(
      {.keeps_text_after_quote = false, .max_columns = 10, .max_field_characters = -1}));
}

TEST(CsvOptionsTest, AnEmptyStringIsNullOnlyWhereNoNullTextIsGiven) {
  EXPECT_TRUE(ScannedRowFormat({}).quoted_empty_is_null);
  EXPECT_FALSE(ScannedRowFormat({.null_value = "NA"}).quoted_empty_is_null);
}

}  // namespace
}  // namespace partita
