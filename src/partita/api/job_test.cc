#include "partita/job.h"

#include <arrow/result.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

TEST(ParseByteSizeTest, UnitsCountIn1024s) {
  EXPECT_EQ(*ParseByteSize("1000"), 1000);
  EXPECT_EQ(*ParseByteSize("0"), 0);
  EXPECT_EQ(*ParseByteSize("7b"), 7);
  EXPECT_EQ(*ParseByteSize("256MiB"), int64_t{256} << 20);
  EXPECT_EQ(*ParseByteSize("64MB"), int64_t{64} << 20);
  EXPECT_EQ(*ParseByteSize("1.5g"), int64_t{3} << 29);
  EXPECT_EQ(*ParseByteSize("2T"), int64_t{2} << 40);
}

TEST(ParseByteSizeTest, AnythingElseIsRefused) {
  for (const char* text :
       {"", "MB", "-1", "1x", "1mbb", "1 MB", "1e3", "nan", "99999999T"}) {
    EXPECT_THAT(ParseByteSize(text),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("size")))
        << text;
  }
}

TEST(ParseTableNameTest, NamesAreFoldedToLowerCase) {
  PARTITA_TEST_ASSIGN(const TableName name, ParseTableName("Glue_DB.Cars.2024"));
  EXPECT_EQ(name.database, "glue_db");
  EXPECT_EQ(name.table, "cars.2024");
}

TEST(ParseTableNameTest, BothPartsAreNeeded) {
  for (const char* text : {"", "cars", ".cars", "db."}) {
    EXPECT_THAT(ParseTableName(text),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("DATABASE.TABLE")))
        << text;
  }
}

}  // namespace
}  // namespace partita
