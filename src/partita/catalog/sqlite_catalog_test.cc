#include "partita/catalog/sqlite_catalog.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SqliteCatalogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "catalog-XXXXXX");
    folder_ = mkdtemp(name.data());
    file_ = folder_ / "sub" / "catalog.db";
  }

  void TearDown() override {
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all);
    std::filesystem::remove_all(folder_);
  }

  std::unique_ptr<Catalog> Open() {
    arrow::Result<std::unique_ptr<Catalog>> catalog = OpenCatalog(file_);
    EXPECT_THAT(catalog, IsOk());
    return catalog.ok() ? *std::move(catalog) : nullptr;
  }

  void RunSql(const std::string& sql) {
    PARTITA_TEST_ASSIGN(SqliteConnection connection, SqliteConnection::Open(file_));
    ASSERT_THAT(connection.Execute(sql), IsOk());
  }

  std::filesystem::path folder_;
  std::string file_;
};

TableDefinition Cars(const std::string& name = "cars") {
  TableDefinition table;
  table.database = "glue_db";
  table.name = name;
  table.description = "quotes \" ' and\nlines";
  table.retention = 3;
  table.storage.columns = {{"vin (1-10)", "string", "first ten"},
                           {"größe", "bigint", ""}};
  table.storage.location = "/data/cars/";
  table.storage.input_format = "in";
  table.storage.output_format = "out";
  table.storage.compressed = true;
  table.storage.number_of_buckets = 7;
  table.storage.serde = {"s", "LazySimpleSerDe", {{"field.delim", "\x01"}}};
  table.storage.parameters = {{"a", "1"}, {"b", ""}};
  table.storage.stored_as_sub_directories = true;
  table.partition_keys = {{"make", "string", ""}};
  table.parameters = {{"classification", "csv"}};
  return table;
}

std::vector<PartitionDefinition> Partitions(int count) {
  std::vector<PartitionDefinition> partitions;
  for (int i = 0; i < count; ++i) {
    PartitionDefinition partition;
    partition.values = {"make " + std::to_string(i)};
    partition.storage = Cars().storage;
    partition.storage.columns.clear();
    partition.storage.location = "/data/cars/make=" + std::to_string(i) + "/";
    partition.parameters = {{"recordCount", std::to_string(i)}};
    partition.create_time_ms = 1000 + i;
    partitions.push_back(partition);
  }
  return partitions;
}

TEST_F(SqliteCatalogTest, GivesBackATableMemberByMember) {
  ASSERT_THAT(Open()->PutTable(Cars(), {}), IsOk());
  PARTITA_TEST_ASSIGN(TableDefinition table, Open()->GetTable("glue_db", "cars"));
  EXPECT_GT(table.create_time_ms, 1'600'000'000'000);
  EXPECT_EQ(table.update_time_ms, table.create_time_ms);
  table.create_time_ms = 0;
  table.update_time_ms = 0;
  EXPECT_EQ(table, Cars());
}

TEST_F(SqliteCatalogTest, FoldsNamesToLowerCase) {
  auto catalog = Open();
  TableDefinition table = Cars("Cars");
  table.database = "Glue_DB";
  ASSERT_THAT(catalog->PutTable(table, {}), IsOk());
  PARTITA_TEST_ASSIGN(const TableDefinition read, catalog->GetTable("GLUE_DB", "cARS"));
  EXPECT_EQ(read.database, "glue_db");
  EXPECT_EQ(read.name, "cars");
}

TEST_F(SqliteCatalogTest, ListsInOrderOfNames) {
  auto catalog = Open();
  EXPECT_THAT(*catalog->ListDatabases(), IsEmpty());
  ASSERT_THAT(catalog->EnsureDatabase("b"), IsOk());
  ASSERT_THAT(catalog->EnsureDatabase("A"), IsOk());
  ASSERT_THAT(catalog->EnsureDatabase("a"), IsOk());
  PARTITA_TEST_ASSIGN(const auto databases, catalog->ListDatabases());
  ASSERT_THAT(databases, SizeIs(2));
  EXPECT_EQ(databases[0].name, "a");
  EXPECT_GT(databases[0].create_time_ms, 0);
  EXPECT_THAT(*catalog->ListTables("b"), IsEmpty());
  ASSERT_THAT(catalog->PutTable(Cars("zeta"), {}), IsOk());
  ASSERT_THAT(catalog->PutTable(Cars("alpha"), {}), IsOk());
  PARTITA_TEST_ASSIGN(const auto tables, catalog->ListTables("glue_db"));
  ASSERT_THAT(tables, SizeIs(2));
  EXPECT_EQ(tables[0].name, "alpha");
  EXPECT_EQ(tables[1].storage, Cars().storage);
}

