#include "partita/report/schema_tree.h"

#include <gtest/gtest.h>

namespace partita {
namespace {

Field Column(std::string name, DataType type) {
  return {.name = std::move(name), .type = std::move(type)};
}

TEST(SchemaTreeTest, EndsWithABlankLineEvenWithoutFields) {
  EXPECT_EQ(SchemaTree({}), "root\n\n");
}

TEST(SchemaTreeTest, PrintsOneLinePerColumn) {
  Schema schema;
  schema.fields = {
      Column("vin (1-10)", {.id = TypeId::kString}),
      Column("postal code", {.id = TypeId::kLong}),
      Column("price", {.id = TypeId::kDecimal, .precision = 10, .scale = 2}),
      Column("tab\tname", {.id = TypeId::kNull}),
  };
  schema.fields[1].nullable = false;
  EXPECT_EQ(SchemaTree(schema),
            "root\n"
            " |-- vin (1-10): string (nullable = true)\n"
            " |-- postal code: long (nullable = false)\n"
            " |-- price: decimal(10,2) (nullable = true)\n"
            " |-- tab\\tname: void (nullable = true)\n"
            "\n");
}

TEST(SchemaTreeTest, IndentsNestedParts) {
  const DataType point{
      .id = TypeId::kStruct,
      .children = {
          Column("x", {.id = TypeId::kInteger}),
          Column("tags", {.id = TypeId::kArray, .children = {Column("element", {})}})}};
  const DataType inner{
      .id = TypeId::kMap,
      .children = {Column("key", {}), Column("value", {.id = TypeId::kDate})}};
  Schema schema;
  schema.fields = {
      Column("points", {.id = TypeId::kArray, .children = {Column("element", point)}}),
      Column("m", {.id = TypeId::kMap,
                   .children = {Column("key", {}), Column("value", inner)}})};
  EXPECT_EQ(SchemaTree(schema),
            "root\n"
            " |-- points: array (nullable = true)\n"
            " |    |-- element: struct (containsNull = true)\n"
            " |    |    |-- x: integer (nullable = true)\n"
            " |    |    |-- tags: array (nullable = true)\n"
            " |    |    |    |-- element: string (containsNull = true)\n"
            " |-- m: map (nullable = true)\n"
            " |    |-- key: string\n"
            " |    |-- value: map (valueContainsNull = true)\n"
            " |    |    |-- key: string\n"
            " |    |    |-- value: date (valueContainsNull = true)\n"
            "\n");
}

}  // namespace
}  // namespace partita
