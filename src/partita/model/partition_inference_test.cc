#include "partita/model/partition_inference.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

// What Spark 4 makes of folders `p=VALUE`: the column's type, and the values cast to
// text.
struct Observation {
  std::vector<std::string> folder_values;
  std::string type;
  std::vector<std::string> shown;
};

void ExpectAsObserved(const std::vector<Observation>& observations) {
  for (const Observation& observation : observations) {
    PartitionInference inference;
    for (const std::string& value : observation.folder_values) {
      ASSERT_THAT(inference.Add("p=" + value), IsOk());
    }
    PARTITA_TEST_ASSIGN(const auto columns, inference.Finish());
    ASSERT_EQ(columns.size(), 1);
    SCOPED_TRACE(::testing::PrintToString(observation.folder_values));
    EXPECT_EQ(PrintSchemaName(columns[0].type), observation.type);
    for (size_t i = 0; i < observation.folder_values.size(); ++i) {
      PARTITA_TEST_ASSIGN(
          const auto values,
          InferredPartitionValues("p=" + observation.folder_values[i], columns));
      EXPECT_EQ(values[0].value_or("NULL"), observation.shown[i]);
    }
  }
}

TEST(PartitionInferenceTest, ReadsWholeNumbersAsSparkDoes) {
  ExpectAsObserved({
      {{"1", "2"}, "integer", {"1", "2"}},
      {{"007", "+5", "-0"}, "integer", {"7", "5", "0"}},
      {{"2147483648"}, "long", {"2147483648"}},
      {{"-2147483648", "-2147483649"}, "long", {"-2147483648", "-2147483649"}},
      {{"1", "3000000000"}, "long", {"1", "3000000000"}},
      {{"99999999999999999999"}, "decimal(20,0)", {"99999999999999999999"}},
      {{"1", "00999999999999999999999"}, "decimal(21,0)", {"1", "999999999999999999999"}},
      {{"1e5"}, "decimal(6,0)", {"100000"}},
      {{"5."}, "decimal(1,0)", {"5"}},
      {{"12345678901234567890123456789012345678"},
       "decimal(38,0)",
       {"12345678901234567890123456789012345678"}},
  });
}

TEST(PartitionInferenceTest, ReadsFloatingPointAsSparkDoes) {
  ExpectAsObserved({
      {{"1.5", "1"}, "double", {"1.5", "1.0"}},
      {{"1.50", "1.5"}, "double", {"1.5", "1.5"}},
      {{"1d", "2F", "1e5f"}, "double", {"1.0", "2.0", "100000.0"}},
      {{"NaN", "Infinity", "-Infinity", "1"},
       "double",
       {"NaN", "Infinity", "-Infinity", "1.0"}},
      {{"0x1p3", ".5", "+1.5", "-0.0"}, "double", {"8.0", "0.5", "1.5", "-0.0"}},
      {{" 1", "1 "}, "double", {"1.0", "1.0"}},
      {{"1e400"}, "double", {"Infinity"}},
      {{"123456789012345678901234567890123456789"}, "double", {"1.2345678901234568E38"}},
  });
}

TEST(PartitionInferenceTest, ReadsDatesAndTimestampsAsSparkDoes) {
  ExpectAsObserved({
      {{"2024-01-31", "0001-01-01"}, "date", {"2024-01-31", "0001-01-01"}},
      {{"2016-12-01 00%3A00%3A00"}, "timestamp", {"2016-12-01 00:00:00"}},
      {{"2016-12-01 00%3A00%3A30.5"}, "timestamp", {"2016-12-01 00:00:30.5"}},
      {{"2016-12-01", "2016-12-01 00:00:30.0"},
       "timestamp",
       {"2016-12-01 00:00:00", "2016-12-01 00:00:30"}},
      {{"2016-12-01 00%3A00%3A30.123"}, "string", {"2016-12-01 00:00:30.123"}},
      {{"2016-12-01 24%3A00%3A00"}, "string", {"2016-12-01 24:00:00"}},
      {{"2016-12-01T00%3A00%3A00"}, "string", {"2016-12-01T00:00:00"}},
      {{"2024-1-31"}, "string", {"2024-1-31"}},
      {{"2024-02-30"}, "string", {"2024-02-30"}},
      {{"10000-01-01"}, "string", {"10000-01-01"}},
  });
}

TEST(PartitionInferenceTest, KeepsEveryOtherTextAsString) {
  ExpectAsObserved({
      {{"true", "false"}, "string", {"true", "false"}},
      {{"-0", "01", "1.50", "a"}, "string", {"-0", "01", "1.50", "a"}},
      {{"3000000000", "1.5"}, "string", {"3000000000", "1.5"}},
      {{"99999999999999999999", "1.5"}, "string", {"99999999999999999999", "1.5"}},
      {{"1", "2024-01-01"}, "string", {"1", "2024-01-01"}},
      {{"Inf", "nan"}, "string", {"Inf", "nan"}},
      {{"1L", "1_000", "0x10", "++1", "-", "."},
       "string",
       {"1L", "1_000", "0x10", "++1", "-", "."}},
  });
}

