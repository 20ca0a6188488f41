#include "partita/model/arrow_types.h"

#include <arrow/type.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

TEST(ArrowTypesTest, GiveEverySparkTypeBackUnchanged) {
  for (const char* text :
       {"boolean", "tinyint", "smallint", "int", "bigint", "float", "double",
        "decimal(38,18)", "string", "binary", "date", "timestamp", "array<string>",
        "map<string,array<int>>", "struct<a:int,b:struct<c:decimal(5,2)>>"}) {
    PARTITA_TEST_ASSIGN(const DataType type, ParseHiveType(text));
    const auto arrow_type = ToArrowType(type);
    PARTITA_TEST_ASSIGN(const DataType back, FromArrowType(*arrow_type));
    EXPECT_EQ(back, type) << text;
  }
  for (const TypeId id : {TypeId::kTimestampNtz, TypeId::kNull}) {
    PARTITA_TEST_ASSIGN(const DataType back, FromArrowType(*ToArrowType({.id = id})));
    EXPECT_EQ(back.id, id);
  }
}

TEST(ArrowTypesTest, WidenUnsignedIntegersAsSparkDoes) {
  const auto name_of = [](const std::shared_ptr<arrow::DataType>& type) {
    const auto spark_type = FromArrowType(*type);
    return spark_type.ok() ? PrintSchemaName(*spark_type)
                           : spark_type.status().ToString();
  };
  EXPECT_EQ(name_of(arrow::uint8()), "short");
  EXPECT_EQ(name_of(arrow::uint16()), "integer");
  EXPECT_EQ(name_of(arrow::uint32()), "long");
  EXPECT_EQ(name_of(arrow::uint64()), "decimal(20,0)");
  EXPECT_EQ(name_of(arrow::dictionary(arrow::int8(), arrow::large_utf8())), "string");
  EXPECT_EQ(name_of(arrow::timestamp(arrow::TimeUnit::NANO, "UTC")), "timestamp");
  EXPECT_EQ(name_of(arrow::timestamp(arrow::TimeUnit::MILLI)), "timestamp_ntz");
}

TEST(ArrowTypesTest, RefuseTypesThatSparkHasNotAndNameTheColumn) {
  const auto schema =
      arrow::schema({arrow::field("t", arrow::time64(arrow::TimeUnit::MICRO))});
  EXPECT_THAT(FromArrowSchema(*schema),
              FailsWith(ErrorCode::kBadInput, HasSubstr("column t")));
  EXPECT_THAT(FromArrowType(*arrow::decimal256(39, 0)),
              FailsWith(ErrorCode::kBadInput, HasSubstr("38 digits")));
  EXPECT_THAT(FromArrowType(*arrow::list(arrow::month_interval())),
              FailsWith(ErrorCode::kBadInput, HasSubstr("month_interval")));
}

}  // namespace
}  // namespace partita
