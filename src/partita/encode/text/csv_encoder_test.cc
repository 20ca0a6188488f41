#include "partita/encode/text/csv_encoder.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/encoded_rows.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

FormatOptions Csv(std::map<std::string, std::string> options = {}) {
  return {.format = "csv", .options = std::move(options)};
}

FormatOptions SparkCsv(std::map<std::string, std::string> options = {}) {
  FormatOptions csv = Csv(std::move(options));
  csv.spark_compatible = true;
  return csv;
}

void ExpectEncoded(const FormatOptions& options, const EncodeSchema& schema,
                   std::string_view text, std::string_view expected) {
  PARTITA_TEST_ASSIGN(const std::string encoded, EncodeText(options, schema, text));
  EXPECT_EQ(encoded, expected);
}

// Fields that plain rows and nasty ones are made of.
std::string RandomField(std::mt19937* random, bool is_nasty) {
  constexpr std::string_view kPlain[] = {"",           "0",    "7",  "-12", "007",
                                         "+5",         "#x",   " a", "b ",  "a b",
                                         "5YJ3E1EBXK", "King", "#",  " "};
  constexpr std::string_view kNasty[] = {"\"\"",   "\"a,b\"", "\"a\"\"b\"", "é",
                                         "a\\b",   "\"\n\"",  "\"a\rb\"",   "\x01",
                                         "\"#a\"", "\" a \"", "\"\\,\"",    "a\"b"};
  return std::string(is_nasty ? kNasty[(*random)() % std::size(kNasty)]
                              : kPlain[(*random)() % std::size(kPlain)]);
}

std::string RandomRows(std::mt19937* random, size_t num_rows) {
  std::string text;
  for (size_t row = 0; row < num_rows; ++row) {
    for (int column = 0; column < 5; ++column) {
      const bool is_nasty = column != 1 && (*random)() % 40 == 0;
      std::string field = RandomField(random, is_nasty);
      if (column == 1) {  // a bigint
        field =
            field.find_first_not_of("0123456789-+") == std::string::npos ? field : "1";
      }
      text += field + (column == 4 ? "\n" : ",");
    }
  }
  return text;
}

TEST(CsvEncoderTest, WritesOneLinePerRowWithoutHeader) {
  ExpectEncoded(Csv(), EncodeSchemaOfStrings(2), "a,b\n,\n\"\",x\n", "a,b\n,\n\"\",x\n");
}

TEST(CsvEncoderTest, HeaderStandsInEveryFileEvenWithoutRows) {
  EncodeSchema schema = EncodeSchemaOfStrings(3);
  schema.columns.fields[0].name = "#id";
  schema.columns.fields[1].name = "a,b";
  schema.columns.fields[2].name = "'lit'";
  const FormatOptions options = Csv({{"header", "true"}});
  PARTITA_TEST_ASSIGN(const auto encoder, MakeFileEncoder(options, schema));
  const IndexedText rows(schema, "1,2,3\n");
  PARTITA_TEST_ASSIGN(const std::string first,
                      EncodeFile(encoder.get(), {&rows.batch()}));
  EXPECT_EQ(first, "\"#id\",\"a,b\",'lit'\n1,2,3\n");
  PARTITA_TEST_ASSIGN(const std::string second, EncodeFile(encoder.get(), {}));
  EXPECT_EQ(second, "\"#id\",\"a,b\",'lit'\n");
  ExpectEncoded(SparkCsv({{"header", "true"}}), schema, "", "\"#id\",\"a,b\",lit\n");
}

TEST(CsvEncoderTest, LeavesOutPartitionColumns) {
  EncodeSchema schema = EncodeSchemaOfStrings(5);
  schema.data_columns = {1, 2, 4};
  ExpectEncoded(Csv(), schema, "p,a,b,q,c\np,#,\"x,y\",q,\n", "a,b,c\n\"#\",\"x,y\",\n");
}

TEST(CsvEncoderTest, RendersTypedFieldsAsSpark) {
  const EncodeSchema schema =
      EncodeSchemaOf({{.id = TypeId::kLong},
                      {.id = TypeId::kDouble},
                      {.id = TypeId::kBoolean},
                      {.id = TypeId::kDecimal, .precision = 18, .scale = 18},
                      {.id = TypeId::kTimestamp},
                      {.id = TypeId::kBinary}});
  ExpectEncoded(Csv(), schema, "007,1e7,TRUE,0,2016-12-01 1:2,Hel\n",
                "7,1.0E7,true,0E-18,2016-12-01T01:02:00.000Z,[48 65 6C]\n");
  ExpectEncoded(Csv(), schema, ",,,,,\n", ",,,,,\n");
}

TEST(CsvEncoderTest, RenderedValuesAreQuotedWhereTheyHoldTheSeparator) {
  const EncodeSchema schema = EncodeSchemaOf({{.id = TypeId::kDate}, {}});
  ExpectEncoded(Csv({{"sep", "-"}}), schema, "2016-12-01,x\n", "\"2016-12-01\"-x\n");
}

