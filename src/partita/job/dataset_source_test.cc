#include "partita/job/dataset_source.h"

#include <filesystem>

#include <arrow/io/interfaces.h>

#include "partita/catalog.h"
#include "partita/store/memory_store.h"

#include "support/compressed_text.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DatasetSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    catalog_file_ = ::testing::TempDir() + "dataset_source_" +
                    ::testing::UnitTest::GetInstance()->current_test_info()->name() +
                    ".db";
    std::filesystem::remove(catalog_file_);
  }

  void TearDown() override { std::filesystem::remove(catalog_file_); }

  void Put(const std::string& path, const std::string& text) {
    PARTITA_TEST_ASSIGN(const auto file, store_.Create(path, {.make_parents = true}));
    ASSERT_THAT(file->Write(text), IsOk());
    ASSERT_THAT(file->Close(), IsOk());
  }

  arrow::Result<DatasetSource> Resolve(const std::string& path,
                                       std::map<std::string, std::string> options = {}) {
    return ResolveDataset(&store_, {.paths = {path}, .read_options = std::move(options)});
  }

  arrow::Result<DatasetSource> ResolveTable(
      const TableDefinition& table, const std::vector<PartitionDefinition>& partitions) {
    ARROW_ASSIGN_OR_RAISE(const auto catalog, OpenCatalog(catalog_file_));
    ARROW_RETURN_NOT_OK(catalog->PutTable(table, partitions));
    return ResolveDataset(
        &store_, {.table = TableName{.database = table.database, .table = table.name},
                  .catalog_file = catalog_file_});
  }

  MemoryStore store_;
  std::string catalog_file_;
};

// Paths below `root`, each with its partition values.
std::vector<std::string> FilesOf(const DatasetSource& source, const std::string& root) {
  std::vector<std::string> files;
  for (const DatasetFile& file : source.files) {
    files.push_back(file.file.path.substr(root.size() + 1));
    for (const auto& value : file.partition_values) {
      files.back() += " " + value.value_or("NULL");
    }
  }
  return files;
}

TableDefinition OrdersTable() {
  TableDefinition table{.database = "db", .name = "orders"};
  table.storage.columns = {{"id", "bigint", ""}, {"note", "string", ""}};
  table.storage.location = "/d/orders/";
  table.storage.serde.serialization_library =
      "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";
  table.parameters = {{"classification", "csv"}, {"skip.header.line.count", "1"}};
  return table;
}

TEST_F(DatasetSourceTest, FindsFilesAndPartitionsBelowAFolder) {
  Put("/d/t/y=2020/m=__HIVE_DEFAULT_PARTITION__/b.parquet", "PAR1");
  Put("/d/t/y=2020/m=a%20b/a.parquet", "PAR1");
  Put("/d/t/y=007/m=x/a.parquet", "PAR1");
  Put("/d/t/y=007/m=x/empty.parquet", "");
  Put("/d/t/y=007/m=x/.a.parquet.crc", "crc");
  Put("/d/t/_SUCCESS", "");
  Put("/d/t/_temporary/0/a.parquet", "PAR1");
  PARTITA_TEST_ASSIGN(const DatasetSource source, Resolve("/d/t"));
  EXPECT_EQ(source.format, DatasetFormat::kParquet);
  ASSERT_EQ(source.partition_columns.size(), 2);
  EXPECT_EQ(source.partition_columns[0].name, "y");
  EXPECT_EQ(source.partition_columns[0].type.id, TypeId::kInteger);
  EXPECT_EQ(source.partition_columns[1].type.id, TypeId::kString);
  EXPECT_THAT(FilesOf(source, "/d/t"),
              ElementsAre("y=007/m=x/a.parquet 7 x",
                          "y=2020/m=__HIVE_DEFAULT_PARTITION__/b.parquet 2020 NULL",
                          "y=2020/m=a%20b/a.parquet 2020 a b"));
  EXPECT_FALSE(source.declared.has_value());
}

TEST_F(DatasetSourceTest, ReadsAFileOfAPartitionWithoutItsColumns) {
  Put("/d/t/y=1/a.json", "{}");
  PARTITA_TEST_ASSIGN(const DatasetSource source, Resolve("/d/t/y=1/a.json"));
  EXPECT_EQ(source.format, DatasetFormat::kJson);
  EXPECT_THAT(source.partition_columns, IsEmpty());
  EXPECT_EQ(source.files.size(), 1);
}

