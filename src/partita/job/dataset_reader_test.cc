#include "partita/job/dataset_reader.h"

#include <numeric>

#include <arrow/io/interfaces.h>

#include "partita/encode/file_encoder.h"
#include "partita/model/row_indexer.h"
#include "partita/store/memory_store.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

class DatasetReaderTest : public ::testing::Test {
 protected:
  void Put(const std::string& path, const std::string& text) {
    PARTITA_TEST_ASSIGN(const auto file, store_.Create(path, {.make_parents = true}));
    ASSERT_THAT(file->Write(text), IsOk());
    ASSERT_THAT(file->Close(), IsOk());
  }

  void PutParquet(const std::string& path, const Schema& columns, std::string rows) {
    EncodeSchema schema{.columns = columns, .data_columns = {}, .row_format = {}};
    schema.data_columns.resize(columns.fields.size());
    std::iota(schema.data_columns.begin(), schema.data_columns.end(), 0);
    const auto num_columns = static_cast<int>(columns.fields.size());
    const size_t size = rows.size();
    rows.resize(size + Buffer::kPadding);
    RowBatch batch;
    IndexRowsPlainly({}, num_columns, std::string_view(rows).substr(0, size), true, 1000,
                     &batch);
    PARTITA_TEST_ASSIGN(const auto encoder,
                        MakeFileEncoder({.format = "parquet"}, schema));
    PARTITA_TEST_ASSIGN(const auto file, store_.Create(path, {.make_parents = true}));
    ASSERT_THAT(encoder->Open(file.get()), IsOk());
    ASSERT_THAT(encoder->Append(batch), IsOk());
    ASSERT_THAT(encoder->Close(), IsOk());
    ASSERT_THAT(file->Close(), IsOk());
  }

  DatasetReader Reader(const std::string& path,
                       std::map<std::string, std::string> options = {}) {
    return Reader({.paths = {path}, .read_options = std::move(options)});
  }

  DatasetReader Reader(const InputSpec& input) {
    auto source = ResolveDataset(&store_, input);
    EXPECT_THAT(source, IsOk());
    return {&store_, input, *std::move(source)};
  }

  MemoryStore store_;
};

Field Column(std::string name, TypeId id) {
  return {.name = std::move(name), .type = {.id = id}};
}

constexpr char kTwoRows[] =
    "+---+----+---+\n"
    "|  a|   b|  p|\n"
    "+---+----+---+\n"
    "|  1|   x|  7|\n"
    "|  2|NULL|  8|\n"
    "+---+----+---+\n"
    "\n";

TEST_F(DatasetReaderTest, ReadsPartitionedParquet) {
  const Schema columns{
      .fields = {Column("a", TypeId::kInteger), Column("b", TypeId::kString)}};
  PutParquet("/t/p=7/x.parquet", columns, "1,x\n");
  PutParquet("/t/p=8/x.parquet", columns, "2,\n");
  DatasetReader reader = Reader("/t");
  EXPECT_EQ(reader.SchemaTree().ValueOrDie(),
            "root\n |-- a: integer (nullable = true)\n |-- b: string (nullable = true)\n"
            " |-- p: integer (nullable = true)\n\n");
  EXPECT_EQ(reader.Show(20, 20).ValueOrDie(), kTwoRows);
  EXPECT_EQ(reader.Count().ValueOrDie(), 2);
}

TEST_F(DatasetReaderTest, ReadsPartitionedJson) {
  Put("/t/p=7/x.json", "{\"b\":\"x\",\"a\":1}\n");
  Put("/t/p=8/x.json", "{\"a\":2}\n\n");
  DatasetReader reader = Reader("/t");
  EXPECT_EQ(reader.Show(20, 20).ValueOrDie(), kTwoRows);
  EXPECT_EQ(reader.Count().ValueOrDie(), 2);
  EXPECT_THAT(reader.SchemaTree().ValueOrDie(), HasSubstr("a: long"));
}

TEST_F(DatasetReaderTest, ReadsPartitionedCsvAsSparkWroteIt) {
  Put("/t/p=7/x.csv", "a,b\n1,\"x \\\"y\\\"\n\"\n");
  Put("/t/p=8/x.csv", "a,b\n2,\n");
  DatasetReader reader = Reader("/t", {{"header", "true"}});
  EXPECT_EQ(reader.Show(20, 20).ValueOrDie(),
            "+---+-------+---+\n"
            "|  a|      b|  p|\n"
            "+---+-------+---+\n"
            "|  1|x \"y\"\\n|  7|\n"
            "|  2|   NULL|  8|\n"
            "+---+-------+---+\n"
            "\n");
  EXPECT_EQ(reader.Count().ValueOrDie(), 2);
  EXPECT_THAT(reader.SchemaTree().ValueOrDie(), HasSubstr("a: long"));
}