TEST_F(SqliteCatalogTest, ReplacesATableAndItsPartitionsButKeepsWhenItWasMade) {
  auto catalog = Open();
  ASSERT_THAT(catalog->PutTable(Cars(), Partitions(3)), IsOk());
  RunSql("UPDATE tables SET create_time_ms = 5, update_time_ms = 5");
  TableDefinition changed = Cars();
  changed.storage.location = "/elsewhere/";
  ASSERT_THAT(catalog->PutTable(changed, Partitions(1)), IsOk());
  PARTITA_TEST_ASSIGN(const TableDefinition table, catalog->GetTable("glue_db", "cars"));
  EXPECT_EQ(table.storage.location, "/elsewhere/");
  EXPECT_EQ(table.create_time_ms, 5);
  EXPECT_GT(table.update_time_ms, 5);
  PARTITA_TEST_ASSIGN(const auto partitions, catalog->ListPartitions("glue_db", "cars"));
  EXPECT_EQ(partitions, Partitions(1));
}

TEST_F(SqliteCatalogTest, KeepsTenThousandPartitionsInOrderOfValues) {
  auto catalog = Open();
  std::vector<PartitionDefinition> partitions = Partitions(10'000);
  partitions[7].storage.serde.parameters = {{"other", "serde"}};
  partitions[7].storage.columns = {{"own", "int", ""}};
  ASSERT_THAT(catalog->PutTable(Cars(), partitions), IsOk());
  PARTITA_TEST_ASSIGN(const auto read, catalog->ListPartitions("glue_db", "cars"));
  std::sort(partitions.begin(), partitions.end(),
            [](const auto& a, const auto& b) { return a.values < b.values; });
  EXPECT_EQ(read, partitions);
}

TEST_F(SqliteCatalogTest, KeepsOddPartitionValues) {
  auto catalog = Open();
  TableDefinition table = Cars();
  table.partition_keys.push_back({"model", "string", ""});
  std::vector<PartitionDefinition> partitions;
  for (const auto& [make, model] : std::vector<std::pair<std::string, std::string>>{
           {"", "a"},
           {"\",\"", "b"},
           {"a\",\"b", "c"},
           {"é\n\x01/%=", "d"},
           {std::string("nul\0x", 5), "e"},
           {"__HIVE_DEFAULT_PARTITION__", "f"}}) {
    partitions.push_back({.values = {make, model}, .create_time_ms = 1});
  }
  ASSERT_THAT(catalog->PutTable(table, partitions), IsOk());
  PARTITA_TEST_ASSIGN(const auto read, catalog->ListPartitions("glue_db", "cars"));
  EXPECT_THAT(read, ::testing::UnorderedElementsAreArray(partitions));
}

TEST_F(SqliteCatalogTest, ListsValuesAloneAndGivesTheDefinitionsOfSome) {
  auto catalog = Open();
  std::vector<PartitionDefinition> partitions = Partitions(5);
  partitions[0].values = {R"(quote " , and "," and \ )"};
  partitions[1].values = {""};
  partitions[2].values = {"größe\n"};
  ASSERT_THAT(catalog->PutTable(Cars(), partitions), IsOk());
  PARTITA_TEST_ASSIGN(const auto all, catalog->ListPartitions("glue_db", "cars"));
  PARTITA_TEST_ASSIGN(auto values, catalog->ListPartitionValues("glue_db", "cars"));
  std::sort(values.begin(), values.end());
  ASSERT_EQ(values.size(), all.size());
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(values[i], all[i].values);
  }
  PARTITA_TEST_ASSIGN(
      const auto some,
      catalog->GetPartitions("GLUE_DB", "Cars", {values[3], {"nowhere"}, values[0]}));
  EXPECT_THAT(some, ElementsAre(all[3], all[0]));
}

