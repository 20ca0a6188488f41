#include "partita/model/data_type.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

Schema NamesOnly(std::initializer_list<const char*> names) {
  Schema schema;
  for (const char* name : names) {
    schema.fields.push_back(Field{.name = name});
  }
  return schema;
}

TEST(DataTypeTest, FindsAColumnWhateverItsLetterCase) {
  const Schema schema = NamesOnly({"vin (1-10)", "Model Year", "make"});
  EXPECT_EQ(schema.Find("MODEL YEAR"), 1);
  EXPECT_EQ(schema.Find("make"), 2);
  EXPECT_EQ(schema.Find("mak"), -1);
  EXPECT_EQ(schema.Find(""), -1);
  EXPECT_EQ(Schema{}.Find("make"), -1);
}

TEST(DataTypeTest, NamesTypesAsPrintSchemaDoes) {
  EXPECT_EQ(PrintSchemaName({.id = TypeId::kLong}), "long");
  EXPECT_EQ(PrintSchemaName({.id = TypeId::kByte}), "byte");
  EXPECT_EQ(PrintSchemaName({.id = TypeId::kNull}), "void");
  EXPECT_EQ(PrintSchemaName({.id = TypeId::kTimestampNtz}), "timestamp_ntz");
  EXPECT_EQ(PrintSchemaName({.id = TypeId::kDecimal, .precision = 10, .scale = 2}),
            "decimal(10,2)");
  EXPECT_EQ(PrintSchemaName({.id = TypeId::kStruct}), "struct");
}

TEST(DataTypeTest, TypesDifferInTheirPartsToo) {
  const DataType of_int{
      .id = TypeId::kArray,
      .children = {{.name = "element", .type = {.id = TypeId::kInteger}}}};
  DataType of_long = of_int;
  of_long.children[0].type.id = TypeId::kLong;
  EXPECT_EQ(of_int, DataType(of_int));
  EXPECT_FALSE(of_int == of_long);
}

}  // namespace
}  // namespace partita
