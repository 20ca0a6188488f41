#include "partita/scan/text_builder.h"

#include <arrow/builder.h>

#include "partita/model/arrow_types.h"

#include "support/batch_cells.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

arrow::Result<std::string> Rebuilt(std::string_view text, const DataType& type) {
  ARROW_ASSIGN_OR_RAISE(const auto builder, arrow::MakeBuilder(ToArrowType(type)));
  ARROW_RETURN_NOT_OK(AppendText(text, type, builder.get()));
  ARROW_ASSIGN_OR_RAISE(const auto array, builder->Finish());
  std::string cell;
  ARROW_RETURN_NOT_OK(AppendCell(*array, 0, &cell));
  return cell;
}

TEST(TextBuilderTest, TakesTextOfEveryType) {
  struct Case {
    const char* type;
    const char* text;
    const char* cell;
  };

  for (const Case& c : std::initializer_list<Case>{
           {"boolean", "TRUE", "true"},
           {"tinyint", "-128", "-128"},
           {"smallint", "+7", "7"},
           {"int", "0042", "42"},
           {"bigint", "-9223372036854775808", "-9223372036854775808"},
           {"float", "1.5", "1.5"},
           {"double", "1e10", "1.0E10"},
           {"decimal(10,2)", "-0.5", "-0.50"},
           {"string", " a ", " a "},
           {"binary", "He", "[48 65]"},
           {"date", "2024-01-31", "2024-01-31"},
           {"timestamp", "2016-12-01T01:00:00.5+01:00", "2016-12-01 00:00:00.5"}}) {
    PARTITA_TEST_ASSIGN(const DataType type, ParseHiveType(c.type));
    EXPECT_EQ(Rebuilt(c.text, type).ValueOr("failed"), c.cell) << c.type;
  }
  EXPECT_EQ(
      Rebuilt("2016-12-01 00:00:00", {.id = TypeId::kTimestampNtz}).ValueOr("failed"),
      "2016-12-01 00:00:00");
}

TEST(TextBuilderTest, RefusesTextOfAnotherType) {
  for (const char* name : {"boolean", "tinyint", "int", "bigint", "float", "double",
                           "decimal(3,1)", "date", "timestamp"}) {
    PARTITA_TEST_ASSIGN(const DataType type, ParseHiveType(name));
    EXPECT_THAT(Rebuilt("12x", type),
                FailsWith(ErrorCode::kBadInput, HasSubstr("\"12x\"")));
  }
  EXPECT_THAT(Rebuilt("128", {.id = TypeId::kByte}),
              FailsWith(ErrorCode::kBadInput, HasSubstr("tinyint")));
}

}  // namespace
}  // namespace partita