TEST_F(SqliteCatalogTest, RefusesPartitionsThatDoNotFitTheKeys) {
  auto catalog = Open();
  std::vector<PartitionDefinition> partitions = Partitions(2);
  partitions[1].values = {"a", "b"};
  EXPECT_THAT(catalog->PutTable(Cars(), partitions),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("2 values, 1 keys")));
  partitions[1].values = partitions[0].values;
  EXPECT_THAT(catalog->PutTable(Cars(), partitions),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("same values")));
  EXPECT_THAT(catalog->GetTable("glue_db", "cars"), FailsWith(ErrorCode::kNotFound, _));
  EXPECT_THAT(*catalog->ListDatabases(), IsEmpty());
}

TEST_F(SqliteCatalogTest, DropsEntriesWithAllBelowThem) {
  auto catalog = Open();
  ASSERT_THAT(catalog->PutTable(Cars("cars"), Partitions(2)), IsOk());
  ASSERT_THAT(catalog->PutTable(Cars("vans"), Partitions(2)), IsOk());
  ASSERT_THAT(catalog->DropTable("glue_db", "CARS"), IsOk());
  EXPECT_THAT(catalog->ListPartitions("glue_db", "cars"),
              FailsWith(ErrorCode::kNotFound, _));
  EXPECT_THAT(*catalog->ListPartitions("glue_db", "vans"), SizeIs(2));
  ASSERT_THAT(catalog->DropDatabase("glue_db"), IsOk());
  EXPECT_THAT(*catalog->ListDatabases(), IsEmpty());
  PARTITA_TEST_ASSIGN(SqliteConnection connection, SqliteConnection::Open(file_));
  PARTITA_TEST_ASSIGN(const int64_t left,
                      connection.QueryNumber("SELECT count(*) FROM partitions"));
  EXPECT_EQ(left, 0);
}

TEST_F(SqliteCatalogTest, NamesWhatIsNotThereAndWhatWasMeant) {
  auto catalog = Open();
  ASSERT_THAT(catalog->PutTable(Cars("electric_cars"), {}), IsOk());
  EXPECT_THAT(catalog->GetTable("glue_db", "electric_car"),
              FailsWith(ErrorCode::kNotFound,
                        AllOf(HasSubstr("database glue_db has no table electric_car"),
                              HasSubstr("\"electric_cars\""))));
  EXPECT_THAT(catalog->GetTable("glu_db", "cars"),
              FailsWith(ErrorCode::kNotFound, HasSubstr("\"glue_db\"")));
  for (const arrow::Status& status :
       {catalog->ListTables("x").status(), catalog->DropDatabase("x"),
        catalog->DropTable("x", "y"), catalog->DropTable("glue_db", "y"),
        catalog->ListPartitions("glue_db", "y").status()}) {
    EXPECT_THAT(status, FailsWith(ErrorCode::kNotFound, _));
  }
}

TEST_F(SqliteCatalogTest, TakesNamesOfUpTo255CharactersOnOneLine) {
  auto catalog = Open();
  std::string longest;
  for (int i = 0; i < 255; ++i) {
    longest += "é";
  }
  for (const std::string& name : {longest, std::string("it's; DROP TABLE \"x\" --"),
                                  std::string("a b.c"), std::string("%_")}) {
    ASSERT_THAT(catalog->PutTable(Cars(name), {}), IsOk());
    PARTITA_TEST_ASSIGN(const TableDefinition table, catalog->GetTable("glue_db", name));
    EXPECT_EQ(table.storage, Cars().storage);
  }
  for (const std::string& name : {std::string(), longest + "e", std::string("a\nb"),
                                  std::string("\t"), std::string("\xFF")}) {
    EXPECT_THAT(catalog->PutTable(Cars(name), {}),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("name of a table")));
    EXPECT_THAT(catalog->EnsureDatabase(name),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("name of a database")));
  }
}

TEST_F(SqliteCatalogTest, RefusesTextThatJsonCannotKeep) {
  TableDefinition table = Cars();
  table.storage.location = "/data/\xFF";
  EXPECT_THAT(Open()->PutTable(table, {}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("UTF-8")));
}

TEST_F(SqliteCatalogTest, RefusesAFileOfANewerVersion) {
  ASSERT_THAT(Open()->EnsureDatabase("a"), IsOk());
  RunSql("PRAGMA user_version = 999");
  EXPECT_THAT(OpenCatalog(file_),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("newer Partita"), HasSubstr("999"))));
}