TEST_F(DatasetSourceTest, TellsTheFormatByContentWhereTheNameDoesNot) {
  Put("/d/p/part-0", "PAR1....");
  Put("/d/j/part-0", "\xEF\xBB\xBF \n {\"a\":1}");
  Put("/d/c/part-0", "a,b\n");
  EXPECT_EQ(Resolve("/d/p").ValueOrDie().format, DatasetFormat::kParquet);
  EXPECT_EQ(Resolve("/d/j").ValueOrDie().format, DatasetFormat::kJson);
  EXPECT_EQ(Resolve("/d/c").ValueOrDie().format, DatasetFormat::kCsv);
}

TEST_F(DatasetSourceTest, LooksIntoCompressedText) {
  Put("/d/j/part-0.gz", Compressed(Compression::kGzip, " {\"a\":1}"));
  Put("/d/c/part-0.zst", Compressed(Compression::kZstd, "a,b\n"));
  Put("/d/n/a.json.bz2", "not looked at");
  EXPECT_EQ(Resolve("/d/j").ValueOrDie().format, DatasetFormat::kJson);
  EXPECT_EQ(Resolve("/d/c").ValueOrDie().format, DatasetFormat::kCsv);
  EXPECT_EQ(Resolve("/d/n").ValueOrDie().format, DatasetFormat::kJson);
  Put("/d/m/a.json.bz2", "not looked at");
  Put("/d/m/b.csv.gz", "not looked at");
  EXPECT_THAT(Resolve("/d/m"),
              FailsWith(ErrorCode::kBadInput,
                        AllOf(HasSubstr("one format"), HasSubstr("b.csv.gz"))));
}

TEST_F(DatasetSourceTest, RefusesFormatsThatAreMixedOrPacked) {
  Put("/d/m/a.csv", "a,b\n");
  Put("/d/m/b.json", "{}");
  EXPECT_THAT(Resolve("/d/m"),
              FailsWith(ErrorCode::kBadInput,
                        AllOf(HasSubstr("one format"), HasSubstr("b.json"))));
  Put("/d/z/a.csv.zip", "PK");
  EXPECT_THAT(Resolve("/d/z"), FailsWith(ErrorCode::kBadInput, HasSubstr("a.csv.zip")));
  Put("/d/p/a.parquet.gz", "\x1F\x8B");
  EXPECT_THAT(Resolve("/d/p"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("a.parquet.gz")));
}

TEST_F(DatasetSourceTest, TakesPartitionedCsvForSparksUnlessToldOtherwise) {
  Put("/d/t/p=1/a.csv", "a,b\n");
  Put("/d/plain/a.csv", "a,b\n");
  const auto escape_of = [](const DatasetSource& source) {
    const auto found = source.read_options.find("escape");
    return found == source.read_options.end() ? "none" : found->second;
  };
  EXPECT_EQ(escape_of(Resolve("/d/t").ValueOrDie()), "\\");
  EXPECT_EQ(escape_of(Resolve("/d/plain").ValueOrDie()), "none");
  PARTITA_TEST_ASSIGN(const DatasetSource told, Resolve("/d/t", {{"ESCAPE", "\""}}));
  EXPECT_EQ(escape_of(told), "none");
  EXPECT_EQ(told.read_options.count("ESCAPE"), 1);
}

