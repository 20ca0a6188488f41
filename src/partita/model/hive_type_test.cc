#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/model/data_type.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

std::string Rewritten(const std::string& text) {
  const arrow::Result<DataType> type = ParseHiveType(text);
  return type.ok() ? HiveTypeName(*type) : type.status().ToString();
}

TEST(HiveTypeTest, WritesWhatItRead) {
  for (const char* text :
       {"boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "string",
        "binary", "date", "timestamp", "void", "decimal(38,38)", "array<string>",
        "map<string,int>", "struct<>", "struct<a:int,b:array<string>>",
        "array<struct<x:map<int,decimal(10,2)>,y:struct<z:date>>>"}) {
    EXPECT_EQ(Rewritten(text), text);
  }
}

TEST(HiveTypeTest, TakesAnyCaseBlanksAndOtherSpellings) {
  EXPECT_EQ(Rewritten(" BigInt "), "bigint");
  EXPECT_EQ(Rewritten("INTEGER"), "int");
  EXPECT_EQ(Rewritten("long"), "bigint");
  EXPECT_EQ(Rewritten("double precision"), "double");
  EXPECT_EQ(Rewritten("decimal"), "decimal(10,0)");
  EXPECT_EQ(Rewritten("Decimal( 5 )"), "decimal(5,0)");
  EXPECT_EQ(Rewritten("numeric(12 , 3)"), "decimal(12,3)");
  EXPECT_EQ(Rewritten("MAP< STRING , ARRAY< INT > >"), "map<string,array<int>>");
}

TEST(HiveTypeTest, ReadsCharAndVarcharAsStringAsSparkShowsThem) {
  EXPECT_EQ(Rewritten("char(3)"), "string");
  EXPECT_EQ(Rewritten("varchar(255)"), "string");
  EXPECT_EQ(Rewritten("array<VARCHAR(2)>"), "array<string>");
}

TEST(HiveTypeTest, TimestampsWithoutZoneAreTimestampsInHive) {
  PARTITA_TEST_ASSIGN(const DataType type, ParseHiveType("timestamp"));
  EXPECT_EQ(type.id, TypeId::kTimestamp);
  EXPECT_EQ(HiveTypeName({.id = TypeId::kTimestampNtz}), "timestamp");
}

TEST(HiveTypeTest, TakesMemberNamesUpToTheColonInTheirCase) {
  PARTITA_TEST_ASSIGN(
      const DataType type,
      ParseHiveType("struct<vin (1-10):string,Größe, cm:int,`a:b``c`:date>"));
  ASSERT_EQ(type.children.size(), 3U);
  EXPECT_EQ(type.children[0].name, "vin (1-10)");
  EXPECT_EQ(type.children[1].name, "Größe, cm");
  EXPECT_EQ(type.children[2].name, "a:b`c");
  EXPECT_EQ(type.children[2].type.id, TypeId::kDate);
}

TEST(HiveTypeTest, MapKeysAreNeverNull) {
  PARTITA_TEST_ASSIGN(const DataType type, ParseHiveType("map<string,int>"));
  EXPECT_FALSE(type.children[0].nullable);
  EXPECT_TRUE(type.children[1].nullable);
}

TEST(HiveTypeTest, RefusesWhatIsNoHiveType) {
  for (const char* text : {"",
                           " ",
                           "bigin",
                           "bigint bigint",
                           "array",
                           "array<",
                           "array<int",
                           "array<int>>",
                           "array<>",
                           "map<int>",
                           "map<int,>",
                           "struct<a>",
                           "struct<:int>",
                           "struct<a:int,>",
                           "struct<`a:int>",
                           "decimal(",
                           "decimal(0)",
                           "decimal(39)",
                           "decimal(5,6)",
                           "decimal(-1)",
                           "decimal(99999999999)",
                           "decimal(5,2",
                           "char",
                           "varchar()",
                           "int(5)"}) {
    EXPECT_THAT(ParseHiveType(text),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("not a Hive type")))
        << text;
  }
}

TEST(HiveTypeTest, SaysWhatItExpectedAndWhere) {
  EXPECT_THAT(
      ParseHiveType("array<int"),
      FailsWith(ErrorCode::kInvalidConfig, HasSubstr("expected '>', at character 10")));
}

TEST(HiveTypeTest, RefusesHostileDepth) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) {
    text += "array<";
  }
  EXPECT_THAT(ParseHiveType(text),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("too deeply")));
}

}  // namespace
}  // namespace partita