TEST_F(SqliteCatalogTest, RefusesFilesOfOthersAndLeavesThemAlone) {
  RunSql("CREATE TABLE theirs (x)");
  EXPECT_THAT(OpenCatalog(file_),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("another program")));
  PARTITA_TEST_ASSIGN(SqliteConnection connection, SqliteConnection::Open(file_));
  PARTITA_TEST_ASSIGN(const int64_t id, connection.QueryNumber("PRAGMA application_id"));
  EXPECT_EQ(id, 0);
}

TEST_F(SqliteCatalogTest, RefusesAFileThatIsNoDatabase) {
  file_ = folder_ / "text.db";
  std::ofstream(file_) << std::string(5000, 'x');
  EXPECT_THAT(OpenCatalog(file_),
              FailsWith(ErrorCode::kStoreUnavailable,
                        AllOf(HasSubstr(file_), HasSubstr("--catalog"))));
}

TEST_F(SqliteCatalogTest, AnExistingCatalogIsNeverMade) {
  EXPECT_THAT(OpenExistingCatalog(file_),
              FailsWith(ErrorCode::kNotFound,
                        AllOf(HasSubstr(file_), HasSubstr("partita crawl"))));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "sub"));
  ASSERT_THAT(Open()->EnsureDatabase("a"), IsOk());
  PARTITA_TEST_ASSIGN(const auto catalog, OpenExistingCatalog(file_));
  EXPECT_THAT(*catalog->ListDatabases(), SizeIs(1));
  EXPECT_THAT(catalog->DropDatabase("a"), IsOk());
}

constexpr auto kReadOnly = std::filesystem::perms::owner_read |
                           std::filesystem::perms::group_read |
                           std::filesystem::perms::others_read;
constexpr auto kNoEntries = kReadOnly | std::filesystem::perms::owner_exec |
                            std::filesystem::perms::group_exec |
                            std::filesystem::perms::others_exec;

// As a user without rights, whoever runs the test.
class AsNobody {
 public:
  AsNobody() : before_(geteuid()) { EXPECT_TRUE(before_ != 0 || seteuid(65534) == 0); }

  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

  ~AsNobody() { EXPECT_EQ(seteuid(before_), 0); }

 private:
  uid_t before_;
};

TEST_F(SqliteCatalogTest, IsReadWhereNothingCanBeWritten) {
  file_ = folder_ / "a%20b#c?.db";
  ASSERT_THAT(Open()->PutTable(Cars(), {}), IsOk());
  std::filesystem::permissions(file_, kReadOnly);
  std::filesystem::permissions(folder_, kNoEntries);
  const AsNobody nobody;
  PARTITA_TEST_ASSIGN(const auto catalog, OpenExistingCatalog(file_));
  EXPECT_THAT(catalog->GetTable("glue_db", "cars"), IsOk());
  EXPECT_THAT(catalog->DropDatabase("glue_db"),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("must be writable")));
}

TEST_F(SqliteCatalogTest, ALogThatCannotBeReadIsNotPassedOver) {
  using std::filesystem::perms;
  file_ = folder_ / "c.db";
  const auto writer = Open();
  ASSERT_THAT(writer->EnsureDatabase("in_the_log"), IsOk());
  // As after a crash: file and log, and nothing that says how far the log is valid.
  const std::filesystem::path copy = folder_ / "copy";
  std::filesystem::create_directory(copy);
  std::filesystem::copy(file_, copy / "c.db");
  std::filesystem::copy(file_ + "-wal", copy / "c.db-wal");
  for (const auto& path : {copy / "c.db", copy / "c.db-wal", copy, folder_}) {
    std::filesystem::permissions(path, kNoEntries);
  }
  {
    const AsNobody nobody;
    EXPECT_THAT(OpenExistingCatalog(copy / "c.db"),
                FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("must be writable")));
  }
  std::filesystem::permissions(folder_, perms::owner_all);
  std::filesystem::permissions(copy, perms::owner_all);
}

TEST_F(SqliteCatalogTest, RefusesADatabaseThatNoTableNameCouldReach) {
  for (const char* name : {"a.b", ".", "a."}) {
    EXPECT_THAT(Open()->EnsureDatabase(name),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("dot")));
    TableDefinition table = Cars();
    table.database = name;
    EXPECT_THAT(Open()->PutTable(table, {}),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("dot")));
  }
}