TEST_F(DatasetSourceTest, RefusesOptionsThatDoNotApply) {
  Put("/d/j/a.json", "{}");
  EXPECT_THAT(Resolve("/d/j", {{"header", "true"}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("header")));
  PARTITA_TEST_ASSIGN(const DatasetSource limited,
                      Resolve("/d/j", {{"maxunpackedbytes", "17"}}));
  EXPECT_EQ(limited.max_unpacked_bytes, 17);
  EXPECT_THAT(ResolveDataset(&store_, {}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("--table")));
}

TEST_F(DatasetSourceTest, SaysWhatIsNotThere) {
  EXPECT_THAT(Resolve("/d/none"), FailsWith(ErrorCode::kNotFound, HasSubstr("/d/none")));
  Put("/d/e/_SUCCESS", "");
  Put("/d/e/a.csv", "");
  EXPECT_THAT(Resolve("/d/e"), FailsWith(ErrorCode::kBadInput, HasSubstr("no data")));
  PARTITA_TEST_ASSIGN(const auto catalog, OpenCatalog(catalog_file_));
  EXPECT_THAT(ResolveDataset(&store_, {.table = TableName{.database = "db", .table = "t"},
                                       .catalog_file = catalog_file_}),
              FailsWith(ErrorCode::kNotFound, HasSubstr("t")));
}

TEST_F(DatasetSourceTest, TakesColumnsAndDialectFromTheCatalog) {
  Put("/d/orders/b.csv", "ID;Note\n1;x\n");
  Put("/d/orders/a.csv", "ID;Note\n2;y\n");
  TableDefinition table = OrdersTable();
  table.storage.serde.parameters = {{"field.delim", ";"}};
  PARTITA_TEST_ASSIGN(const DatasetSource source, ResolveTable(table, {}));
  ASSERT_TRUE(source.declared.has_value());
  EXPECT_EQ(
      HiveTypeName({.id = TypeId::kStruct, .children = source.declared->data.fields}),
      "struct<id:bigint,note:string>");
  EXPECT_EQ(source.declared->dialect.separator, ';');
  EXPECT_TRUE(source.declared->dialect.header);
  EXPECT_THAT(FilesOf(source, "/d/orders"), ElementsAre("a.csv", "b.csv"));
}

TEST_F(DatasetSourceTest, TakesPartitionsFromTheCatalogWhereverTheyLie) {
  Put("/d/orders/y=2020/a.csv", "id,note\n1,x\n");
  Put("/d/orders/y=1999/a.csv", "id,note\n1,x\n");
  Put("/elsewhere/a.csv", "id,note\n2,y\n");
  TableDefinition table = OrdersTable();
  table.partition_keys = {{"y", "int", ""}, {"z", "string", ""}};
  PartitionDefinition near{.values = {"02020", "a"}};
  near.storage.location = "/d/orders/y=2020/";
  PartitionDefinition far{.values = {"2021", "__HIVE_DEFAULT_PARTITION__"}};
  far.storage.location = "/elsewhere";
  PARTITA_TEST_ASSIGN(const DatasetSource source, ResolveTable(table, {near, far}));
  EXPECT_EQ(source.partition_columns[0].type.id, TypeId::kInteger);
  EXPECT_THAT(FilesOf(source, ""),
              ElementsAre("d/orders/y=2020/a.csv 2020 a", "elsewhere/a.csv 2021 NULL"));
}

TEST_F(DatasetSourceTest, RefusesPartitionsThatDoNotFitTheirTable) {
  Put("/d/orders/a.csv", "id,note\n1,x\n");
  TableDefinition table = OrdersTable();
  table.partition_keys = {{"y", "int", ""}};
  PartitionDefinition partition{.values = {"x"}};
  partition.storage.location = "/d/orders";
  EXPECT_THAT(ResolveTable(table, {partition}),
              FailsWith(ErrorCode::kBadInput, AllOf(HasSubstr("y"), HasSubstr("\"x\""))));
}

TEST_F(DatasetSourceTest, TellsATablesFormatByClassificationOrSerde) {
  Put("/d/orders/a", "{}");
  TableDefinition table = OrdersTable();
  table.parameters = {{"classification", "parquet"}};
  EXPECT_EQ(ResolveTable(table, {}).ValueOrDie().format, DatasetFormat::kParquet);
  table.parameters.clear();
  EXPECT_EQ(ResolveTable(table, {}).ValueOrDie().format, DatasetFormat::kCsv);
  table.storage.serde.serialization_library = "org.openx.data.jsonserde.JsonSerDe";
  EXPECT_EQ(ResolveTable(table, {}).ValueOrDie().format, DatasetFormat::kJson);
  table.parameters = {{"classification", "orc"}};
  EXPECT_THAT(ResolveTable(table, {}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("orc")));
}

}  // namespace
}  // namespace partita
