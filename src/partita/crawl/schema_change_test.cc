#include "partita/crawl/schema_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TableDefinition Cars() {
  TableDefinition table{.database = "d", .name = "cars"};
  table.storage.columns = {{"vin", "string", ""}, {"year", "bigint", ""}};
  table.storage.location = "/cars/";
  table.storage.serde.parameters = {{"field.delim", ","}};
  table.partition_keys = {{"make", "string", ""}};
  table.parameters = {{"classification", "csv"}, {"recordCount", "7"}};
  return table;
}

TEST(SchemaChangeTest, CountsAndWordsAreNoChanges) {
  TableDefinition after = Cars();
  after.parameters["recordCount"] = "8";
  after.parameters["sizeKey"] = "8";
  after.description = "cars of all makes";
  after.storage.columns[0].comment = "number";
  EXPECT_THAT(ChangesOf(Cars(), after), IsEmpty());
}

TEST(SchemaChangeTest, TellsWhatHasChangedOfColumns) {
  TableDefinition after = Cars();
  after.storage.columns = {{"year", "string", ""}, {"range", "double", ""}};
  EXPECT_THAT(ChangesOf(Cars(), after),
              ElementsAre("column year is string, was bigint",
                          "column range is new: double", "column vin is gone"));
  after = Cars();
  std::swap(after.storage.columns[0], after.storage.columns[1]);
  EXPECT_THAT(ChangesOf(Cars(), after),
              ElementsAre("columns are in another order: year, vin"));
}

TEST(SchemaChangeTest, TellsWhatHasChangedOfTheRest) {
  TableDefinition after = Cars();
  after.partition_keys.clear();
  after.storage.serde.parameters["field.delim"] = ";";
  after.parameters["classification"] = "json";
  EXPECT_THAT(ChangesOf(Cars(), after),
              ElementsAre("the partition key is gone, was make",
                          "the SerDe's parameter field.delim is ;, was ,",
                          "the parameter classification is json, was csv"));
  TableDefinition gone = Cars();
  gone.parameters["DEPRECATED_BY_CRAWLER"] = "1";
  EXPECT_THAT(ChangesOf(gone, Cars()), ElementsAre("the table is found again"));
  EXPECT_THAT(ChangesOf(Cars(), gone), IsEmpty());
}

TEST(SchemaChangeTest, ATypeHoldsANarrowerOne) {
  const DataType text{.id = TypeId::kString};
  const DataType number{.id = TypeId::kLong};
  const DataType real{.id = TypeId::kDouble};
  const DataType small{.id = TypeId::kDecimal, .precision = 20, .scale = 0};
  const DataType large{.id = TypeId::kDecimal, .precision = 22, .scale = 2};
  EXPECT_TRUE(HoldsType(text, number));
  EXPECT_TRUE(HoldsType(number, number));
  EXPECT_TRUE(HoldsType(large, small));
  EXPECT_FALSE(HoldsType(small, large));
  EXPECT_FALSE(HoldsType(real, number));
  EXPECT_FALSE(HoldsType(number, text));
}

TEST(SchemaChangeTest, WhatUsersSaidStays) {
  TableDefinition before = Cars();
  before.description = "cars of all makes";
  before.owner = "ann";
  before.storage.columns[0].comment = "number";
  before.partition_keys[0].comment = "who built it";
  TableDefinition after = Cars();
  KeepWhatUsersSaid(before, &after);
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace partita