TEST_F(SqliteCatalogTest, SaysThatAFolderCannotBeWritten) {
  if (geteuid() == 0) {
    GTEST_SKIP() << "root may write anywhere";
  }
  std::filesystem::permissions(
      folder_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  EXPECT_THAT(OpenCatalog(folder_ / "c.db"),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("writable")));
  EXPECT_THAT(OpenCatalog(file_),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("folder")));
}

TEST_F(SqliteCatalogTest, RefusesAPathThatIsAFolderOrLiesBelowAFile) {
  EXPECT_THAT(OpenCatalog(folder_), FailsWith(ErrorCode::kStoreUnavailable, _));
  std::ofstream(folder_ / "plain") << "x";
  EXPECT_THAT(OpenCatalog(folder_ / "plain" / "c.db"),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("folder")));
}

TEST_F(SqliteCatalogTest, ADamagedEntryIsNamedAndCanBeDropped) {
  auto catalog = Open();
  ASSERT_THAT(catalog->PutTable(Cars(), {}), IsOk());
  for (const char* json : {"'{'", "'{}'", "'{\"StorageDescriptor\":7}'", "'[]'"}) {
    RunSql(std::string("UPDATE tables SET definition = ") + json);
    EXPECT_THAT(catalog->GetTable("glue_db", "cars"),
                FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("glue_db.cars")));
  }
  EXPECT_THAT(catalog->DropTable("glue_db", "cars"), IsOk());
}

TEST_F(SqliteCatalogTest, ProcessesThatMakeTheFileAndWriteAtOnceLoseNothing) {
  constexpr int kProcesses = 4;
  constexpr int kTables = 10;
  std::vector<pid_t> children;
  for (int process = 0; process < kProcesses; ++process) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      bool is_fine = true;
      for (int i = 0; i < kTables && is_fine; ++i) {
        auto catalog = OpenCatalog(file_);
        const std::string name = "t" + std::to_string(process) + "_" + std::to_string(i);
        is_fine = catalog.ok() && (*catalog)->PutTable(Cars(name), Partitions(3)).ok();
      }
      _exit(is_fine ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_THAT(*Open()->ListTables("glue_db"), SizeIs(kProcesses * kTables));
}

TEST_F(SqliteCatalogTest, AReaderNeverSeesATableWithHalfItsPartitions) {
  ASSERT_THAT(Open()->PutTable(Cars(), Partitions(50)), IsOk());
  std::jthread writer([&](const std::stop_token& stop) {
    auto catalog = Open();
    for (int i = 0; !stop.stop_requested(); ++i) {
      ASSERT_THAT(catalog->PutTable(Cars(), Partitions(i % 2 == 0 ? 10 : 50)), IsOk());
    }
  });
  auto catalog = Open();
  for (int i = 0; i < 50; ++i) {
    PARTITA_TEST_ASSIGN(const auto partitions,
                        catalog->ListPartitions("glue_db", "cars"));
    EXPECT_TRUE(partitions.size() == 10 || partitions.size() == 50) << partitions.size();
  }
}

TEST(CatalogFileTest, IsLocal) {
  for (const char* file :
       {"s3://bucket/catalog.db", "s3a://bucket/catalog.db", "S3://b/c.db"}) {
    EXPECT_THAT(OpenCatalog(file), FailsWith(ErrorCode::kInvalidConfig, HasSubstr(file)));
    EXPECT_THAT(OpenExistingCatalog(file),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("local file")));
  }
}

TEST(CatalogFileTest, FollowsTheVariablesInTheirOrder) {
  const auto set = [](const char* name, const char* value) {
    return value == nullptr ? unsetenv(name) : setenv(name, value, 1);
  };
  set("PARTITA_CATALOG", "/c.db");
  set("XDG_DATA_HOME", "/xdg");
  set("HOME", "/home/ann");
  EXPECT_EQ(DefaultCatalogFile(), "/c.db");
  set("PARTITA_CATALOG", nullptr);
  EXPECT_EQ(DefaultCatalogFile(), "/xdg/partita/catalog.db");
  set("XDG_DATA_HOME", "relative");
  EXPECT_EQ(DefaultCatalogFile(), "/home/ann/.local/share/partita/catalog.db");
  set("HOME", nullptr);
  EXPECT_THAT(OpenCatalog(""),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("--catalog")));
}

}  // namespace
}  // namespace partita
