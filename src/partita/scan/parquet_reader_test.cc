#include "partita/scan/parquet_reader.h"

#include <arrow/array.h>
#include <arrow/io/memory.h>
#include <arrow/json/from_string.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/writer.h>

#include "support/arrow_values.h"
#include "support/batch_cells.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Written {
  std::shared_ptr<arrow::Schema> schema;
  std::string json;  // rows as an array of objects
  int64_t row_group_rows = 1000;
  bool use_int96 = false;
  bool store_arrow_schema = false;
};

// A Parquet file with the rows of `written`, as Arrow's writer makes it.
InputFile ParquetFile(const Written& written) {
  const auto rows = arrow::json::ArrayFromJSONString(
      arrow::struct_(written.schema->fields()), written.json);
  EXPECT_THAT(rows, IsOk());
  const auto batch = arrow::RecordBatch::FromStructArray(*rows);
  EXPECT_THAT(batch, IsOk());
  const auto table =
      arrow::Table::FromRecordBatches({*batch}).ValueOrDie()->ReplaceSchemaMetadata(
          written.schema->metadata());
  const auto sink = arrow::io::BufferOutputStream::Create().ValueOrDie();
  parquet::ArrowWriterProperties::Builder properties;
  if (written.use_int96) {
    properties.enable_deprecated_int96_timestamps();
  }
  if (written.store_arrow_schema) {
    properties.store_schema();
  }
  EXPECT_THAT(parquet::arrow::WriteTable(
                  *table, arrow::default_memory_pool(), sink, written.row_group_rows,
                  parquet::default_writer_properties(), properties.build()),
              IsOk());
  return MemoryFile("a.parquet", sink->Finish().ValueOrDie()->ToString());
}

std::string ColumnsOf(const ParquetReader& reader) {
  std::string text;
  for (const Field& field : reader.schema().fields) {
    text +=
        field.name + " " + PrintSchemaName(field.type) + (field.nullable ? "; " : "!; ");
  }
  return text;
}

const Field kId = {.name = "ID", .type = {.id = TypeId::kLong}};
const Field kName = {.name = "name", .type = {.id = TypeId::kString}};

Written TwoColumns() {
  return {.schema = arrow::schema({arrow::field("id", arrow::int64(), false),
                                   arrow::field("name", arrow::utf8())}),
          .json = R"([{"id":1,"name":"a"},{"id":2,"name":null},{"id":3,"name":"c"}])",
          .row_group_rows = 2};
}

TEST(ParquetReaderTest, ReadsRowsOfAllRowGroupsInOrder) {
  PARTITA_TEST_ASSIGN(const auto reader, ParquetReader::Open(ParquetFile(TwoColumns())));
  EXPECT_EQ(reader->num_rows(), 3);
  EXPECT_EQ(ColumnsOf(*reader), "id long; name string; ");
  PARTITA_TEST_ASSIGN(const auto batches,
                      reader->ReadAll(reader->schema(), {.num_rows = 2}));
  PARTITA_TEST_ASSIGN(const Cells cells, ReadCells(batches.get()));
  EXPECT_THAT(cells, ElementsAre(ElementsAre("1", "a"), ElementsAre("2", "NULL"),
                                 ElementsAre("3", "c")));
}

TEST(ParquetReaderTest, DecodesSideBySideWhatItDecodesAlone) {
  PARTITA_TEST_ASSIGN(const auto reader, ParquetReader::Open(ParquetFile(TwoColumns())));
  std::vector<Cells> read;
  for (const bool decodes_side_by_side : {false, true}) {
    const BatchForm form{.num_rows = 1, .decodes_side_by_side = decodes_side_by_side};
    PARTITA_TEST_ASSIGN(const auto batches, reader->ReadAll(reader->schema(), form));
    PARTITA_TEST_ASSIGN(read.emplace_back(), ReadCells(batches.get()));
  }
  EXPECT_EQ(read[0].size(), 3);
  EXPECT_EQ(read[1], read[0]);
}

