#include "partita/crawl/glue_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/crawl/csv_dialect.h"
#include "partita/model/temporal_format.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Pair;

// A file of 338 MB as in the dump of a real crawler's table.
CrawledTable CrawledFile() {
  CrawledTable crawled;
  crawled.database = "glue_db";
  crawled.name = "cars_csv";
  crawled.crawler_name = "eletricc_vehicles";
  crawled.location = "/data/cars.csv";
  crawled.columns.fields = {{"VIN (1-10)", {.id = TypeId::kString}},
                            {"Model Year", {.id = TypeId::kLong}},
                            {"Größe", {.id = TypeId::kDouble}}};
  crawled.layout.num_files = 1;
  crawled.layout.bytes = 845925646;
  crawled.num_rows = 3383702;
  crawled.bytes_per_row = 250;
  return crawled;
}

std::string NameOf(std::string_view prefix, std::string_view path) {
  const arrow::Result<std::string> name = GlueTableName(prefix, path);
  return name.ok() ? *name : name.status().ToString();
}

TEST(GlueTableTest, NamesATableAfterItsFileOrFolder) {
  EXPECT_EQ(NameOf("", "/data/Electric_Vehicle_Population_Data.csv"),
            "electric_vehicle_population_data_csv");
  EXPECT_EQ(NameOf("", "persons.json"), "persons_json");
  EXPECT_EQ(NameOf("", "out/My Cars (2020)/"), "my_cars__2020_");
  EXPECT_EQ(NameOf("raw_", "Größe"), "raw_gr__e");
  EXPECT_EQ(NameOf("Raw-", "x"), "raw_x");
  EXPECT_EQ(NameOf("p", std::string(200, 'x')), "p" + std::string(127, 'x'));
  EXPECT_THAT(GlueTableName("", "/"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("give one: /")));
}

TEST(GlueTableTest, ItsReaderFindsTheDialectAgain) {
  CrawledTable crawled = CrawledFile();
  for (const CsvDialect& dialect :
       {CsvDialect{.separator = '~', .escape = '\\', .null_value = "NA"},
        CsvDialect{.separator = ';', .quote = '\'', .escape = '\'', .header = false}}) {
    ASSERT_THAT(CheckRecordable(dialect), IsOk());
    crawled.dialect = dialect;
    PARTITA_TEST_ASSIGN(const TableDefinition table, MakeGlueTable(crawled));
    PARTITA_TEST_ASSIGN(const CsvDialect found, CsvDialectOf(table));
    EXPECT_EQ(found.separator, dialect.separator);
    EXPECT_EQ(found.quote, dialect.quote);
    EXPECT_EQ(found.escape, dialect.escape);
    EXPECT_EQ(found.null_value, dialect.null_value);
    EXPECT_EQ(found.header, dialect.header);
  }
}

TEST(GlueTableTest, TellsHivesReadersHowTimestampsAreWritten) {
  CrawledTable crawled = CrawledFile();
  const auto patterns = [&](int formats) -> std::string {
    crawled.timestamp_formats = static_cast<uint8_t>(formats);
    const auto table = MakeGlueTable(crawled);
    EXPECT_THAT(table, IsOk());
    const auto& parameters = table->storage.serde.parameters;
    const auto found = parameters.find("timestamp.formats");
    return found == parameters.end() ? "none" : found->second;
  };
  EXPECT_EQ(patterns(0), "none");
  EXPECT_EQ(patterns(kTimestampFormat), "none");
  EXPECT_EQ(patterns(kTimestampTFormat | kTimestampFormat),
            "yyyy-MM-dd'T'HH:mm:ss,yyyy-MM-dd'T'HH:mm:ss.S,yyyy-MM-dd'T'HH:mm:ss.SS,"
            "yyyy-MM-dd'T'HH:mm:ss.SSS,yyyy-MM-dd'T'HH:mm:ss.SSSSSS,"
            "yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS");
  EXPECT_THAT(patterns(kTimestampTZFormat), HasSubstr("'T'HH:mm:ss.SSS'Z'"));
  EXPECT_THAT(patterns(kTimestampZFormat), HasSubstr("dd HH:mm:ss'Z'"));
  EXPECT_THAT(patterns(kTimestampOffsetFormat), HasSubstr("dd HH:mm:ss'+00:00'"));
  EXPECT_THAT(patterns(kTimestampTOffsetFormat | kTimestampTZFormat),
              HasSubstr("'Z',yyyy-MM-dd'T'HH:mm:ss'+00:00'"));
}

