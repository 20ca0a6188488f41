#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/model/data_type.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::HasSubstr;

// In the form of Spark's StructType.json.
constexpr const char* kNested =
    R"json({"type":"struct","fields":[)json"
    R"json({"name":"id","type":"long","nullable":true,"metadata":{}},)json"
    R"json({"name":"d","type":"decimal(10,2)","nullable":false,"metadata":{}},)json"
    R"json({"name":"a","type":{"type":"array","elementType":"string",)json"
    R"json("containsNull":true},"nullable":true,"metadata":{}},)json"
    R"json({"name":"m","type":{"type":"map","keyType":"string","valueType":"integer",)json"
    R"json("valueContainsNull":false},"nullable":true,"metadata":{}},)json"
    R"json({"name":"s","type":{"type":"struct","fields":[{"name":"t",)json"
    R"json("type":"timestamp_ntz","nullable":true,"metadata":{}}]},)json"
    R"json("nullable":true,"metadata":{}}]})json";

// A schema of one field, `rest` behind its name.
std::string OneField(const std::string& rest) {
  return R"json({"type":"struct","fields":[{"name":"a",)json" + rest + "}]}";
}

TEST(SparkSchemaTest, WritesTheBytesItRead) {
  PARTITA_TEST_ASSIGN(const Schema schema, ParseSparkSchemaJson(kNested));
  EXPECT_EQ(SparkSchemaJson(schema), kNested);
}

TEST(SparkSchemaTest, ReadsNestedTypesAndNullability) {
  PARTITA_TEST_ASSIGN(const Schema schema, ParseSparkSchemaJson(kNested));
  ASSERT_EQ(schema.fields.size(), 5U);
  EXPECT_FALSE(schema.fields[1].nullable);
  EXPECT_EQ(schema.fields[1].type,
            (DataType{.id = TypeId::kDecimal, .precision = 10, .scale = 2}));
  EXPECT_EQ(HiveTypeName(schema.fields[3].type), "map<string,int>");
  EXPECT_FALSE(schema.fields[3].type.children[1].nullable);
  EXPECT_EQ(schema.fields[4].type.children[0].type.id, TypeId::kTimestampNtz);
}

TEST(SparkSchemaTest, EscapesNamesAsJacksonDoes) {
  const Schema schema{{Field{.name = "a\"b\\c\n\x1f/é"}}};
  EXPECT_THAT(SparkSchemaJson(schema), HasSubstr(R"json("a\"b\\c\n\u001F/é")json"));
  PARTITA_TEST_ASSIGN(const Schema read, ParseSparkSchemaJson(SparkSchemaJson(schema)));
  EXPECT_EQ(read, schema);
}

TEST(SparkSchemaTest, KnowsAnEmptySchema) {
  EXPECT_EQ(SparkSchemaJson({}), R"json({"type":"struct","fields":[]})json");
  PARTITA_TEST_ASSIGN(const Schema read, ParseSparkSchemaJson(SparkSchemaJson({})));
  EXPECT_TRUE(read.fields.empty());
}

TEST(SparkSchemaTest, WritesASingleType) {
  EXPECT_EQ(SparkTypeJson({.id = TypeId::kInteger}), "\"integer\"");
}

TEST(SparkSchemaTest, IgnoresMetadataAndTakesTheOldNameOfVoid) {
  PARTITA_TEST_ASSIGN(
      const Schema schema,
      ParseSparkSchemaJson(OneField(
          R"json("type":"null","nullable":true,"metadata":{"comment":"x"})json")));
  EXPECT_EQ(schema.fields[0].type.id, TypeId::kNull);
}

TEST(SparkSchemaTest, RefusesWhatIsNoSchema) {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[]"), std::string("7"),
        std::string("\"long\""), std::string("{}"), std::string(R"({"type":"struct"})"),
        std::string(R"({"type":"struct","fields":[7]})"), OneField(R"("type":"long")"),
        OneField(R"("type":"variant","nullable":true)"), OneField(R"("nullable":true)"),
        OneField(R"json("type":"decimal(1;2)","nullable":true)json"),
        OneField(R"json("type":"decimal(1,2","nullable":true)json"),
        OneField(R"("type":{"type":"array"},"nullable":true)")}) {
    EXPECT_THAT(ParseSparkSchemaJson(text),
                FailsWith(ErrorCode::kBadInput, HasSubstr("not a Spark schema")))
        << text;
  }
}

TEST(SparkSchemaTest, RefusesHostileDepth) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    text += R"({"type":"array","containsNull":true,"elementType":)";
  }
  text += "\"long\"" + std::string(10'000, '}');
  EXPECT_THAT(ParseSparkSchemaJson(text), FailsWith(ErrorCode::kBadInput, _));
}

}  // namespace
}  // namespace partita
