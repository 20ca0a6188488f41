#include "partita/encode/parquet_encoder.h"

#include <cmath>
#include <random>

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <fmt/core.h>
#include <parquet/api/reader.h>
#include <parquet/arrow/reader.h>
#include <parquet/page_index.h>

#include "support/status_matchers.h"
#include "support/text_rows.h"

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Options = std::map<std::string, std::string>;
using Column = std::vector<std::optional<std::string>>;

EncodeSchema SchemaOf(const std::vector<Field>& fields) {
  EncodeSchema schema;
  schema.columns.fields = fields;
  for (size_t i = 0; i < fields.size(); ++i) {
    schema.data_columns.push_back(static_cast<int>(i));
  }
  schema.row_format.quoted_empty_is_null = false;
  return schema;
}

FormatOptions Parquet(const Options& options) {
  return {.format = "parquet", .options = options};
}

// Writes the rows in batches of `batch_rows` and gives the file's bytes.
arrow::Result<std::shared_ptr<arrow::Buffer>> WriteFile(FileEncoder* encoder,
                                                        const std::vector<TextRow>& rows,
                                                        size_t batch_rows = 1000) {
  ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::BufferOutputStream::Create());
  ARROW_RETURN_NOT_OK(encoder->Open(sink.get()));
  for (size_t begin = 0; begin < rows.size(); begin += batch_rows) {
    const size_t end = std::min(begin + batch_rows, rows.size());
    const TextRows batch({rows.begin() + static_cast<ptrdiff_t>(begin),
                          rows.begin() + static_cast<ptrdiff_t>(end)});
    ARROW_RETURN_NOT_OK(encoder->Append(batch.batch()));
  }
  EXPECT_THAT(encoder->Close(), IsOk());
  return sink->Finish();
}

std::shared_ptr<arrow::Buffer> WriteParquet(const EncodeSchema& schema,
                                            const std::vector<TextRow>& rows,
                                            const Options& options = {},
                                            size_t batch_rows = 1000) {
  auto encoder = MakeParquetEncoder(Parquet(options), schema);
  EXPECT_THAT(encoder, IsOk());
  auto file = WriteFile(encoder->get(), rows, batch_rows);
  EXPECT_THAT(file, IsOk());
  return *file;
}

std::unique_ptr<parquet::ParquetFileReader> OpenFile(
    const std::shared_ptr<arrow::Buffer>& file) {
  parquet::ReaderProperties properties;
  properties.set_page_checksum_verification(true);
  return parquet::ParquetFileReader::Open(std::make_shared<arrow::io::BufferReader>(file),
                                          properties);
}

// All values of a file as Arrow shows them, column by column.
std::vector<Column> ReadBack(const std::shared_ptr<arrow::Buffer>& file) {
  auto reader =
      parquet::arrow::FileReader::Make(arrow::default_memory_pool(), OpenFile(file));
  EXPECT_THAT(reader, IsOk());
  std::shared_ptr<arrow::Table> table = *(*reader)->ReadTable();
  EXPECT_THAT(table->ValidateFull(), IsOk());
  std::vector<Column> columns;
  for (int i = 0; i < table->num_columns(); ++i) {
    Column& column = columns.emplace_back();
    for (const auto& chunk : table->column(i)->chunks()) {
      for (int64_t row = 0; row < chunk->length(); ++row) {
        const auto scalar = *chunk->GetScalar(row);
        column.push_back(scalar->is_valid ? std::optional(scalar->ToString())
                                          : std::nullopt);
      }
    }
  }
  return columns;
}

std::vector<Column> ColumnsOf(const std::vector<TextRow>& rows, size_t num_columns) {
  std::vector<Column> columns(num_columns);
  for (const TextRow& row : rows) {
    for (size_t i = 0; i < num_columns; ++i) {
      columns[i].push_back(row[i]);
    }
  }
  return columns;
}

Field StringField(const std::string& name) { return {.name = name, .type = {}}; }

Field TypedField(const std::string& name, TypeId id, int precision = 0, int scale = 0) {
  return {.name = name, .type = {.id = id, .precision = precision, .scale = scale}};
}

const std::vector<Field>& AllTypes() {
  static const std::vector<Field> kFields = {
      TypedField("truth", TypeId::kBoolean),
      TypedField("byte", TypeId::kByte),
      TypedField("short", TypeId::kShort),
      TypedField("int", TypeId::kInteger),
      TypedField("long", TypeId::kLong),
      TypedField("float", TypeId::kFloat),
      TypedField("double", TypeId::kDouble),
      TypedField("decimal9", TypeId::kDecimal, 9, 2),
      TypedField("decimal18", TypeId::kDecimal, 18, 4),
      TypedField("decimal38", TypeId::kDecimal, 38, 3),
      StringField("text"),
      TypedField("date", TypeId::kDate),
      TypedField("local_time", TypeId::kTimestampNtz),
  };
  return kFields;
}