TEST(CsvEncoderTest, KeepsBlanksAndEmptyRowsUnlessSparkIsAskedFor) {
  const EncodeSchema schema = EncodeSchemaOfStrings(1);
  const std::string_view rows = " a \n\n\"\"\nb\n";
  ExpectEncoded(Csv(), schema, rows, " a \n\n\"\"\nb\n");
  ExpectEncoded(SparkCsv(), schema, rows, "a\n\"\"\nb\n");
}

TEST(CsvEncoderTest, CountsTheRowsThatAreInTheFile) {
  const EncodeSchema schema = EncodeSchemaOfStrings(1);
  const IndexedText rows(schema, "a\n\nb\n");
  for (const auto& [options, count] :
       {std::pair(Csv(), int64_t{3}), std::pair(SparkCsv(), int64_t{2})}) {
    PARTITA_TEST_ASSIGN(const auto encoder, MakeFileEncoder(options, schema));
    PARTITA_TEST_ASSIGN(const auto sink, arrow::io::BufferOutputStream::Create());
    ASSERT_THAT(encoder->Open(sink.get()), IsOk());
    ASSERT_THAT(encoder->Append(rows.batch()), IsOk());
    EXPECT_EQ(encoder->bytes_so_far(), count == 3 ? 5 : 4);
    PARTITA_TEST_ASSIGN(const int64_t num_rows, encoder->Close());
    EXPECT_EQ(num_rows, count);
  }
}

TEST(CsvEncoderTest, CopiedRowsEqualRowsWrittenFieldByField) {
  EncodeSchema schema = EncodeSchemaOfStrings(5);
  schema.columns.fields[1].type = {.id = TypeId::kLong};
  std::mt19937 random(17);
  const FormatOptions options[] = {Csv(),
                                   SparkCsv(),
                                   Csv({{"escape", "\""}}),
                                   Csv({{"nullValue", "NA"}}),
                                   Csv({{"sep", "a"}}),
                                   SparkCsv({{"lineSep", "\r\n"}}),
                                   Csv({{"quote", "#"}})};
  for (const std::vector<int>& data_columns :
       {std::vector<int>{0, 1, 2, 3, 4}, {1, 2, 4}, {3}}) {
    schema.data_columns = data_columns;
    for (const FormatOptions& format : options) {
      PARTITA_TEST_ASSIGN(const auto encoder, MakeFileEncoder(format, schema));
      IndexedText rows(schema, RandomRows(&random, 3'000));
      ASSERT_EQ(rows.batch().num_rows(), 3'000U);
      PARTITA_TEST_ASSIGN(const std::string fast,
                          EncodeFile(encoder.get(), {&rows.batch()}));
      const RowBatch& all_with_care = rows.MarkAllForCare();
      PARTITA_TEST_ASSIGN(const std::string plain,
                          EncodeFile(encoder.get(), {&all_with_care}));
      EXPECT_EQ(fast, plain);
    }
  }
}

TEST(CsvEncoderTest, FilesAreWholeWhateverTheBuffersSize) {
  const EncodeSchema schema = EncodeSchemaOfStrings(2);
  std::string text;
  for (int i = 0; i < 40'000; ++i) {
    text += std::to_string(i) + ",some text to fill the buffer more than once\n";
  }
  text += std::string(3'000'000, 'x') + ",\"" + std::string(2'000'000, ',') + "\"\n";
  const IndexedText rows(schema, text);
  PARTITA_TEST_ASSIGN(const auto encoder, MakeFileEncoder(Csv(), schema));
  for (int file = 0; file < 2; ++file) {
    PARTITA_TEST_ASSIGN(const std::string encoded,
                        EncodeFile(encoder.get(), {&rows.batch()}));
    EXPECT_TRUE(encoded == text);
  }
}

TEST(CsvEncoderTest, RefusesAValueThatIsNotOfItsType) {
  const EncodeSchema schema = EncodeSchemaOf({{.id = TypeId::kLong}});
  EXPECT_THAT(EncodeText(Csv(), schema, "12x\n"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("12x")));
}

TEST(CsvEncoderTest, RefusesTypesAndSchemasItCannotHold) {
  EXPECT_THAT(
      MakeFileEncoder(Csv(), EncodeSchemaOf({{.id = TypeId::kArray,
                                              .children = {{.name = "element"}}}})),
      FailsWith(ErrorCode::kInvalidConfig, HasSubstr("c0")));
  EXPECT_THAT(MakeFileEncoder(Csv(), EncodeSchemaOf({})),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("data columns")));
}

TEST(CsvEncoderTest, RowsOfAnotherShapeAreABug) {
  PARTITA_TEST_ASSIGN(const auto encoder,
                      MakeFileEncoder(Csv(), EncodeSchemaOfStrings(2)));
  const IndexedText rows(EncodeSchemaOfStrings(1), "a\n");
  EXPECT_THAT(EncodeFile(encoder.get(), {&rows.batch()}),
              FailsWith(ErrorCode::kInternal, HasSubstr("columns")));
}

}  // namespace
}  // namespace partita