TEST(ParquetReaderTest, GivesTheColumnsWantedAndNullForOthers) {
  PARTITA_TEST_ASSIGN(const auto reader, ParquetReader::Open(ParquetFile(TwoColumns())));
  const Schema wanted = {
      .fields = {{.name = "added", .type = {.id = TypeId::kDate}}, kName, kId}};
  PARTITA_TEST_ASSIGN(const auto batches, reader->ReadAll(wanted, {.num_rows = 100}));
  PARTITA_TEST_ASSIGN(const Cells cells, ReadCells(batches.get()));
  EXPECT_EQ(cells[0], (std::vector<std::string>{"NULL", "a", "1"}));
  EXPECT_EQ(batches->schema()->field(2)->name(), "ID");
}

TEST(ParquetReaderTest, ReadsSomeRowGroupsAlone) {
  PARTITA_TEST_ASSIGN(const auto reader, ParquetReader::Open(ParquetFile(TwoColumns())));
  EXPECT_EQ(reader->num_row_groups(), 2);
  EXPECT_GT(reader->row_group_bytes(1), 0);
  PARTITA_TEST_ASSIGN(const auto batches,
                      reader->ReadBatches({.fields = {kName}}, {1}, {.num_rows = 100}));
  PARTITA_TEST_ASSIGN(const Cells cells, ReadCells(batches.get()));
  EXPECT_THAT(cells, ElementsAre(ElementsAre("c")));
}

TEST(ParquetReaderTest, CountsRowsWhereNoColumnIsWanted) {
  PARTITA_TEST_ASSIGN(const auto reader, ParquetReader::Open(ParquetFile(TwoColumns())));
  PARTITA_TEST_ASSIGN(const auto batches,
                      reader->ReadBatches({}, {0, 1}, {.num_rows = 100}));
  PARTITA_TEST_ASSIGN(const auto all, batches->ToRecordBatches());
  int64_t num_rows = 0;
  for (const auto& batch : all) {
    num_rows += batch->num_rows();
  }
  EXPECT_EQ(num_rows, 3);
}

TEST(ParquetReaderTest, TellsTheRangesOfItsRowGroups) {
  PARTITA_TEST_ASSIGN(const auto reader, ParquetReader::Open(ParquetFile(TwoColumns())));
  PARTITA_TEST_ASSIGN(const ColumnRanges ids, reader->Ranges(kId));
  EXPECT_TRUE(ids.smallest->Equals(*ArrayOf(arrow::int64(), "[1, 3]")));
  EXPECT_TRUE(ids.largest->Equals(*ArrayOf(arrow::int64(), "[2, 3]")));
  EXPECT_TRUE(ids.has_null->Equals(*ArrayOf(arrow::boolean(), "[false, false]")));
  PARTITA_TEST_ASSIGN(const ColumnRanges names, reader->Ranges(kName));
  EXPECT_TRUE(names.largest->Equals(*ArrayOf(arrow::utf8(), R"(["a", "c"])")));
  EXPECT_TRUE(names.has_null->Equals(*ArrayOf(arrow::boolean(), "[true, false]")));
  PARTITA_TEST_ASSIGN(const ColumnRanges none,
                      reader->Ranges({.name = "x", .type = {.id = TypeId::kDate}}));
  EXPECT_EQ(none.smallest->null_count(), 2);
  EXPECT_TRUE(none.has_value->Equals(*ArrayOf(arrow::boolean(), "[false, false]")));
}

TEST(ParquetReaderTest, RefusesAColumnOfAnotherType) {
  PARTITA_TEST_ASSIGN(const auto reader, ParquetReader::Open(ParquetFile(TwoColumns())));
  EXPECT_THAT(
      reader->ReadAll({.fields = {{.name = "id", .type = {.id = TypeId::kInteger}}}},
                      {.num_rows = 100}),
      FailsWith(ErrorCode::kBadInput,
                AllOf(HasSubstr("'id' is int, but bigint"), HasSubstr("a.parquet"))));
}

TEST(ParquetReaderTest, PrefersTheSchemaThatSparkWrote) {
  Written written = TwoColumns();
  written.schema = written.schema->WithMetadata(arrow::key_value_metadata(
      {"org.apache.spark.sql.parquet.row.metadata"},
      {R"({"type":"struct","fields":[{"name":"id","type":"timestamp_ntz","nullable":false,)"
       R"("metadata":{}},{"name":"name","type":"binary","nullable":true,"metadata":{}}]})"}));
  written.store_arrow_schema = true;
  PARTITA_TEST_ASSIGN(const auto reader, ParquetReader::Open(ParquetFile(written)));
  EXPECT_EQ(ColumnsOf(*reader), "id timestamp_ntz; name binary; ");
}

