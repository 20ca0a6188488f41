#include "partita/encode/text/json_value_writer.h"

#include <string>
#include <vector>

#include "support/encoded_rows.h"
#include "support/status_matchers.h"
#include "support/text_rows.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// The JSON line of one value, a NestedText, in column c0.
std::string LineOf(const std::string& hive, const std::string& text,
                   const std::map<std::string, std::string>& options = {}) {
  const auto type = ParseHiveType(hive);
  EXPECT_THAT(type, IsOk());
  const auto line = EncodeText({.format = "json", .options = options},
                               EncodeSchemaOf({*type}), TextOf({{text}}));
  EXPECT_THAT(line, IsOk());
  return line.ValueOr("");
}

TEST(JsonValueWriterTest, WritesStructsArraysAndMapsAsSparkDoes) {
  EXPECT_EQ(LineOf("struct<n:bigint,s:array<string>>", "(1:72[1:a-"),
            "{\"c0\":{\"n\":7,\"s\":[\"a\",null]}}\n");
  EXPECT_EQ(LineOf("map<string,array<int>>", "2{1:k0[2:\"\n-"),
            "{\"c0\":{\"k\":[],\"\\\"\\n\":null}}\n");
  EXPECT_EQ(LineOf("array<struct<a:int>>", "3[(-(1:1-"),
            "{\"c0\":[{},{\"a\":1},null]}\n");
  EXPECT_EQ(LineOf("map<int,int>", "0{"), "{\"c0\":{}}\n");
}

TEST(JsonValueWriterTest, WritesScalarsAsInColumns) {
  EXPECT_EQ(
      LineOf("struct<a:timestamp,b:decimal(20,18),c:double,d:date,e:binary,f:boolean>",
             "(26:2020-01-02 03:04:05.12345620:0.0000000000000000003:NaN"
             "10:2020-01-024:SGU=4:true"),
      "{\"c0\":{\"a\":\"2020-01-02T03:04:05.123Z\",\"b\":0E-18,\"c\":\"NaN\","
      "\"d\":\"2020-01-02\",\"e\":\"SGU=\",\"f\":true}}\n");
}

TEST(JsonValueWriterTest, WritesKeysAsSparkDoes) {
  EXPECT_EQ(LineOf("map<date,int>", "1{10:2020-01-021:1"), "{\"c0\":{\"18263\":1}}\n");
  EXPECT_EQ(LineOf("map<timestamp,int>", "1{26:2020-01-02 03:04:05.1234561:1"),
            "{\"c0\":{\"1577934245123456\":1}}\n");
  EXPECT_EQ(LineOf("map<decimal(20,18),int>", "1{20:0.0000000000000000001:1"),
            "{\"c0\":{\"0E-18\":1}}\n");
  EXPECT_EQ(LineOf("map<double,int>", "1{3:1.51:1"), "{\"c0\":{\"1.5\":1}}\n");
  EXPECT_EQ(LineOf("map<boolean,int>", "1{4:true1:1"), "{\"c0\":{\"true\":1}}\n");
}

TEST(JsonValueWriterTest, WritesNullMembersWhereAskedTo) {
  EXPECT_EQ(LineOf("struct<a:int,b:array<struct<z:int>>>", "(-1[(-",
                   {{"ignoreNullFields", "false"}}),
            "{\"c0\":{\"a\":null,\"b\":[{\"z\":null}]}}\n");
}

TEST(JsonValueWriterTest, RefusesKeysThatHaveNoTextAndFieldsOfAnotherType) {
  const auto map = ParseHiveType("array<map<struct<a:int>,int>>");
  ASSERT_THAT(map, IsOk());
  EXPECT_THAT(MakeFileEncoder({.format = "json"}, EncodeSchemaOf({*map})),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("column c0"), HasSubstr("struct<a:int>"))));
  const auto array = ParseHiveType("array<int>");
  ASSERT_THAT(array, IsOk());
  EXPECT_THAT(EncodeText({.format = "json"}, EncodeSchemaOf({*array}), "[1]\n"),
              FailsWith(ErrorCode::kInternal, HasSubstr("column c0")));
}

TEST(JsonValueWriterTest, CsvHasNoNestedValues) {
  for (const char* hive : {"struct<a:int>", "array<int>", "map<string,int>"}) {
    const auto type = ParseHiveType(hive);
    ASSERT_THAT(type, IsOk());
    EXPECT_THAT(MakeFileEncoder({.format = "csv"}, EncodeSchemaOf({{}, *type})),
                FailsWith(ErrorCode::kInvalidConfig,
                          AllOf(HasSubstr("column c1"), HasSubstr(hive))));
  }
}

}  // namespace
}  // namespace partita