// Random rows of AllTypes(), written as Arrow shows the values; small ranges repeat.
std::vector<TextRow> RandomRows(size_t count, int64_t range, uint32_t seed) {
  std::mt19937_64 random(seed);
  const auto pick = [&](int64_t least, int64_t most) {
    const auto span = static_cast<uint64_t>(std::min(most - least, range)) + 1;
    return least + static_cast<int64_t>(random() % span);
  };
  const auto fixed = [&](int64_t value, size_t scale) {
    std::string digits = std::to_string(std::abs(value));
    digits.insert(0, digits.size() <= scale ? scale + 1 - digits.size() : 0, '0');
    digits.insert(digits.size() - scale, ".");
    return (value < 0 ? "-" : "") + digits;
  };
  std::vector<TextRow> rows;
  for (size_t i = 0; i < count; ++i) {
    TextRow row = {
        pick(0, 1) == 1 ? "true" : "false",
        std::to_string(pick(-128, 127)),
        std::to_string(pick(-32768, 32767)),
        std::to_string(pick(-5'000'000, 5'000'000)),
        std::to_string(pick(-5'000'000'000, 5'000'000'000)),
        fixed(pick(-1000, 1000) * 10 + 5, 1),
        fixed(pick(-100'000, 100'000) * 10 + 5, 1),
        fixed(pick(-999'999'999, 999'999'999), 2),
        fixed(pick(-999'999'999'999'999, 999'999'999'999'999), 4),
        fixed(pick(-999'999'999'999'999, 999'999'999'999'999), 3),
        "påå " + std::to_string(pick(0, 1'000'000)) + ", \"q\"",
        fmt::format("19{:02}-{:02}-{:02}", pick(0, 99), pick(1, 12), pick(1, 28)),
        fmt::format("20{:02}-01-02 03:04:05.{:06}", pick(0, 99), pick(0, 999'999)),
    };
    for (auto& value : row) {
      if (random() % 7 == 0) {
        value.reset();
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void ExpectRoundTrip(const std::vector<Field>& fields, const std::vector<TextRow>& rows,
                     const Options& options = {}) {
  const auto file = WriteParquet(SchemaOf(fields), rows, options);
  ASSERT_NE(file, nullptr);
  const std::vector<Column> read = ReadBack(file);
  const std::vector<Column> written = ColumnsOf(rows, fields.size());
  ASSERT_EQ(read.size(), written.size());
  for (size_t i = 0; i < read.size(); ++i) {
    EXPECT_TRUE(read[i] == written[i]) << "column " << fields[i].name;
  }
}

class ParquetEncoderCodecTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ParquetEncoderCodecTest, ReadsBackRandomRowsOfAllTypes) {
  ExpectRoundTrip(AllTypes(), RandomRows(3000, 50, 1), {{"compression", GetParam()}});
}

INSTANTIATE_TEST_SUITE_P(Codecs, ParquetEncoderCodecTest,
                         ::testing::Values("none", "SNAPPY", "zstd", "gzip", "lz4_raw"));

TEST(ParquetEncoderTest, ReadsBackDistinctValuesThatNeedNoDictionary) {
  ExpectRoundTrip(AllTypes(), RandomRows(5000, int64_t{1} << 60, 2));
}

TEST(ParquetEncoderTest, ReadsBackManyPagesAndRowGroups) {
  const auto rows = RandomRows(5000, 300, 3);
  ExpectRoundTrip(AllTypes(), rows, {{"parquet.page.row.count.limit", "70"}});
  ExpectRoundTrip(AllTypes(), rows, {{"parquet.page.size", "500"}});
  ExpectRoundTrip(AllTypes(), rows, {{"parquet.block.size", "20000"}});
  const auto file =
      WriteParquet(SchemaOf(AllTypes()), rows, {{"parquet.block.size", "20000"}});
  EXPECT_GT(OpenFile(file)->metadata()->num_row_groups(), 3);
}

TEST(ParquetEncoderTest, GoesOnPlainWhenTheDictionaryIsFull) {
  const auto rows = RandomRows(6000, 300, 4);
  const Options options = {{"parquet.dictionary.page.size", "2000"}};
  ExpectRoundTrip(AllTypes(), rows, options);
  const auto metadata =
      OpenFile(WriteParquet(SchemaOf(AllTypes()), rows, options))->metadata();
  EXPECT_THAT(metadata->RowGroup(0)->ColumnChunk(4)->encodings(),
              ElementsAre(parquet::Encoding::PLAIN, parquet::Encoding::PLAIN_DICTIONARY,
                          parquet::Encoding::RLE, parquet::Encoding::BIT_PACKED));
}

TEST(ParquetEncoderTest, WritesNoDictionaryWhenToldSo) {
  const auto rows = RandomRows(2000, 10, 5);
  const Options options = {{"parquet.enable.dictionary", "false"}};
  ExpectRoundTrip(AllTypes(), rows, options);
  const auto metadata =
      OpenFile(WriteParquet(SchemaOf(AllTypes()), rows, options))->metadata();
  EXPECT_FALSE(metadata->RowGroup(0)->ColumnChunk(10)->has_dictionary_page());
}

TEST(ParquetEncoderTest, ReadsBackNoRowsOneRowAndOnlyNulls) {
  ExpectRoundTrip(AllTypes(), {});
  ExpectRoundTrip(AllTypes(), RandomRows(1, 10, 6));
  ExpectRoundTrip(AllTypes(),
                  std::vector<TextRow>(2500, TextRow(AllTypes().size(), std::nullopt)));
  const auto empty = OpenFile(WriteParquet(SchemaOf(AllTypes()), {}))->metadata();
  EXPECT_EQ(empty->num_row_groups(), 0);
  EXPECT_EQ(empty->num_rows(), 0);
}

}  // namespace
}  // namespace partita