TEST_F(DatasetReaderTest, GuessesNoHeaderInPartitionedCsv) {
  // The first rows look like names; Spark writes none unless told so.
  Put("/t/p=7/x.csv", "ann,rome\nbob,oslo\n");
  Put("/t/p=8/x.csv", "eve,kiev\n");
  DatasetReader reader = Reader("/t");
  EXPECT_EQ(reader.Count().ValueOrDie(), 3);
  EXPECT_THAT(reader.SchemaTree().ValueOrDie(), HasSubstr("_c0: string"));
}

TEST_F(DatasetReaderTest, FindsCsvTypesFromEveryRow) {
  std::string text = "Code,Size\n";
  for (int i = 0; i < 5000; ++i) {
    text += "17,1\n";
  }
  Put("/t.csv", text + "017,1.5\n");
  DatasetReader reader = Reader("/t.csv");
  EXPECT_EQ(reader.SchemaTree().ValueOrDie(),
            "root\n |-- Code: string (nullable = true)\n"
            " |-- Size: double (nullable = true)\n\n");
  EXPECT_EQ(reader.Count().ValueOrDie(), 5001);
}

TEST_F(DatasetReaderTest, LeavesCsvTypesAloneWhenAskedTo) {
  Put("/t.csv", "a,b\n1,2\n");
  EXPECT_EQ(Reader("/t.csv", {{"inferSchema", "false"}, {"header", "false"}})
                .Show(20, 20)
                .ValueOrDie(),
            "+---+---+\n|_c0|_c1|\n+---+---+\n|  a|  b|\n|  1|  2|\n+---+---+\n\n");
}

TEST_F(DatasetReaderTest, ShowsNoMoreRowsThanAskedFor) {
  Put("/t/a.json", "{\"i\":1}\n{\"i\":2}\n");
  Put("/t/b.json", "{\"i\":3}\n");
  DatasetReader reader = Reader("/t");
  EXPECT_EQ(reader.Show(2, 20).ValueOrDie(),
            "+---+\n|  i|\n+---+\n|  1|\n|  2|\n+---+\nonly showing top 2 rows\n");
  EXPECT_EQ(reader.Show(3, 0).ValueOrDie(),
            "+---+\n|i  |\n+---+\n|1  |\n|2  |\n|3  |\n+---+\n\n");
  EXPECT_EQ(reader.Show(0, 20).ValueOrDie(),
            "+---+\n|  i|\n+---+\n+---+\nonly showing top 0 rows\n");
}

TEST_F(DatasetReaderTest, PutsAPartitionColumnInPlaceOfADataColumn) {
  Put("/t/I=7/a.json", "{\"a\":1,\"i\":2,\"z\":3}\n");
  EXPECT_EQ(
      Reader("/t").Show(20, 20).ValueOrDie(),
      "+---+---+---+\n|  a|  I|  z|\n+---+---+---+\n|  1|  7|  3|\n+---+---+---+\n\n");
}

TEST_F(DatasetReaderTest, FillsInColumnsThatLaterParquetFilesLack) {
  PutParquet("/t/a.parquet",
             {.fields = {Column("a", TypeId::kLong), Column("b", TypeId::kString)}},
             "1,x\n");
  PutParquet("/t/b.parquet", {.fields = {Column("A", TypeId::kLong)}}, "2\n");
  EXPECT_EQ(Reader("/t").Show(20, 20).ValueOrDie(),
            "+---+----+\n|  a|   b|\n+---+----+\n|  1|   x|\n|  2|NULL|\n+---+----+\n\n");
}

TEST_F(DatasetReaderTest, CountsCsvOfATableWithoutLookingAtTypes) {
  Put("/t/a.csv", "a,b\n1,\"x\ny\"\nbad,2\n");
  DatasetSource source;
  PARTITA_TEST_ASSIGN(auto files, ListInputFiles(&store_, "/t"));
  source.files.push_back({.file = files[0], .partition_values = {}});
  source.declared.emplace().data = {
      .fields = {Column("a", TypeId::kLong), Column("b", TypeId::kString)}};
  DatasetReader reader(&store_, {}, source);
  EXPECT_EQ(reader.Count().ValueOrDie(), 2);
  EXPECT_THAT(reader.Show(20, 20), FailsWith(ErrorCode::kBadInput, HasSubstr("bad")));
}

TEST_F(DatasetReaderTest, NamesTheFileThatIsBroken) {
  Put("/t/a.json", "{\"i\":1}\n");
  Put("/t/b.json", "{\"i\":\n");
  EXPECT_THAT(Reader("/t").SchemaTree(),
              FailsWith(ErrorCode::kBadInput, HasSubstr("/t/b.json, line 1")));
  Put("/c/a.csv", "a,b\n1,2\n1,2,3\n");
  EXPECT_THAT(Reader("/c").Count(),
              FailsWith(ErrorCode::kBadInput, HasSubstr("/c/a.csv")));
  Put("/p/a.parquet", "PAR1");
  EXPECT_THAT(Reader("/p").Count(),
              FailsWith(ErrorCode::kBadInput, HasSubstr("/p/a.parquet")));
}

}  // namespace
}  // namespace partita
