#include "partita/model/table_definition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(TableDefinitionTest, GivesDataColumnsInOrderWithoutPartitionKeys) {
  TableDefinition table;
  table.storage.columns = {{"vin (1-10)", "string", ""},
                           {"model year", "bigint", ""},
                           {"state", "char(2)", ""},
                           {"seen", "timestamp", ""}};
  table.partition_keys = {{"make", "string", ""}};
  PARTITA_TEST_ASSIGN(const Schema schema, DataSchema(table));
  ASSERT_EQ(schema.fields.size(), 4U);
  EXPECT_EQ(schema.fields[0], (Field{.name = "vin (1-10)"}));
  EXPECT_EQ(schema.fields[1].type.id, TypeId::kLong);
  EXPECT_EQ(schema.fields[2].type.id, TypeId::kString);
  EXPECT_EQ(schema.fields[3].type.id, TypeId::kTimestamp);
}

TEST(TableDefinitionTest, NamesTableAndColumnOfABadType) {
  TableDefinition table;
  table.database = "glue_db";
  table.name = "cars";
  table.storage.columns = {{"year", "bigit", ""}};
  EXPECT_THAT(DataSchema(table),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("glue_db.cars"), HasSubstr("column year"),
                              HasSubstr("bigit"))));
}

}  // namespace
}  // namespace partita
