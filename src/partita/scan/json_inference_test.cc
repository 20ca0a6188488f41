#include "partita/scan/json_inference.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "support/batch_cells.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

arrow::Status AddAll(const std::vector<std::string>& lines, JsonInference* inference) {
  for (const std::string& line : lines) {
    ARROW_RETURN_NOT_OK(inference->Add(line));
  }
  return arrow::Status::OK();
}

// The schema as a Hive type; the expected ones are what Spark 4 inferred, but for dates.
std::string SchemaOf(const std::vector<std::string>& lines,
                     const JsonTypeRules& rules = {}) {
  const auto inference = JsonInference::Make(rules);
  EXPECT_THAT(AddAll(lines, inference.get()), IsOk());
  const auto schema = inference->Finish();
  EXPECT_THAT(schema, IsOk());
  return schema.ok() ? HiveTypeName({.id = TypeId::kStruct, .children = schema->fields})
                     : "";
}

TEST(JsonInferenceTest, SortsMembersOfEveryObjectByName) {
  EXPECT_EQ(
      SchemaOf({R"({"b":1,"a":{"z":1,"B":2,"y":[{"q":1,"p":null}]},"_x":2,"A1":3})"}),
      "struct<A1:bigint,_x:bigint,a:struct<B:bigint,y:array<struct<p:string,q:bigint>>,"
      "z:bigint>,b:bigint>");
}

TEST(JsonInferenceTest, SortsNamesAsJavaSortsStrings) {
  EXPECT_EQ(SchemaOf({R"({"\uFF5E":1,"😀":2,"é":3,"z":4,"za":5})"}),
            "struct<z:bigint,za:bigint,é:bigint,😀:bigint,～:bigint>");
}

TEST(JsonInferenceTest, TakesConflictingValuesAsString) {
  EXPECT_EQ(SchemaOf({R"({"a":1,"c":true,"d":{"x":1},"e":[1],"g":1})",
                      R"({"a":"x","c":1,"d":"s","e":[1.50,"x"],"g":{"k":1.00}})",
                      R"({"a":1.5,"d":[1,{"a":2}]})"}),
            "struct<a:string,c:string,d:string,e:array<string>,g:string>");
}

