#include "partita/partition/partition_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

DataType Type(const std::string& text) { return ParseHiveType(text).ValueOrDie(); }

Schema VehicleSchema() {
  return {{{.name = "VIN", .type = Type("string")},
           {.name = "Model Year", .type = Type("bigint")},
           {.name = "Make", .type = Type("string")},
           {.name = "tags", .type = Type("map<string,array<int>>")},
           {.name = ".hidden", .type = Type("string")}}};
}

TEST(PartitionSpecTest, KeepsTheOrderAndSpellingOfTheNamesGiven) {
  PARTITA_TEST_ASSIGN(const PartitionSpec spec,
                      MakePartitionSpec(VehicleSchema(), {"MAKE", "model year"}));
  EXPECT_THAT(spec.columns, ElementsAre(2, 1));
  EXPECT_THAT(spec.names, ElementsAre("MAKE", "model year"));
  EXPECT_FALSE(spec.allow_default_literal);
}

TEST(PartitionSpecTest, RefusesNoNames) {
  EXPECT_THAT(MakePartitionSpec(VehicleSchema(), {}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("no partition column")));
}

TEST(PartitionSpecTest, RefusesANameTwiceInSparksWordsBeforeUnknownOnes) {
  EXPECT_THAT(
      MakePartitionSpec(VehicleSchema(), {"nothing", "Make", "MAKE"}),
      FailsWith(ErrorCode::kInvalidConfig,
                StartsWith("[COLUMN_ALREADY_EXISTS] The column `make` already exists. "
                           "Choose another name or rename the existing column. SQLSTATE: "
                           "42711")));
}

TEST(PartitionSpecTest, NamesTheSchemaAndTheNearestColumnForAnUnknownName) {
  const Schema schema{{{.name = "i", .type = Type("bigint")},
                       {.name = "colour", .type = Type("string")}}};
  EXPECT_THAT(MakePartitionSpec(schema, {"color"}),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(StartsWith("Partition column `color` not found in schema "
                                         "struct<i:bigint,colour:string>."),
                              HasSubstr("did you mean \"colour\"?"))));
}

TEST(PartitionSpecTest, RefusesNestedTypes) {
  EXPECT_THAT(MakePartitionSpec(VehicleSchema(), {"tags"}),
              FailsWith(ErrorCode::kInvalidConfig,
                        StartsWith("[INVALID_PARTITION_COLUMN_DATA_TYPE] Cannot use "
                                   "\"MAP<STRING, ARRAY<INT>>\" for partition column. "
                                   "SQLSTATE: 0A000")));
  const Schema schema{{{.name = "s", .type = Type("struct<a:int,b:decimal(5,2)>")},
                       {.name = "v", .type = {.id = TypeId::kNull}}}};
  EXPECT_THAT(MakePartitionSpec(schema, {"s"}),
              FailsWith(ErrorCode::kInvalidConfig,
                        HasSubstr("\"STRUCT<a: INT, b: DECIMAL(5,2)>\"")));
  EXPECT_THAT(MakePartitionSpec(schema, {"v"}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("\"VOID\"")));
}

TEST(PartitionSpecTest, RefusesToLeaveNoColumnForTheFiles) {
  const Schema schema{
      {{.name = "a", .type = Type("string")}, {.name = "b", .type = Type("string")}}};
  EXPECT_THAT(
      MakePartitionSpec(schema, {"b", "a"}),
      FailsWith(ErrorCode::kInvalidConfig,
                StartsWith("[ALL_PARTITION_COLUMNS_NOT_ALLOWED] Cannot use all columns "
                           "for partition columns. SQLSTATE: KD005")));
}

TEST(PartitionSpecTest, RefusesNamesWhoseFoldersReadersSkip) {
  EXPECT_THAT(MakePartitionSpec(VehicleSchema(), {".hidden"}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("begin with a dot")));
}

}  // namespace
}  // namespace partita
