#include "partita/crawl/type_inference.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/crawl/value_kind.h"
#include "partita/model/row_indexer.h"

namespace partita {
namespace {

using ::testing::ElementsAre;

constexpr RowFormat kFormat;

void ObserveText(std::string text, int num_columns, TypeInference* inference) {
  const size_t size = text.size();
  text.resize(size + 128);  // what Buffer pads with
  RowBatch batch;
  IndexRowsPlainly(kFormat, num_columns, std::string_view(text).substr(0, size), true,
                   size + 1, &batch);
  inference->Observe(batch);
}

std::vector<std::string> TypeNames(const TypeInference& inference) {
  std::vector<std::string> names;
  for (const DataType& type : inference.Types()) {
    names.push_back(HiveTypeName(type));
  }
  return names;
}

std::vector<std::string> TypesOf(const std::string& text, int num_columns) {
  TypeInference inference(kFormat, num_columns);
  ObserveText(text, num_columns, &inference);
  return TypeNames(inference);
}

// The type of one column with these values.
std::string TypeOf(std::initializer_list<const char*> values) {
  std::string text;
  for (const char* value : values) {
    text.append(value).append(",x\n");
  }
  return TypesOf(text, 2)[0];
}

TEST(TypeInferenceTest, FindsATypePerColumn) {
  EXPECT_THAT(TypesOf("98178,1.5,true,King,\n-3,2,FALSE,7,\n", 5),
              ElementsAre("bigint", "double", "boolean", "string", "string"));
}

TEST(TypeInferenceTest, OneRowOfManyDecides) {
  std::string text;
  for (int i = 0; i < 5000; ++i) {
    text += "1,1,1\n";
  }
  text += "1,01,1.5\n";
  EXPECT_THAT(TypesOf(text, 3), ElementsAre("bigint", "string", "double"));
}

TEST(TypeInferenceTest, EmptyCellsAreNoEvidence) {
  EXPECT_EQ(TypeOf({"", "1", "\"\"", ""}), "bigint");
  EXPECT_EQ(TypeOf({"", "\"\""}), "string");
  EXPECT_EQ(TypeOf({" ", "1"}), "string");
}

TEST(TypeInferenceTest, ReadsQuotedValuesAsTheOthers) {
  EXPECT_EQ(TypeOf({"\"12\"", "7"}), "bigint");
  EXPECT_EQ(TypeOf({"\"1.5\"", "\"2\""}), "double");
  EXPECT_EQ(TypeOf({"\"1\"\"5\""}), "string");
}

TEST(TypeInferenceTest, QuotedEmptyTextIsAStringWhereItIsNotNull) {
  TypeInference inference({.separator = ',', .quoted_empty_is_null = false}, 2);
  ObserveText("\"\",\n,\n", 2, &inference);
  EXPECT_THAT(TypeNames(inference), ElementsAre("string", "string"));
}

TEST(TypeInferenceTest, MixturesAreStrings) {
  EXPECT_EQ(TypeOf({"1", "true"}), "string");
  EXPECT_EQ(TypeOf({"1.5", "false"}), "string");
  EXPECT_EQ(TypeOf({"1", "2020-01-01"}), "string");
}

TEST(TypeInferenceTest, NeverLetsADoubleSwallowALargeInteger) {
  EXPECT_EQ(TypeOf({"9007199254740993", "1"}), "bigint");
  EXPECT_EQ(TypeOf({"9007199254740993", "1.5"}), "string");
  EXPECT_EQ(TypeOf({"9007199254740992", "1.5"}), "double");
}

TEST(TypeInferenceTest, NoRowsGiveStrings) {
  EXPECT_THAT(TypesOf("", 2), ElementsAre("string", "string"));
}

TEST(TypeInferenceTest, GluesRulesGiveNumbersForLeadingZeros) {
  TypeInference inference(kFormat, 3, {.numbers = NumberRules::kGlues});
  ObserveText("02020,007.5,9007199254740993\n1,\"08\",1.5\n", 3, &inference);
  EXPECT_THAT(TypeNames(inference), ElementsAre("bigint", "double", "double"));
}

constexpr ValueRules kRich = {.dates = DateRules::kTyped};

// The type of one column with these values, dates and timestamps wanted.
std::string RichTypeOf(std::initializer_list<const char*> values) {
  std::string text;
  for (const char* value : values) {
    text.append(value).append(",x\n");
  }
  TypeInference inference(kFormat, 2, kRich);
  ObserveText(text, 2, &inference);
  return TypeNames(inference)[0];
}

TEST(TypeInferenceTest, FindsDatesAndTimestampsWhereTheyAreWanted) {
  EXPECT_EQ(RichTypeOf({"2024-01-31", "", "\"1999-12-31\""}), "date");
  EXPECT_EQ(RichTypeOf({"2024-01-31 10:30:00", "2024-01-31 10:30:00.25"}), "timestamp");
  EXPECT_EQ(RichTypeOf({"2024-01-31T10:30:00Z", "2024-01-31T10:30:00.5Z"}), "timestamp");
  EXPECT_EQ(TypeOf({"2024-01-31"}), "string");
  EXPECT_EQ(RichTypeOf({"1", "2"}), "bigint");
  EXPECT_EQ(RichTypeOf({"", ""}), "string");
}

TEST(TypeInferenceTest, ColumnsOfSeveralFormatsAreStrings) {
  EXPECT_EQ(RichTypeOf({"2024-01-31", "2024-01-31 10:30:00"}), "string");
  EXPECT_EQ(RichTypeOf({"2024-01-31 10:30:00", "2024-01-31T10:30:00"}), "string");
  EXPECT_EQ(RichTypeOf({"2024-01-31T10:30:00", "2024-01-31T10:30:00Z"}), "string");
  EXPECT_EQ(RichTypeOf({"2024-01-31", "31.01.2024"}), "string");
  EXPECT_EQ(RichTypeOf({"2024-01-31", "2024"}), "string");
  EXPECT_EQ(RichTypeOf({"true", "2024-01-31"}), "string");
}

TEST(TypeInferenceTest, ThreadsThatSawSeveralFormatsMakeAString) {
  TypeInference first(kFormat, 2, kRich);
  TypeInference second(kFormat, 2, kRich);
  ObserveText("2024-01-31,2024-01-31\n", 2, &first);
  ObserveText("2024-01-31 10:30:00,2023-12-24\n", 2, &second);
  first.Merge(second);
  EXPECT_THAT(TypeNames(first), ElementsAre("string", "date"));
}

TEST(TypeInferenceTest, DatesAndTimestampsHoldTheirOwnAlone) {
  const DataType date{.id = TypeId::kDate};
  const DataType timestamp{.id = TypeId::kTimestamp};
  TypeInference inference(kFormat, 4, kRich);
  ObserveText("2024-01-31,2024-01-31 10:30:00,7,\n", 4, &inference);
  EXPECT_TRUE(inference.Holds(0, date));
  EXPECT_FALSE(inference.Holds(0, timestamp));
  EXPECT_FALSE(inference.Holds(1, date));
  EXPECT_TRUE(inference.Holds(1, timestamp));
  EXPECT_FALSE(inference.Holds(2, timestamp));
  EXPECT_TRUE(inference.Holds(0, {.id = TypeId::kString}));
  EXPECT_FALSE(inference.Holds(0, {.id = TypeId::kLong}));
  EXPECT_TRUE(inference.Holds(3, date) && inference.Holds(3, timestamp));
}

TEST(TypeInferenceTest, TellsWhichTypesHoldAllValues) {
  const DataType text{.id = TypeId::kString};
  const DataType number{.id = TypeId::kLong};
  const DataType real{.id = TypeId::kDouble};
  const DataType truth{.id = TypeId::kBoolean};
  TypeInference inference(kFormat, 5);
  ObserveText("1,9007199254740993,1.5,true,\n2,1,1,,\n", 5, &inference);
  EXPECT_TRUE(inference.Holds(0, real));
  EXPECT_FALSE(inference.Holds(1, real));
  EXPECT_TRUE(inference.Holds(1, number));
  EXPECT_FALSE(inference.Holds(2, number));
  EXPECT_TRUE(inference.Holds(3, truth));
  EXPECT_FALSE(inference.Holds(0, truth));
  for (size_t column = 0; column < 5; ++column) {
    EXPECT_TRUE(inference.Holds(column, text));
  }
  for (const DataType& type : {number, real, truth}) {
    EXPECT_TRUE(inference.Holds(4, type));  // no value at all
  }
}

TEST(TypeInferenceTest, TellsOfTheFirstValueOfEachKind) {
  std::string told;
  const auto tell = [&](size_t column, ValueKind, size_t row, std::string_view text) {
    told += std::to_string(column) + ":" + std::to_string(row) + "=" + std::string(text) +
            " ";
  };
  std::string bytes = "1,x\n2,y\n\"1.5\",z\n3.5,\n";
  const size_t size = bytes.size();
  bytes.resize(size + 128);
  RowBatch batch;
  IndexRowsPlainly(kFormat, 2, std::string_view(bytes).substr(0, size), true, size + 1,
                   &batch);
  TypeInference inference(kFormat, 2);
  inference.Observe(batch, tell);
  EXPECT_EQ(told, "0:0=1 1:0=x 0:2=1.5 ");
}

TEST(TypeInferenceTest, MergesWhatThreadsHaveSeenInAnyOrder) {
  TypeInference first(kFormat, 3);
  TypeInference second(kFormat, 3);
  ObserveText("1,1,\n2,2,\n", 3, &first);
  ObserveText("1.5,x,true\n", 3, &second);
  TypeInference forward = first;
  forward.Merge(second);
  second.Merge(first);
  EXPECT_THAT(TypeNames(forward), ElementsAre("double", "string", "boolean"));
  EXPECT_EQ(TypeNames(second), TypeNames(forward));
  EXPECT_EQ(forward.num_rows(), 3);
}

}  // namespace
}  // namespace partita