TEST(JsonInferenceTest, PartsThatAreMergedGiveWhatOneWouldHaveFound) {
  const std::vector<std::string> lines = {
      R"({"a":1,"c":true,"d":{"x":1},"e":[1],"g":1,"h":null})",
      R"({"a":"x","c":1,"d":{"x":1.5,"y":[{"z":1}]},"e":[1.50,"x"],"g":{"k":1.00}})",
      R"({"a":1.5,"d":{"y":[{"w":null}]},"h":9223372036854775808})",
      R"({"b":[],"h":1,"i":{}})", R"({"b":[null,[2]],"h":99999999999999999999999})"};
  const std::string expected = SchemaOf(lines);
  std::vector<size_t> order(lines.size());
  std::iota(order.begin(), order.end(), size_t{0});
  do {
    for (size_t cut = 0; cut <= lines.size(); ++cut) {
      const auto first = JsonInference::Make();
      const auto second = JsonInference::Make();
      for (size_t i = 0; i < lines.size(); ++i) {
        ASSERT_THAT((i < cut ? first : second)->Add(lines[order[i]]), IsOk());
      }
      first->Merge(*second);
      const auto schema = first->Finish();
      ASSERT_THAT(schema, IsOk());
      ASSERT_EQ(HiveTypeName({.id = TypeId::kStruct, .children = schema->fields}),
                expected);
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(JsonInferenceTest, WidensNumbers) {
  EXPECT_EQ(
      SchemaOf({R"({"a":9223372036854775807,"b":9223372036854775808,"c":1,"e":1.5})",
                R"({"b":1,"c":99999999999999999999,"e":99999999999999999999})"}),
      "struct<a:bigint,b:decimal(20,0),c:decimal(20,0),e:double>");
  EXPECT_EQ(SchemaOf({R"({"a":123456789012345678901234567890123456789,"b":1e2,"c":-0})",
                      R"({"b":1,"c":1234567890123456789012})",
                      R"({"c":-12345678901234567890})"}),
            "struct<a:double,b:double,c:decimal(22,0)>");
}

TEST(JsonInferenceTest, TakesNullsAsStringAndDropsEmptyObjects) {
  EXPECT_EQ(
      SchemaOf({R"({"a":null,"b":[],"c":{},"d":[null],"e":{"x":null},"f":[{}]})", "{}"}),
      "struct<a:string,b:array<string>,d:array<string>,e:struct<x:string>>");
  EXPECT_EQ(SchemaOf({"{}"}), "struct<>");
  EXPECT_EQ(SchemaOf({}), "struct<>");
}

TEST(JsonInferenceTest, FillsInFromLaterRowsWhatIsNullInTheFirst) {
  EXPECT_EQ(SchemaOf({R"({"a":null,"b":[null]})", R"({"a":{"x":1},"b":[2]})",
                      R"({"a":{"y":true},"b":[]})"}),
            "struct<a:struct<x:bigint,y:boolean>,b:array<bigint>>");
}

TEST(JsonInferenceTest, FindsDatesAndTimestampsWhereTheyAreWanted) {
  const std::vector<std::string> lines = {
      R"({"d":"2024-01-31","t":"2024-01-31T10:30:00Z","s":{"d":["1999-12-31"]},"n":null})",
      R"({"d":null,"t":"2024-01-31T10:30:00.25Z","s":{"d":["2024-02-29",null]}})"};
  EXPECT_EQ(SchemaOf(lines, {.dates = DateRules::kTyped}),
            "struct<d:date,n:string,s:struct<d:array<date>>,t:timestamp>");
  EXPECT_EQ(SchemaOf(lines),
            "struct<d:string,n:string,s:struct<d:array<string>>,t:string>");
}

TEST(JsonInferenceTest, TextsOfSeveralFormatsAreStrings) {
  EXPECT_EQ(SchemaOf({R"({"a":"2024-01-31","b":"2024-01-31","c":"2024-01-31","d":""})",
                      R"({"a":"2024-01-31 10:30:00","b":"May","c":7,"d":"2024-01-31"})",
                      R"({"a":"2024-01-31","b":"2024-01-31","c":"2024-01-31"})"},
                     {.dates = DateRules::kTyped}),
            "struct<a:string,b:string,c:string,d:string>");
  EXPECT_EQ(SchemaOf({R"({"a":7})", R"({"a":"2024-01-31"})", R"({"b":[1,"2024-01-31"]})"},
                     {.dates = DateRules::kTyped}),
            "struct<a:string,b:array<string>>");
}

TEST(JsonInferenceTest, PartsThatSawSeveralFormatsMakeAString) {
  const std::vector<std::string> lines = {
      R"({"a":"2024-01-31","b":"2024-01-31","c":"2024-01-31"})",
      R"({"a":"2024-02-01","b":"2024-01-31T10:30:00","c":1})"};
  for (const bool is_turned : {false, true}) {
    const auto first = JsonInference::Make({.dates = DateRules::kTyped});
    const auto second = JsonInference::Make({.dates = DateRules::kTyped});
    ASSERT_THAT(first->Add(lines[is_turned ? 1 : 0]), IsOk());
    ASSERT_THAT(second->Add(lines[is_turned ? 0 : 1]), IsOk());
    first->Merge(*second);
    PARTITA_TEST_ASSIGN(const Schema schema, first->Finish());
    EXPECT_EQ(HiveTypeName({.id = TypeId::kStruct, .children = schema.fields}),
              "struct<a:date,b:string,c:string>");
  }
}

TEST(JsonInferenceTest, TellsWhenALineMayHaveChangedTheSchema) {
  const auto inference = JsonInference::Make({.dates = DateRules::kTyped});
  const auto changes = [&](const char* line) {
    const int64_t before = inference->num_changes();
    EXPECT_THAT(inference->Add(line), IsOk());
    return inference->num_changes() != before;
  };
  EXPECT_TRUE(changes(R"({"a":1,"d":"2024-01-31","s":{"x":[1]}})"));
  EXPECT_FALSE(changes(R"({"a":2,"d":"2024-02-01","s":{"x":[2,null]}})"));
  EXPECT_TRUE(changes(R"({"a":2.5})"));
  EXPECT_FALSE(changes(R"({"a":3})"));
  EXPECT_TRUE(changes(R"({"new":null})"));
  EXPECT_TRUE(changes(R"({"s":{"x":[true]}})"));
  EXPECT_TRUE(changes(R"({"d":"2024-02-01 10:30:00"})"));
  EXPECT_FALSE(changes(R"({"a":null})"));
  EXPECT_TRUE(changes(R"({"a":12345678901234567890,"d":"x"})"));
  EXPECT_FALSE(changes(R"({"d":"y"})"));
}

TEST(JsonInferenceTest, TakesAnArrayOfObjectsAsRows) {
  EXPECT_EQ(SchemaOf({R"([{"a":1},{"b":2}])", R"({"a":1.5})"}),
            "struct<a:double,b:bigint>");
}

TEST(JsonInferenceTest, RefusesWhatIsNoJson) {
  for (const char* line :
       {"x", "{\"a\":", "{\"a\":1} {}", "{\"a\":tru}", "{\"a\":nul}", "{\"a\":01}",
        "{\"a\":-}", "{\"a\":1.}", "{\"a\":1e}", "{\"a\":+1}", "{\"a\":Nan}", "1", "[1]",
        "\"s\"", "{\"a\":\"\xff\"}", "{\"a\" 1}", "{\"a\":{\"b\":tru}}"}) {
    const auto inference = JsonInference::Make();
    EXPECT_THAT(AddAll({line}, inference.get()),
                FailsWith(ErrorCode::kBadInput, HasSubstr("")))
        << line;
  }
}

TEST(JsonInferenceTest, PrimitivesAreStringsWhereThatIsAskedFor) {
  const std::vector<std::string> lines = {
      R"({"a":1,"b":true,"c":null,"d":{"x":[1.5,2],"y":[{"z":9223372036854775808}]}})"};
  EXPECT_EQ(SchemaOf(lines, {.primitives_as_string = true}),
            "struct<a:string,b:string,c:string,"
            "d:struct<x:array<string>,y:array<struct<z:string>>>>");
  // A number beside dates is none.
  EXPECT_EQ(SchemaOf({R"({"a":"2024-01-31"})", R"({"a":7})"},
                     {.dates = DateRules::kTyped, .primitives_as_string = true}),
            "struct<a:string>");
}

// What is found, how many lines are malformed, and how many rows there are beside them.
TEST(JsonInferenceTest, MalformedLinesAreCountedWhereTheyAreTaken) {
  const std::vector<std::string> lines = {
      R"({"a":1})",     R"({"b":)", R"([{"c":1},5])",      "null",
      R"({"d":1}{"e")", "[]",       R"({"f":1,"f":true})", R"([{"g":1},{}])"};
  const auto find = [&](MalformedRecords malformed) {
    const auto inference = JsonInference::Make({.malformed = malformed});
    EXPECT_THAT(AddAll(lines, inference.get()), IsOk());
    EXPECT_EQ(inference->num_malformed(), 5);
    const auto whole = JsonInference::Make({.malformed = malformed});
    whole->Merge(*inference);
    EXPECT_EQ(whole->num_malformed(), 5);
    const auto schema = whole->Finish();
    EXPECT_THAT(schema, IsOk());
    return std::pair(HiveTypeName({.id = TypeId::kStruct, .children = schema->fields}),
                     whole->num_rows());
  };
  EXPECT_EQ(find(MalformedRecords::kDrop),
            (std::pair<std::string, int64_t>("struct<a:bigint,g:bigint>", 3)));
  EXPECT_EQ(find(MalformedRecords::kNull),
            (std::pair<std::string, int64_t>(
                "struct<a:bigint,d:bigint,f:string,g:bigint>", 5)));
}

TEST(JsonInferenceTest, TextThatIsNotUtf8IsAnErrorInAnyMode) {
  const auto inference = JsonInference::Make({.malformed = MalformedRecords::kNull});
  EXPECT_THAT(inference->Add("{\"a\":\"\xff\"}"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("UTF-8")));
}

TEST(JsonInferenceTest, AColumnIsPutInWhereItsNameStands) {
  Schema schema{.fields = {{.name = "A"}, {.name = "a"}}};
  InsertJsonColumn({.name = "_corrupt_record"}, &schema);
  InsertJsonColumn({.name = "b"}, &schema);
  EXPECT_EQ(HiveTypeName({.id = TypeId::kStruct, .children = schema.fields}),
            "struct<A:string,_corrupt_record:string,a:string,b:string>");
}

TEST(JsonInferenceTest, RefusesNamesThatSparkCannotTellApart) {
  const auto twice = JsonInference::Make();
  EXPECT_THAT(AddAll({R"({"a":1,"a":"x"})"}, twice.get()),
              FailsWith(ErrorCode::kBadInput, HasSubstr("twice: a")));
  const auto letters = JsonInference::Make();
  ASSERT_THAT(AddAll({R"({"s":{"a":1}})", R"({"s":{"A":1}})"}, letters.get()), IsOk());
  EXPECT_THAT(letters->Finish(),
              FailsWith(ErrorCode::kBadInput, HasSubstr("letter case")));
}

}  // namespace
}  // namespace partita
