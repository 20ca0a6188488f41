#include "partita/encode/parquet/encoder.h"

#include <limits>

#include "partita/version.h"

#include "support/parquet_files.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const EncodeSchema kTypedSchema = EncodeSchemaOf(PlainlyShownTypes());

void ExpectRoundTrip(const EncodeSchema& schema, const std::vector<TextRow>& rows,
                     const ParquetTestOptions& options = {}, size_t batch_rows = 1000) {
  PARTITA_TEST_ASSIGN(const auto file, WriteParquet(schema, rows, options, batch_rows));
  // No element matcher: its message would be as long as the data.
  EXPECT_TRUE(ReadBack(file) == rows);
}

class ParquetCodecTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ParquetCodecTest, ReadsBackRandomRowsOfAllTypes) {
  ExpectRoundTrip(kTypedSchema, RandomTypedRows(3000, 50, 1),
                  {{"compression", GetParam()}});
}

TEST_P(ParquetCodecTest, ReadsBackLongPages) {
  std::mt19937_64 random(11);
  std::vector<TextRow> rows;
  for (int i = 0; i < 60; ++i) {
    rows.push_back({std::string(60'000, '.'), "x"});
    for (char& byte : *rows.back()[0]) {
      byte = static_cast<char>(' ' + random() % 95);
    }
  }
  ExpectRoundTrip(EncodeSchemaOfStrings(2), rows, {{"compression", GetParam()}}, 10);
}

INSTANTIATE_TEST_SUITE_P(Codecs, ParquetCodecTest,
                         ::testing::Values("none", "SNAPPY", "zstd", "gzip", "lz4_raw"));

TEST(ParquetEncoderTest, ReadsBackDistinctValuesThatNeedNoDictionary) {
  const auto rows = RandomTypedRows(5000, int64_t{1} << 60, 2);
  PARTITA_TEST_ASSIGN(const auto file, WriteParquet(kTypedSchema, rows));
  EXPECT_TRUE(ReadBack(file) == rows);
  const auto metadata = OpenParquet(file)->metadata();
  EXPECT_FALSE(metadata->RowGroup(0)->ColumnChunk(4)->has_dictionary_page());
}

TEST(ParquetEncoderTest, ReadsBackManyPages) {
  const auto rows = RandomTypedRows(5000, 300, 3);
  ExpectRoundTrip(kTypedSchema, rows, {{"parquet.page.row.count.limit", "70"}});
  ExpectRoundTrip(kTypedSchema, rows, {{"parquet.page.row.count.limit", "1"}});
  ExpectRoundTrip(kTypedSchema, rows, {{"parquet.page.size", "500"}});
  ExpectRoundTrip(kTypedSchema, rows, {}, 1);
}

TEST(ParquetEncoderTest, ReadsBackRowsThatRepeat) {
  auto rows = RandomTypedRows(40, 1000, 8);
  std::vector<TextRow> repeated;
  for (size_t i = 0; i < 4000; ++i) {
    repeated.push_back(rows[i * i / 7 % rows.size() / (1 + i / 500)]);
  }
  ExpectRoundTrip(kTypedSchema, repeated);
  ExpectRoundTrip(kTypedSchema, repeated, {{"parquet.page.row.count.limit", "33"}});
  ExpectRoundTrip(kTypedSchema, repeated, {{"parquet.enable.dictionary", "false"}});
}

TEST(ParquetEncoderTest, BeginsANewRowGroupWhenOneIsFull) {
  const auto rows = RandomTypedRows(9000, 300, 4);
  PARTITA_TEST_ASSIGN(const auto file, WriteParquet(kTypedSchema, rows,
                                                    {{"parquet.block.size", "90000"}}));
  EXPECT_TRUE(ReadBack(file) == rows);
  const auto metadata = OpenParquet(file)->metadata();
  EXPECT_GT(metadata->num_row_groups(), 2);
  EXPECT_LT(metadata->num_row_groups(), 9);
}

TEST(ParquetEncoderTest, CanRollOnlyBetweenRowGroups) {
  PARTITA_TEST_ASSIGN(auto encoder,
                      MakeParquetEncoder({.format = "parquet",
                                          .options = {{"parquet.block.size", "30000"}}},
                                         kTypedSchema));
  PARTITA_TEST_ASSIGN(auto sink, arrow::io::BufferOutputStream::Create());
  ASSERT_THAT(encoder->Open(sink.get()), IsOk());
  EXPECT_TRUE(encoder->CanRoll());
  const IndexedText text(kTypedSchema, TextOf(RandomTypedRows(200, 300, 5)));
  int ends_of_groups = 0;
  int64_t bytes = encoder->bytes_so_far();
  for (int i = 0; i < 40; ++i) {
    ASSERT_THAT(encoder->Append(text.batch()), IsOk());
    ends_of_groups += static_cast<int>(encoder->CanRoll());
    // Once compressed, the bytes may be fewer than estimated, but not by orders.
    EXPECT_GT(encoder->bytes_so_far(), bytes / 4);
    bytes = encoder->bytes_so_far();
  }
  EXPECT_GT(ends_of_groups, 2);
  EXPECT_LT(ends_of_groups, 20);
  const int open_groups = encoder->CanRoll() ? 0 : 1;
  PARTITA_TEST_ASSIGN(const int64_t rows, encoder->Close());
  EXPECT_EQ(rows, 8000);
  PARTITA_TEST_ASSIGN(const auto file, sink->Finish());
  EXPECT_EQ(OpenParquet(file)->metadata()->num_row_groups(),
            ends_of_groups + open_groups);
}

TEST(ParquetEncoderTest, GoesOnPlainWhenTheDictionaryIsFull) {
  const auto rows = RandomTypedRows(6000, 300, 6);
  PARTITA_TEST_ASSIGN(
      const auto file,
      WriteParquet(kTypedSchema, rows, {{"parquet.dictionary.page.size", "2000"}}));
  EXPECT_TRUE(ReadBack(file) == rows);
  const auto metadata = OpenParquet(file)->metadata();
  EXPECT_THAT(metadata->RowGroup(0)->ColumnChunk(4)->encodings(),
              ElementsAre(parquet::Encoding::PLAIN, parquet::Encoding::PLAIN_DICTIONARY,
                          parquet::Encoding::RLE, parquet::Encoding::BIT_PACKED));
}

TEST(ParquetEncoderTest, WritesNoDictionaryWhenToldSo) {
  const auto rows = RandomTypedRows(2000, 10, 7);
  PARTITA_TEST_ASSIGN(
      const auto file,
      WriteParquet(kTypedSchema, rows, {{"parquet.enable.dictionary", "false"}}));
  EXPECT_TRUE(ReadBack(file) == rows);
  EXPECT_FALSE(
      OpenParquet(file)->metadata()->RowGroup(0)->ColumnChunk(10)->has_dictionary_page());
}

TEST(ParquetEncoderTest, ReadsBackNoRowsOneRowAndOnlyNulls) {
  PARTITA_TEST_ASSIGN(const auto file, WriteParquet(kTypedSchema, {}));
  EXPECT_EQ(OpenParquet(file)->metadata()->num_row_groups(), 0);
  EXPECT_EQ(ReadBack(file).size(), 0);
  ExpectRoundTrip(kTypedSchema, RandomTypedRows(1, 10, 9));
  const TextRow nulls(kTypedSchema.data_columns.size(), std::nullopt);
  ExpectRoundTrip(kTypedSchema, std::vector<TextRow>(2500, nulls),
                  {{"parquet.page.row.count.limit", "1000"}});
}

TEST(ParquetEncoderTest, NullsBeforeAndAfterTheValuesKeepTheDictionary) {
  const TextRow nulls(kTypedSchema.data_columns.size(), std::nullopt);
  std::vector<TextRow> rows(300, nulls);
  const auto values = RandomTypedRows(300, 5, 10);
  rows.insert(rows.end(), values.begin(), values.end());
  rows.insert(rows.end(), 300, nulls);
  PARTITA_TEST_ASSIGN(
      const auto file,
      WriteParquet(kTypedSchema, rows, {{"parquet.page.row.count.limit", "100"}}));
  EXPECT_TRUE(ReadBack(file) == rows);
  EXPECT_TRUE(
      OpenParquet(file)->metadata()->RowGroup(0)->ColumnChunk(4)->has_dictionary_page());
}

TEST(ParquetEncoderTest, ReadsBackLongValuesAndTheEmptyString) {
  const std::string longest(5'000'000, 'x');
  ExpectRoundTrip(EncodeSchemaOfStrings(2),
                  {{"", "a"}, {longest, "b"}, {"Łódź", std::nullopt}, {longest, ""}});
}

TEST(ParquetEncoderTest, ReadsBackNumbersAtTheLimitsOfTheirTypes) {
  using Long = std::numeric_limits<int64_t>;
  const EncodeSchema schema =
      EncodeSchemaOf({TypeOf(TypeId::kByte), TypeOf(TypeId::kShort),
                      TypeOf(TypeId::kInteger), TypeOf(TypeId::kLong),
                      TypeOf(TypeId::kDecimal, 38, 0), TypeOf(TypeId::kDecimal, 19, 2)});
  const std::string nines(38, '9');
  ExpectRoundTrip(schema, {{"127", "32767", "2147483647", std::to_string(Long::max()),
                            nines, "99999999999999999.99"},
                           {"-128", "-32768", "-2147483648", std::to_string(Long::min()),
                            "-" + nines, "-99999999999999999.99"}});
}

TEST(ParquetEncoderTest, KeepsTimestampsInTheChosenType) {
  const EncodeSchema schema = EncodeSchemaOf({TypeOf(TypeId::kTimestamp)});
  const std::vector<TextRow> rows = {{"1969-12-31 23:59:59.999999"},
                                     {"2024-02-29 12:00:00"}};
  const auto written_as = [&](const std::string& type) {
    return ReadBack(
        WriteParquet(schema, rows, {{"outputTimestampType", type}}).ValueOr(nullptr));
  };
  EXPECT_THAT(written_as("INT96"), ElementsAre(TextRow{"1969-12-31 23:59:59.999999000"},
                                               TextRow{"2024-02-29 12:00:00.000000000"}));
  EXPECT_THAT(written_as("TIMESTAMP_MICROS"),
              ElementsAre(TextRow{"1969-12-31 23:59:59.999999Z"},
                          TextRow{"2024-02-29 12:00:00.000000Z"}));
  EXPECT_THAT(written_as("TIMESTAMP_MILLIS"),
              ElementsAre(TextRow{"1969-12-31 23:59:59.999Z"},
                          TextRow{"2024-02-29 12:00:00.000Z"}));
}

TEST(ParquetEncoderTest, WritesFileAfterFileWithTheSameBytes) {
  PARTITA_TEST_ASSIGN(auto encoder,
                      MakeParquetEncoder({.format = "parquet"}, kTypedSchema));
  const IndexedText small(kTypedSchema, TextOf(RandomTypedRows(50, 20, 12)));
  const IndexedText large(kTypedSchema, TextOf(RandomTypedRows(5000, 4000, 13)));
  PARTITA_TEST_ASSIGN(const std::string first,
                      EncodeFile(encoder.get(), {&small.batch()}));
  ASSERT_THAT(EncodeFile(encoder.get(), {&large.batch(), &large.batch()}), IsOk());
  PARTITA_TEST_ASSIGN(const std::string again,
                      EncodeFile(encoder.get(), {&small.batch()}));
  EXPECT_TRUE(first == again);
}

TEST(ParquetEncoderTest, LeavesPartitionColumnsOutOfTheFileAndItsSparkSchema) {
  EncodeSchema schema = EncodeSchemaOfStrings(3);
  schema.data_columns = {2, 0};
  PARTITA_TEST_ASSIGN(const auto file, WriteParquet(schema, {{"a", "b", "c"}}));
  EXPECT_THAT(ReadBack(file), ElementsAre(TextRow{"c", "a"}));
  const auto metadata = OpenParquet(file)->metadata();
  EXPECT_EQ(metadata->created_by(), "partita version " PARTITA_VERSION_STRING);
  const auto keys = metadata->key_value_metadata();
  EXPECT_EQ(*keys->Get("org.apache.spark.version"), "4.0.0");
  EXPECT_EQ(
      *keys->Get("org.apache.spark.sql.parquet.row.metadata"),
      R"({"type":"struct","fields":[{"name":"c2","type":"string","nullable":true,"metadata":{}},)"
      R"({"name":"c0","type":"string","nullable":true,"metadata":{}}]})");
}

TEST(ParquetEncoderTest, WritesTheSchemaAsSparkDoes) {
  EncodeSchema schema = EncodeSchemaOf(
      {TypeOf(TypeId::kByte), TypeOf(TypeId::kString), TypeOf(TypeId::kBinary),
       TypeOf(TypeId::kDate), TypeOf(TypeId::kTimestamp), TypeOf(TypeId::kTimestampNtz),
       TypeOf(TypeId::kDecimal, 19, 2)});
  schema.columns.fields[1].nullable = false;
  PARTITA_TEST_ASSIGN(const auto file, WriteParquet(schema, {}));
  EXPECT_EQ(OpenParquet(file)->metadata()->schema()->ToString(),
            "required group field_id=-1 spark_schema {\n"
            "  optional int32 field_id=-1 c0 (Int(bitWidth=8, isSigned=true));\n"
            "  required binary field_id=-1 c1 (String);\n"
            "  optional binary field_id=-1 c2;\n"
            "  optional int32 field_id=-1 c3 (Date);\n"
            "  optional int96 field_id=-1 c4;\n"
            "  optional int64 field_id=-1 c5 (Timestamp(isAdjustedToUTC=false, "
            "timeUnit=microseconds, is_from_converted_type=false, "
            "force_set_converted_type=false));\n"
            "  optional fixed_len_byte_array(9) field_id=-1 c6 (Decimal(precision=19, "
            "scale=2));\n}\n");
}

TEST(ParquetEncoderTest, RefusesAValueThatIsNotOfItsColumnsType) {
  const std::vector<std::pair<DataType, std::string>> cases = {
      {TypeOf(TypeId::kByte), "128"},         {TypeOf(TypeId::kLong), "12x"},
      {TypeOf(TypeId::kBoolean), "yes"},      {TypeOf(TypeId::kDouble), "1,5"},
      {TypeOf(TypeId::kDate), "2024-13-01"},  {TypeOf(TypeId::kTimestamp), "noon"},
      {TypeOf(TypeId::kDecimal, 4, 2), "1e9"}};
  for (const auto& [type, text] : cases) {
    EXPECT_THAT(WriteParquet(EncodeSchemaOf({type}), {{text}}),
                FailsWith(ErrorCode::kBadInput, AllOf(HasSubstr("c0"), HasSubstr(text))));
  }
}

TEST(ParquetEncoderTest, RefusesNullWhereTheColumnHasNone) {
  for (const DataType& type : PlainlyShownTypes()) {
    EncodeSchema schema = EncodeSchemaOf({type, {}});
    schema.columns.fields[0].nullable = false;
    EXPECT_THAT(WriteParquet(schema, {{std::nullopt, "a"}}),
                FailsWith(ErrorCode::kBadInput, HasSubstr("c0")));
  }
}

TEST(ParquetEncoderTest, ReadsBackColumnsWithoutNulls) {
  EncodeSchema schema = kTypedSchema;
  auto rows = RandomTypedRows(500, 20, 14);
  for (size_t i = 0; i < schema.columns.fields.size(); ++i) {
    schema.columns.fields[i].nullable = false;
    for (TextRow& row : rows) {
      row[i] = row[i].has_value() ? row[i] : i == 0 ? "true" : rows[0][i];
    }
  }
  for (auto& value : rows[0]) {
    if (!value.has_value()) {
      GTEST_FAIL() << "the first row has a NULL: take another seed";
    }
  }
  ExpectRoundTrip(schema, rows);
}

TEST(ParquetEncoderTest, RefusesTypesAndSchemasItCannotWrite) {
  EXPECT_THAT(WriteParquet(EncodeSchemaOf({TypeOf(TypeId::kNull)}), {}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("void")));
  EncodeSchema no_data = EncodeSchemaOfStrings(1);
  no_data.data_columns.clear();
  EXPECT_THAT(WriteParquet(no_data, {}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("column")));
  PARTITA_TEST_ASSIGN(
      auto encoder, MakeParquetEncoder({.format = "parquet"}, EncodeSchemaOfStrings(2)));
  const IndexedText other(EncodeSchemaOfStrings(3), "a,b,c\n");
  EXPECT_THAT(EncodeFile(encoder.get(), {&other.batch()}),
              FailsWith(ErrorCode::kInternal, HasSubstr("columns")));
}

}  // namespace
}  // namespace partita
