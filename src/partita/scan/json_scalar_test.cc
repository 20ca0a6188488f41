#include "partita/scan/json_scalar.h"

#include <memory>
#include <string>

#include <arrow/array.h>
#include <arrow/builder.h>

#include "partita/model/arrow_types.h"

#include "support/batch_cells.h"

namespace partita {
namespace {

using Kind = JsonCursor::Kind;

// The value as shown, or what is wrong with it. What is told beforehand must be true.
std::string ReadAs(const char* hive_type, Kind kind, const std::string& text) {
  const auto type = ParseHiveType(hive_type);
  EXPECT_THAT(type, IsOk());
  const auto builder = arrow::MakeBuilder(ToArrowType(*type));
  EXPECT_THAT(builder, IsOk());
  const arrow::Status appended = AppendJsonScalar(kind, text, *type, builder->get());
  EXPECT_EQ(FitsJsonScalar(kind, text, *type), appended.ok()) << hive_type << text;
  EXPECT_EQ((*builder)->length(), appended.ok() ? 1 : 0);
  if (!appended.ok()) {
    EXPECT_EQ(CodeOf(appended), ErrorCode::kBadInput);
    return "no " + std::string(hive_type);
  }
  std::shared_ptr<arrow::Array> array;
  EXPECT_THAT((*builder)->Finish(&array), IsOk());
  std::string shown;
  EXPECT_THAT(AppendCell(*array, 0, &shown), IsOk());
  return shown;
}

TEST(JsonScalarTest, ANumberInQuotesIsText) {
  for (const char* type : {"tinyint", "smallint", "int", "bigint", "float", "double"}) {
    EXPECT_EQ(ReadAs(type, Kind::kString, "1"), "no " + std::string(type));
    EXPECT_EQ(ReadAs(type, Kind::kString, ""), "no " + std::string(type));
  }
  EXPECT_EQ(ReadAs("boolean", Kind::kString, "true"), "no boolean");
  EXPECT_EQ(ReadAs("decimal(10,2)", Kind::kString, "1.5"), "1.50");
}

TEST(JsonScalarTest, NumbersThatAreNotFiniteMayStandInQuotes) {
  EXPECT_EQ(ReadAs("double", Kind::kString, "NaN"), "NaN");
  EXPECT_EQ(ReadAs("double", Kind::kString, "+INF"), "Infinity");
  EXPECT_EQ(ReadAs("float", Kind::kString, "-INF"), "-Infinity");
  EXPECT_EQ(ReadAs("float", Kind::kString, "-Infinity"), "-Infinity");
  EXPECT_EQ(ReadAs("double", Kind::kNumber, "-INF"), "-Infinity");
  EXPECT_EQ(ReadAs("double", Kind::kString, "inf"), "no double");
  EXPECT_EQ(ReadAs("bigint", Kind::kNumber, "NaN"), "no bigint");
}

TEST(JsonScalarTest, AWholeNumberIsATimestampsSeconds) {
  EXPECT_EQ(ReadAs("timestamp", Kind::kNumber, "2020"), "1970-01-01 00:33:40");
  EXPECT_EQ(ReadAs("timestamp", Kind::kNumber, "-1"), "1969-12-31 23:59:59");
  EXPECT_EQ(ReadAs("timestamp", Kind::kNumber, "1.5"), "no timestamp");
  EXPECT_EQ(ReadAs("timestamp", Kind::kNumber, "9223372036855"), "no timestamp");
  EXPECT_EQ(ReadAs("timestamp", Kind::kString, "2020-01-01"), "2020-01-01 00:00:00");
  EXPECT_EQ(ReadAs("date", Kind::kNumber, "2020"), "no date");
  EXPECT_EQ(ReadAs("timestamp_ntz", Kind::kNumber, "2020"), "no timestamp_ntz");
}

TEST(JsonScalarTest, AStringTakesAnyValueAndNothingElseTakesAnObject) {
  EXPECT_EQ(ReadAs("string", Kind::kObject, "{ }"), "{ }");
  EXPECT_EQ(ReadAs("string", Kind::kNumber, "1.500"), "1.500");
  for (const char* type :
       {"int", "double", "boolean", "date", "binary", "decimal(5,0)"}) {
    EXPECT_EQ(ReadAs(type, Kind::kObject, "{}"), "no " + std::string(type));
    EXPECT_EQ(ReadAs(type, Kind::kArray, "[1]"), "no " + std::string(type));
  }
}

TEST(JsonScalarTest, ValuesBeyondTheirTypeDoNotFit) {
  EXPECT_EQ(ReadAs("tinyint", Kind::kNumber, "127"), "127");
  EXPECT_EQ(ReadAs("tinyint", Kind::kNumber, "128"), "no tinyint");
  EXPECT_EQ(ReadAs("int", Kind::kNumber, "2147483648"), "no int");
  EXPECT_EQ(ReadAs("int", Kind::kNumber, "1.0"), "no int");
  EXPECT_EQ(ReadAs("decimal(3,0)", Kind::kNumber, "1000"), "no decimal(3,0)");
  EXPECT_EQ(ReadAs("binary", Kind::kString, "***"), "no binary");
  EXPECT_EQ(ReadAs("binary", Kind::kNumber, "1"), "no binary");
}

}  // namespace
}  // namespace partita
