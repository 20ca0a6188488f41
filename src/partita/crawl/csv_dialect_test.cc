#include "partita/crawl/csv_dialect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/crawl/glue_table.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TableDefinition LazySimpleTable() {
  TableDefinition table;
  table.database = "glue_db";
  table.name = "cars";
  table.storage.serde.serialization_library =
      "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
  return table;
}

TEST(CsvDialectTest, ReadsWhatTheCrawlerWrote) {
  CrawledTable crawled{.database = "d", .name = "t", .location = "/t.csv"};
  crawled.dialect.separator = '\x01';
  crawled.dialect.escape = '\\';
  for (const bool header : {true, false}) {
    crawled.dialect.header = header;
    PARTITA_TEST_ASSIGN(const TableDefinition table, MakeGlueTable(crawled));
    PARTITA_TEST_ASSIGN(const CsvDialect dialect, CsvDialectOf(table));
    EXPECT_EQ(dialect.separator, '\x01');
    EXPECT_EQ(dialect.escape, '\\');
    EXPECT_EQ(dialect.quote, '"');
    EXPECT_EQ(dialect.header, header);
  }
}

TEST(CsvDialectTest, LazySimpleSerdeHasCommaAndDoubledQuotesByDefault) {
  PARTITA_TEST_ASSIGN(const CsvDialect dialect, CsvDialectOf(LazySimpleTable()));
  EXPECT_EQ(dialect.separator, ',');
  EXPECT_EQ(dialect.quote, '"');
  EXPECT_EQ(dialect.escape, '"');
  EXPECT_FALSE(dialect.header);
}

TEST(CsvDialectTest, TakesTheSeparatorFromParametersWhereTheSerdeHasNone) {
  TableDefinition table = LazySimpleTable();
  table.parameters = {{"delimiter", "|"}};
  table.storage.serde.parameters = {{"serialization.null.format", "\\N"}};
  PARTITA_TEST_ASSIGN(const CsvDialect dialect, CsvDialectOf(table));
  EXPECT_EQ(dialect.separator, '|');
  EXPECT_EQ(dialect.null_value, "\\N");
}

TEST(CsvDialectTest, ReadsSpelledControlCharacters) {
  TableDefinition table = LazySimpleTable();
  for (const char* spelling : {"\t", "\\t", "\\011", "\\u0009"}) {
    table.storage.serde.parameters = {{"field.delim", spelling}};
    PARTITA_TEST_ASSIGN(const CsvDialect dialect, CsvDialectOf(table));
    EXPECT_EQ(dialect.separator, '\t') << spelling;
  }
}

TEST(CsvDialectTest, OpenCsvSerdeHasItsOwnNamesAndBackslashByDefault) {
  TableDefinition table = LazySimpleTable();
  table.storage.serde.serialization_library =
      "org.apache.hadoop.hive.serde2.OpenCSVSerde";
  table.storage.parameters = {{"skip.header.line.count", "1"}};
  PARTITA_TEST_ASSIGN(const CsvDialect plain, CsvDialectOf(table));
  EXPECT_EQ(plain.separator, ',');
  EXPECT_EQ(plain.escape, '\\');
  EXPECT_TRUE(plain.header);
  table.storage.serde.parameters = {
      {"separatorChar", ";"}, {"quoteChar", "'"}, {"escapeChar", "'"}};
  PARTITA_TEST_ASSIGN(const CsvDialect set, CsvDialectOf(table));
  EXPECT_EQ(set.separator, ';');
  EXPECT_EQ(set.quote, '\'');
  EXPECT_EQ(set.escape, '\'');
}

TEST(CsvDialectTest, RefusesWhatItCannotReadAndNamesTheTable) {
  TableDefinition table = LazySimpleTable();
  table.storage.serde.parameters = {{"field.delim", "||"}};
  EXPECT_THAT(CsvDialectOf(table),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("table glue_db.cars"), HasSubstr("\"||\""))));
  table.storage.serde.parameters = {{"skip.header.line.count", "2"}};
  EXPECT_THAT(CsvDialectOf(table),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("must be 0 or 1: \"2\"")));
  table.storage.serde = {
      "", "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", {}};
  EXPECT_THAT(CsvDialectOf(table),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("are not CSV")));
}

}  // namespace
}  // namespace partita
