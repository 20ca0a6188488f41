#include "partita/job/register_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Pair;

WrittenTable ExampleTable(const std::string& format) {
  WrittenTable table;
  table.name = {.database = "Glue_DB", .table = "Cars"};
  table.format.format = format;
  table.path = "/data/cars";
  table.schema.columns.fields = {{.name = "VIN", .type = {.id = TypeId::kString}},
                                 {.name = "model year", .type = {.id = TypeId::kLong}},
                                 {.name = "Make", .type = {.id = TypeId::kString}}};
  table.schema.data_columns = {0};
  table.partition_columns = {"Model Year", "Make"};
  table.files = {
      {.path = "Model Year=2011/Make=A%2FB/p.c000", .num_rows = 2, .bytes = 20},
      {.path = "Model Year=2011/Make=A%2FB/p.c001", .num_rows = 1, .bytes = 10},
      {.path = "Model Year=2012/Make=__HIVE_DEFAULT_PARTITION__/p.c000",
       .num_rows = 1,
       .bytes = 5}};
  return table;
}

TEST(DescribeWrittenTableTest, KeysKeepTheirTypesAndAllNamesAreLowerCase) {
  const TableDefinition table = DescribeWrittenTable(ExampleTable("parquet"));
  EXPECT_EQ(table.database, "glue_db");
  EXPECT_EQ(table.name, "cars");
  EXPECT_EQ(table.storage.location, "/data/cars/");
  EXPECT_THAT(table.storage.columns, ElementsAre(CatalogColumn{"vin", "string", ""}));
  EXPECT_THAT(table.partition_keys, ElementsAre(CatalogColumn{"model year", "bigint", ""},
                                                CatalogColumn{"make", "string", ""}));
  EXPECT_THAT(table.parameters, Contains(Pair("recordCount", "4")));
  EXPECT_THAT(table.parameters, Contains(Pair("classification", "parquet")));
}

TEST(DescribeWrittenTableTest, CsvSaysHowItIsWritten) {
  WrittenTable written = ExampleTable("csv");
  written.format.options = {{"HEADER", "true"}, {"delimiter", "|"}};
  const TableDefinition table = DescribeWrittenTable(written);
  EXPECT_THAT(table.parameters, Contains(Pair("skip.header.line.count", "1")));
  EXPECT_THAT(table.storage.serde.parameters, Contains(Pair("separatorChar", "|")));
  EXPECT_THAT(table.storage.serde.parameters, Contains(Pair("escapeChar", "\\")));
}

TEST(DescribeWrittenPartitionsTest, EveryFolderIsOnePartitionWithItsValuesUnescaped) {
  const WrittenTable written = ExampleTable("json");
  const auto partitions =
      DescribeWrittenPartitions(written, DescribeWrittenTable(written));
  ASSERT_EQ(partitions.size(), 2U);
  EXPECT_THAT(partitions[0].values, ElementsAre("2011", "A/B"));
  EXPECT_EQ(partitions[0].storage.location, "/data/cars/Model Year=2011/Make=A%2FB/");
  EXPECT_THAT(partitions[1].values, ElementsAre("2012", "__HIVE_DEFAULT_PARTITION__"));
}

}  // namespace
}  // namespace partita