TEST(PartitionInferenceTest, GuessesTypesFromTheEscapedText) {
  ExpectAsObserved({
      {{"1%30"}, "string", {"10"}},
      {{"1%2E5"}, "string", {"1.5"}},
      {{"%2B5"}, "string", {"+5"}},
      {{"a%20b", "50%25", "50%2"}, "string", {"a b", "50%", "50%2"}},
  });
}

TEST(PartitionInferenceTest, TakesTheNullFolderForNullOfAnyType) {
  ExpectAsObserved({
      {{"__HIVE_DEFAULT_PARTITION__"}, "void", {"NULL"}},
      {{"__HIVE_DEFAULT_PARTITION__", "7"}, "integer", {"NULL", "7"}},
      {{"a", "__HIVE_DEFAULT_PARTITION__"}, "string", {"a", "NULL"}},
  });
}

TEST(PartitionInferenceTest, NamesColumnsFromOutermostFolderIn) {
  PartitionInference inference;
  ASSERT_THAT(inference.Add("Model%20Year=2011/Make=KIA"), IsOk());
  ASSERT_THAT(inference.Add("model year=2012/make=__HIVE_DEFAULT_PARTITION__"), IsOk());
  PARTITA_TEST_ASSIGN(const auto columns, inference.Finish());
  ASSERT_EQ(columns.size(), 2);
  EXPECT_EQ(columns[0].name, "Model Year");
  EXPECT_EQ(columns[1].name, "Make");
  PARTITA_TEST_ASSIGN(const auto values,
                      InferredPartitionValues("Model%20Year=2011/Make=A%C5%A0", columns));
  EXPECT_THAT(values,
              ElementsAre(Optional(std::string("2011")), Optional(std::string("AŠ"))));
}

TEST(PartitionInferenceTest, SkipsPlainFoldersAtTheEndAndStopsAtOthers) {
  PartitionInference inference;
  ASSERT_THAT(inference.Add("x/a=1/b=2/y/z"), IsOk());
  PARTITA_TEST_ASSIGN(const auto columns, inference.Finish());
  ASSERT_EQ(columns.size(), 2);
  EXPECT_EQ(columns[0].name, "a");
  EXPECT_EQ(columns[1].name, "b");
}

TEST(PartitionInferenceTest, FindsNoColumnsWithoutPartitionFolders) {
  PartitionInference inference;
  ASSERT_THAT(inference.Add(""), IsOk());
  PARTITA_TEST_ASSIGN(const auto columns, inference.Finish());
  EXPECT_TRUE(columns.empty());
}

TEST(PartitionInferenceTest, RefusesFoldersOfDifferentColumns) {
  for (const char* other : {"b=1", "a=1/b=1", "", "x"}) {
    PartitionInference inference;
    ASSERT_THAT(inference.Add("a=1"), IsOk());
    EXPECT_THAT(
        inference.Add(other),
        FailsWith(ErrorCode::kBadInput, HasSubstr("conflicting partition columns")));
  }
}

TEST(PartitionInferenceTest, RefusesEmptyNamesAndValues) {
  PartitionInference inference;
  EXPECT_THAT(inference.Add("a="), FailsWith(ErrorCode::kBadInput, HasSubstr("a=")));
  EXPECT_THAT(inference.Add("=1"), FailsWith(ErrorCode::kBadInput, HasSubstr("=1")));
}

TEST(PartitionInferenceTest, RefusesAColumnTwiceInOnePath) {
  PartitionInference inference;
  ASSERT_THAT(inference.Add("c=1/C=1"), IsOk());
  EXPECT_THAT(inference.Finish(), FailsWith(ErrorCode::kBadInput, HasSubstr("twice")));
}

TEST(WithPartitionColumnsTest, PutsThemLastAndReplacesDataColumnsOfTheSameName) {
  Schema data;
  data.fields = {{.name = "a", .type = {.id = TypeId::kLong}},
                 {.name = "i", .type = {.id = TypeId::kString}}};
  const Schema all = WithPartitionColumns(
      data, {{.name = "A", .type = {.id = TypeId::kInteger}}, {.name = "p", .type = {}}});
  ASSERT_EQ(all.fields.size(), 3);
  EXPECT_EQ(all.fields[0].name, "A");
  EXPECT_EQ(all.fields[0].type.id, TypeId::kInteger);
  EXPECT_EQ(all.fields[1].name, "i");
  EXPECT_EQ(all.fields[2].name, "p");
}

}  // namespace
}  // namespace partita
