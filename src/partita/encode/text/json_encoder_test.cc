#include "partita/encode/text/json_encoder.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/encoded_rows.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

FormatOptions Json(std::map<std::string, std::string> options = {}) {
  return {.format = "json", .options = std::move(options)};
}

void ExpectEncoded(const FormatOptions& options, const EncodeSchema& schema,
                   std::string_view text, std::string_view expected) {
  PARTITA_TEST_ASSIGN(const std::string encoded, EncodeText(options, schema, text));
  EXPECT_EQ(encoded, expected);
}

TEST(JsonEncoderTest, WritesOneObjectPerLine) {
  ExpectEncoded(Json(), EncodeSchemaOfStrings(2), "a,b\n\"x \"\"y\"\"\",\"\"\né,\\\n",
                R"({"c0":"a","c1":"b"}
{"c0":"x \"y\"","c1":""}
{"c0":"é","c1":"\\"}
)");
}

TEST(JsonEncoderTest, LeavesOutNullsUnlessToldNotTo) {
  const EncodeSchema schema = EncodeSchemaOf({{}, {.id = TypeId::kLong}, {}});
  const std::string_view rows = ",1,\n,,\na,,é\n";
  ExpectEncoded(Json(), schema, rows, R"({"c1":1}
{}
{"c0":"a","c2":"é"}
)");
  ExpectEncoded(Json({{"ignoreNullFields", "false"}}), schema, rows,
                R"({"c0":null,"c1":1,"c2":null}
{"c0":null,"c1":null,"c2":null}
{"c0":"a","c1":null,"c2":"é"}
)");
}

TEST(JsonEncoderTest, EscapesKeys) {
  EncodeSchema schema = EncodeSchemaOfStrings(1);
  schema.columns.fields[0].name = "a \"b\"\\é";
  ExpectEncoded(Json(), schema, "x\n", "{\"a \\\"b\\\"\\\\é\":\"x\"}\n");
}

TEST(JsonEncoderTest, NumbersAndBooleansAreBareOthersQuoted) {
  const EncodeSchema schema =
      EncodeSchemaOf({{.id = TypeId::kInteger},
                      {.id = TypeId::kFloat},
                      {.id = TypeId::kDouble},
                      {.id = TypeId::kBoolean},
                      {.id = TypeId::kDecimal, .precision = 9, .scale = 9},
                      {.id = TypeId::kDate},
                      {.id = TypeId::kTimestamp},
                      {.id = TypeId::kTimestampNtz},
                      {.id = TypeId::kBinary}});
  ExpectEncoded(Json(), schema,
                "+5,0.5,NaN,True,1e-7,2016-1-2,2016-12-01T00:00:00.5+01:00,2016,Hell\n",
                R"({"c0":5,"c1":0.5,"c2":"NaN","c3":true,"c4":1.00E-7,"c5":"2016-01-02",)"
                R"("c6":"2016-11-30T23:00:00.500Z","c7":"2016-01-01T00:00:00.000",)"
                R"("c8":"SGVsbA=="})"
                "\n");
  ExpectEncoded(Json(), schema, "5,-Inf,100.0,false,0,2016-01-02,,,\n",
                R"({"c0":5,"c1":"-Infinity","c2":100.0,"c3":false,"c4":0E-9,)"
                R"("c5":"2016-01-02"})"
                "\n");
}

TEST(JsonEncoderTest, LeavesOutPartitionColumnsAndTakesALineSeparator) {
  EncodeSchema schema = EncodeSchemaOfStrings(3);
  schema.data_columns = {0, 2};
  ExpectEncoded(Json({{"lineSep", "\r\n"}}), schema, "a,p,b\n\"\",p,\n",
                "{\"c0\":\"a\",\"c2\":\"b\"}\r\n{\"c0\":\"\"}\r\n");
}

TEST(JsonEncoderTest, FilesWithoutRowsAreEmpty) {
  ExpectEncoded(Json(), EncodeSchemaOfStrings(1), "", "");
}

std::string RandomRows(std::mt19937* random, size_t num_rows) {
  constexpr std::string_view kTexts[] = {
      "",     "a",    "some text", "\"a,b\"", "\"\"", "#",    "é",   "\"a\"\"b\"",
      "a\\b", "\x01", "\"\n\"",    "\xff",    "x y",  "King", "' '", "/"};
  constexpr std::string_view kLongs[] = {
      "", "0", "7", "007", "-1", "-0", "+12", "9223372036854775807", "12345678901234567"};
  constexpr std::string_view kDoubles[] = {"",      "0",   "1.5",   "NaN",
                                           "100.0", "1e9", "0.0001"};
  std::string text;
  for (size_t row = 0; row < num_rows; ++row) {
    const size_t num_texts = (*random)() % 10 == 0 ? std::size(kTexts) : 3;
    text += kTexts[(*random)() % num_texts];
    text += ',';
    text += kLongs[(*random)() % std::size(kLongs)];
    text += ',';
    text += kDoubles[(*random)() % std::size(kDoubles)];
    text += ',';
    text += kTexts[(*random)() % num_texts];
    text += '\n';
  }
  return text;
}

TEST(JsonEncoderTest, CopiedRowsEqualRowsWrittenFieldByField) {
  const EncodeSchema schema =
      EncodeSchemaOf({{}, {.id = TypeId::kLong}, {.id = TypeId::kDouble}, {}});
  std::mt19937 random(19);
  for (const FormatOptions& options : {Json(), Json({{"ignoreNullFields", "false"}})}) {
    PARTITA_TEST_ASSIGN(const auto encoder, MakeFileEncoder(options, schema));
    IndexedText rows(schema, RandomRows(&random, 20'000));
    ASSERT_EQ(rows.batch().num_rows(), 20'000U);
    PARTITA_TEST_ASSIGN(const std::string fast,
                        EncodeFile(encoder.get(), {&rows.batch()}));
    const RowBatch& all_with_care = rows.MarkAllForCare();
    PARTITA_TEST_ASSIGN(const std::string plain,
                        EncodeFile(encoder.get(), {&all_with_care}));
    EXPECT_EQ(fast, plain);
  }
}

TEST(JsonEncoderTest, RowsLongerThanTheBufferAreWritten) {
  const EncodeSchema schema = EncodeSchemaOfStrings(1);
  const std::string text(3'000'000, 'x');
  ExpectEncoded(Json(), schema, text + "\n", "{\"c0\":\"" + text + "\"}\n");
}

TEST(JsonEncoderTest, RefusesBadOptionsTypesAndValues) {
  EXPECT_THAT(
      MakeFileEncoder(Json({{"ignoreNulFields", "true"}}), EncodeSchemaOfStrings(1)),
      FailsWith(ErrorCode::kInvalidConfig,
                AllOf(HasSubstr("ignoreNulFields"), HasSubstr("ignoreNullFields"))));
  EXPECT_THAT(MakeFileEncoder(Json({{"lineSep", ""}}), EncodeSchemaOfStrings(1)),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("lineSep")));
  EXPECT_THAT(MakeFileEncoder(Json(), EncodeSchemaOf({{.id = TypeId::kNull}})),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("c0")));
  EXPECT_THAT(EncodeText(Json(), EncodeSchemaOf({{.id = TypeId::kDate}}), "today\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("today")));
}

}  // namespace
}  // namespace partita
