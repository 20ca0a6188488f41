#include "partita/encode/text/csv_write_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

arrow::Result<CsvWriteOptions> Parsed(std::map<std::string, std::string> options,
                                      bool spark_compatible = false) {
  return ParseCsvWriteOptions({.format = "csv",
                               .options = std::move(options),
                               .spark_compatible = spark_compatible});
}

TEST(CsvWriteOptionsTest, NamesAreTakenInAnyCaseAndSepBeatsDelimiter) {
  PARTITA_TEST_ASSIGN(const CsvWriteOptions options,
                      Parsed({{"SEP", "|"}, {"Delimiter", ";"}, {"header", "TRUE"}}));
  EXPECT_EQ(options.separator, "|");
  EXPECT_TRUE(options.header);
}

TEST(CsvWriteOptionsTest, TrimmingIsOffUnlessSparkOrTheUserWantsIt) {
  PARTITA_TEST_ASSIGN(const CsvWriteOptions ours, Parsed({}));
  EXPECT_FALSE(ours.trim_leading || ours.trim_trailing || ours.is_lossy_as_spark);
  PARTITA_TEST_ASSIGN(const CsvWriteOptions spark, Parsed({}, true));
  EXPECT_TRUE(spark.trim_leading && spark.trim_trailing && spark.is_lossy_as_spark);
  PARTITA_TEST_ASSIGN(const CsvWriteOptions mixed,
                      Parsed({{"ignoreLeadingWhiteSpace", "false"}}, true));
  EXPECT_FALSE(mixed.trim_leading);
  EXPECT_TRUE(mixed.trim_trailing);
}

TEST(CsvWriteOptionsTest, SparksDefaultsMayBeSpelledOut) {
  EXPECT_THAT(Parsed({{"dateFormat", "yyyy-MM-dd"},
                      {"timestampFormat", "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]"},
                      {"timestampNTZFormat", "yyyy-MM-dd'T'HH:mm:ss[.SSS]"},
                      {"timeZone", "UTC"},
                      {"encoding", "utf-8"},
                      {"compression", "none"}}),
              IsOk());
}

TEST(CsvWriteOptionsTest, AnUnknownOptionNamesTheNearest) {
  EXPECT_THAT(Parsed({{"quotAll", "true"}}),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("quotAll"), HasSubstr("quoteAll"))));
}

TEST(CsvWriteOptionsTest, BadValuesAreRefusedWithTheOptionsName) {
  const std::map<std::string, std::string> bad_values[] = {
      {{"header", "yes"}},
      {{"sep", ""}},
      {{"sep", "\\x"}},
      {{"quote", "ab"}},
      {{"escape", "é"}},
      {{"comment", ""}},
      {{"lineSep", ""}},
      {{"lineSep", "abc"}},
      {{"compression", "snappy"}},
      {{"dateFormat", "dd.MM.yyyy"}},
      {{"encoding", "UTF-16"}},
      {{"timeZone", "Europe/Paris"}},
      {{"timestampFormat", "yyyy"}},
      {{"charToEscapeQuoteEscaping", "ab"}},
  };
  for (const auto& options : bad_values) {
    EXPECT_THAT(Parsed(options),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr(options.begin()->first)));
  }
  EXPECT_THAT(Parsed({{"sep", "\""}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("must differ")));
}

}  // namespace
}  // namespace partita