TEST(ParquetReaderTest, TellsInt96FromZonelessTimestamps) {
  const auto micros = arrow::timestamp(arrow::TimeUnit::MICRO);
  Written written = {.schema = arrow::schema({arrow::field("t", micros),
                                              arrow::field("l", arrow::list(micros))}),
                     .json = R"([{"t":"2016-12-01 00:00:00.5","l":["1600-02-29"]}])"};
  PARTITA_TEST_ASSIGN(const auto plain, ParquetReader::Open(ParquetFile(written)));
  EXPECT_EQ(plain->schema().fields[0].type.id, TypeId::kTimestampNtz);
  EXPECT_EQ(plain->schema().fields[1].type.children[0].type.id, TypeId::kTimestampNtz);
  written.use_int96 = true;
  PARTITA_TEST_ASSIGN(const auto int96, ParquetReader::Open(ParquetFile(written)));
  EXPECT_EQ(int96->schema().fields[0].type.id, TypeId::kTimestamp);
  EXPECT_EQ(int96->schema().fields[1].type.children[0].type.id, TypeId::kTimestamp);
  PARTITA_TEST_ASSIGN(const auto batches,
                      int96->ReadAll(int96->schema(), {.num_rows = 10}));
  PARTITA_TEST_ASSIGN(const Cells cells, ReadCells(batches.get()));
  EXPECT_THAT(cells[0], ElementsAre("2016-12-01 00:00:00.5", "[1600-02-29 00:00:00]"));
}

TEST(ParquetReaderTest, ReadsLayoutsThatOnlyArrowKnows) {
  const Written written = {
      .schema = arrow::schema(
          {arrow::field("s", arrow::large_utf8()), arrow::field("u", arrow::uint64()),
           arrow::field("n", arrow::timestamp(arrow::TimeUnit::NANO, "UTC")),
           arrow::field("st", arrow::struct_({arrow::field(
                                  "m", arrow::map(arrow::utf8(), arrow::int8()))}))}),
      .json = R"([{"s":"x","u":18446744073709551615,"n":1,"st":{"m":[["k",1]]}}])",
      .store_arrow_schema = true};
  PARTITA_TEST_ASSIGN(const auto reader, ParquetReader::Open(ParquetFile(written)));
  EXPECT_EQ(ColumnsOf(*reader), "s string; u decimal(20,0); n timestamp; st struct; ");
  PARTITA_TEST_ASSIGN(const auto batches,
                      reader->ReadAll(reader->schema(), {.num_rows = 10}));
  PARTITA_TEST_ASSIGN(const Cells cells, ReadCells(batches.get()));
  EXPECT_THAT(cells[0], ElementsAre("x", "18446744073709551615", "1970-01-01 00:00:00",
                                    "{{k -> 1}}"));
}

TEST(ParquetReaderTest, RefusesWhatIsNoParquet) {
  const InputFile whole = ParquetFile(TwoColumns());
  const auto bytes = whole.file->ReadAt(0, whole.size).ValueOrDie()->ToString();
  for (const std::string& text :
       {std::string(), std::string("PAR1"), std::string("id,name\n1,a\n"),
        bytes.substr(0, bytes.size() - 1), bytes.substr(bytes.size() / 2)}) {
    EXPECT_THAT(ParquetReader::Open(MemoryFile("b.parquet", text)),
                FailsWith(ErrorCode::kBadInput, HasSubstr("b.parquet")));
  }
}

TEST(ParquetReaderTest, ReportsBrokenPages) {
  const InputFile whole = ParquetFile(TwoColumns());
  auto bytes = whole.file->ReadAt(0, whole.size).ValueOrDie()->ToString();
  for (size_t i = 4; i < 40; ++i) {
    bytes[i] = '\xff';
  }
  PARTITA_TEST_ASSIGN(const auto reader,
                      ParquetReader::Open(MemoryFile("b.parquet", bytes)));
  PARTITA_TEST_ASSIGN(const auto batches,
                      reader->ReadAll(reader->schema(), {.num_rows = 10}));
  EXPECT_THAT(ReadCells(batches.get()),
              FailsWith(ErrorCode::kBadInput, HasSubstr("b.parquet")));
}

}  // namespace
}  // namespace partita