TEST(GlueTableTest, RefusesWhatItsReaderCouldNotBeTold) {
  for (const auto& [dialect, option] : std::vector<std::pair<CsvDialect, const char*>>{
           {{.enforce_schema = true}, "enforceSchema"},
           {{.ignore_leading_white_space = true}, "ignoreLeadingWhiteSpace"},
           {{.ignore_trailing_white_space = true}, "ignoreTrailingWhiteSpace"},
           {{.wide_separator = "||"}, "sep"},
           {{.line_separator = ";"}, "lineSep"},
           {{.comment = '#'}, "comment"},
           {{.empty_value = "x"}, "emptyValue"},
           {{.keeps_text_after_quote = true}, "unescapedQuoteHandling"},
           {{.encoding = TextEncoding::kLatin1}, "encoding"},
           {{.multi_line = false}, "multiLine"},
           {{.malformed = MalformedRecords::kDrop}, "mode"},
           {{.date_format = "dd/MM/yyyy"}, "dateFormat"},
           {{.timestamp_format = "HH:mm"}, "timestampFormat"},
           {{.ignore_corrupt_files = true}, "ignoreCorruptFiles"},
           {{.quote = '\0'}, "quote"},
           {{.quote = '\'', .null_value = "NA"}, "nullValue"}}) {
    EXPECT_THAT(CheckRecordable(dialect),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr(option)));
  }
}

TEST(GlueTableTest, WritesTheParametersOfARealCrawler) {
  PARTITA_TEST_ASSIGN(const TableDefinition table, MakeGlueTable(CrawledFile()));
  EXPECT_THAT(
      table.parameters,
      ElementsAre(Pair("CrawlerSchemaDeserializerVersion", "1.0"),
                  Pair("CrawlerSchemaSerializerVersion", "1.0"),
                  Pair("UPDATED_BY_CRAWLER", "eletricc_vehicles"),
                  Pair("areColumnsQuoted", "false"), Pair("averageRecordSize", "250"),
                  Pair("classification", "csv"), Pair("columnsOrdered", "true"),
                  Pair("compressionType", "none"), Pair("delimiter", ","),
                  Pair("objectCount", "1"), Pair("recordCount", "3383702"),
                  Pair("sizeKey", "845925646"), Pair("skip.header.line.count", "1"),
                  Pair("typeOfData", "file")));
  EXPECT_EQ(table.storage.parameters, table.parameters);
}

TEST(GlueTableTest, WritesClassesSerdeAndLowerCaseColumns) {
  PARTITA_TEST_ASSIGN(const TableDefinition table, MakeGlueTable(CrawledFile()));
  EXPECT_EQ(table.database, "glue_db");
  EXPECT_EQ(table.name, "cars_csv");
  EXPECT_EQ(table.owner, "owner");
  EXPECT_EQ(table.table_type, "EXTERNAL_TABLE");
  EXPECT_EQ(table.storage.location, "/data/cars.csv");
  EXPECT_EQ(table.storage.input_format, "org.apache.hadoop.mapred.TextInputFormat");
  EXPECT_EQ(table.storage.output_format,
            "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat");
  EXPECT_EQ(table.storage.serde.serialization_library,
            "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe");
  EXPECT_EQ(table.storage.number_of_buckets, -1);
  EXPECT_THAT(table.storage.serde.parameters, ElementsAre(Pair("field.delim", ",")));
  EXPECT_THAT(table.storage.columns,
              ElementsAre(CatalogColumn{"vin (1-10)", "string", ""},
                          CatalogColumn{"model year", "bigint", ""},
                          CatalogColumn{"größe", "double", ""}));
  EXPECT_THAT(table.partition_keys, IsEmpty());
}

TEST(GlueTableTest, RecordsTabsMissingHeadersAndBackslashes) {
  CrawledTable crawled = CrawledFile();
  crawled.dialect.separator = '\t';
  crawled.dialect.escape = '\\';
  crawled.dialect.header = false;
  crawled.num_rows = 0;
  crawled.bytes_per_row = 0;
  PARTITA_TEST_ASSIGN(const TableDefinition table, MakeGlueTable(crawled));
  EXPECT_THAT(table.storage.serde.parameters,
              ElementsAre(Pair("escape.delim", "\\"), Pair("field.delim", "\t")));
  EXPECT_EQ(table.parameters.at("delimiter"), "\t");
  EXPECT_EQ(table.parameters.count("skip.header.line.count"), 0U);
  EXPECT_EQ(table.parameters.at("averageRecordSize"), "0");
}

