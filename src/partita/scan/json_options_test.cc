#include "partita/scan/json_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(JsonOptionsTest, TakesSparksOptionsInAnyCase) {
  PARTITA_TEST_ASSIGN(const JsonOptions json,
                      JsonOptionsOf({{"MODE", "permissive"},
                                     {"columnnameofcorruptrecord", "bad"},
                                     {"PrimitivesAsString", "TRUE"},
                                     {"sep", "~"}}));
  EXPECT_EQ(json.malformed, MalformedRecords::kNull);
  EXPECT_EQ(json.corrupt_record_column, "bad");
  EXPECT_TRUE(json.adds_corrupt_record_column);
  EXPECT_TRUE(json.primitives_as_string);
}

TEST(JsonOptionsTest, MalformedRecordsAreErrorsUnlessAskedFor) {
  PARTITA_TEST_ASSIGN(const JsonOptions json, JsonOptionsOf({}));
  EXPECT_EQ(json.malformed, MalformedRecords::kFail);
  EXPECT_EQ(json.corrupt_record_column, "");
  EXPECT_FALSE(json.primitives_as_string);
  PARTITA_TEST_ASSIGN(const JsonOptions taken,
                      JsonOptionsOf({{"mode", "DROPMALFORMED"}}));
  EXPECT_EQ(taken.corrupt_record_column, "_corrupt_record");
  EXPECT_FALSE(taken.adds_corrupt_record_column);
}

TEST(JsonOptionsTest, RefusesBadValuesAndUnknownNames) {
  EXPECT_THAT(CheckReadOptions({{"primitivesAsString", "yes"}}),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("primitivesAsString"), HasSubstr("\"yes\""))));
  EXPECT_THAT(CheckReadOptions({{"mode", "LENIENT"}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("DROPMALFORMED")));
  EXPECT_THAT(CheckReadOptions({{"header", "perhaps"}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("header")));
  EXPECT_THAT(CheckReadOptions({{"modes", "x"}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("\"mode\"")));
  EXPECT_THAT(CheckReadOptions({{"primitivesAsString", "true"}, {"header", "true"}}),
              IsOk());
}

TEST(JsonOptionsTest, TellsWhoseAnOptionIs) {
  EXPECT_TRUE(IsJsonOption("Mode"));
  EXPECT_TRUE(IsJsonOption("primitivesasstring"));
  EXPECT_TRUE(IsJsonOption("maxUnpackedBytes"));
  EXPECT_FALSE(IsJsonOption("sep"));
  EXPECT_THAT(WithoutJsonOnly({{"mode", "FAILFAST"}, {"PRIMITIVESASSTRING", "true"}}),
              ElementsAre(Pair("mode", "FAILFAST")));
}

}  // namespace
}  // namespace partita