TEST(GlueTableTest, PartitionKeysAreStringsAndPartitionsLieInTheirFolders) {
  CrawledTable crawled = CrawledFile();
  crawled.location = "/out/csv";
  crawled.is_folder = true;
  crawled.num_rows = 10;
  crawled.bytes_per_row = 100;
  crawled.layout = {
      .keys = {"make"},
      .partitions = {{"Make=A%2FB", {"A/B"}, 2, 300}, {"Make=C", {"C"}, 1, 700}},
      .num_files = 3,
      .bytes = 1000};
  PARTITA_TEST_ASSIGN(const TableDefinition table, MakeGlueTable(crawled));
  EXPECT_EQ(table.storage.location, "/out/csv/");
  EXPECT_THAT(table.partition_keys, ElementsAre(CatalogColumn{"make", "string", ""}));
  const std::vector<PartitionDefinition> partitions = MakeGluePartitions(crawled, table);
  ASSERT_EQ(partitions.size(), 2U);
  EXPECT_THAT(partitions[0].values, ElementsAre("A/B"));
  EXPECT_EQ(partitions[0].storage.location, "/out/csv/Make=A%2FB/");
  EXPECT_EQ(partitions[0].storage.serde, table.storage.serde);
  EXPECT_EQ(partitions[0].parameters.at("objectCount"), "2");
  EXPECT_EQ(partitions[0].parameters.at("sizeKey"), "300");
  EXPECT_EQ(partitions[0].parameters.at("recordCount"), "3");
  EXPECT_EQ(table.parameters.at("partition_filtering.enabled"), "true");
}

TEST(GlueTableTest, JsonIsEnteredWithTheNamesAsTheFilesSpellThem) {
  CrawledTable crawled = CrawledFile();
  crawled.format = FileFormat::kJson;
  crawled.columns.fields = {
      {"familyName", {.id = TypeId::kString}},
      {"Born",
       {.id = TypeId::kStruct, .children = {{"onDay", {.id = TypeId::kString}}}}}};
  PARTITA_TEST_ASSIGN(const TableDefinition table, MakeGlueTable(crawled));
  EXPECT_EQ(table.storage.input_format, "org.apache.hadoop.mapred.TextInputFormat");
  EXPECT_EQ(table.storage.serde.serialization_library,
            "org.openx.data.jsonserde.JsonSerDe");
  EXPECT_THAT(table.storage.serde.parameters,
              ElementsAre(Pair("paths", "familyName,Born")));
  EXPECT_THAT(table.storage.columns,
              ElementsAre(CatalogColumn{"familyname", "string", ""},
                          CatalogColumn{"born", "struct<onday:string>", ""}));
  EXPECT_EQ(table.parameters.at("classification"), "json");
  EXPECT_EQ(table.parameters.count("delimiter"), 0U);
  EXPECT_EQ(table.parameters.count("skip.header.line.count"), 0U);
}

TEST(GlueTableTest, ParquetIsEnteredWithHivesClasses) {
  CrawledTable crawled = CrawledFile();
  crawled.format = FileFormat::kParquet;
  PARTITA_TEST_ASSIGN(const TableDefinition table, MakeGlueTable(crawled));
  EXPECT_EQ(table.storage.input_format,
            "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat");
  EXPECT_EQ(table.storage.output_format,
            "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat");
  EXPECT_EQ(table.storage.serde.serialization_library,
            "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe");
  EXPECT_THAT(table.storage.serde.parameters,
              ElementsAre(Pair("serialization.format", "1")));
  EXPECT_EQ(table.parameters.at("classification"), "parquet");
}

TEST(GlueTableTest, ANameThatIsTakenGetsASuffixThatTellsTheLocation) {
  const std::string name = DistinctTableName("cars", "/a/cars");
  EXPECT_THAT(name, MatchesRegex("cars_[0-9a-f]{32}"));
  EXPECT_EQ(name, DistinctTableName("cars", "/a/cars"));
  EXPECT_NE(name, DistinctTableName("cars", "/b/cars"));
  EXPECT_EQ(DistinctTableName(std::string(128, 'x'), "/a").size(), 128U);
}

TEST(GlueTableTest, RefusesAPartitionKeyThatIsAColumnToo) {
  CrawledTable crawled = CrawledFile();
  crawled.layout.keys = {"model year"};
  EXPECT_THAT(MakeGlueTable(crawled),
              FailsWith(ErrorCode::kBadInput, HasSubstr("model year")));
}

}  // namespace
}  // namespace partita
