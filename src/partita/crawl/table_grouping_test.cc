#include "partita/crawl/table_grouping.h"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Names = std::vector<std::string>;

ShapedFile Csv(const std::string& path, const Names& names) {
  ShapedFile file{.file = {.path = path, .bytes = 10}};
  file.shape.csv.names = names;
  file.shape.csv.first_row = names;
  return file;
}

ShapedFile Shaped(FileFormat format, const std::string& path, const Names& names,
                  TypeId type = TypeId::kString) {
  ShapedFile file{.file = {.path = path, .bytes = 10}, .shape = {.format = format}};
  for (const std::string& name : names) {
    file.shape.columns.fields.push_back({.name = name, .type = {.id = type}});
  }
  return file;
}

ShapedFile Json(const std::string& path, const Names& names) {
  return Shaped(FileFormat::kJson, path, names);
}

Names PathsOf(const TableGrouping& grouping) {
  Names paths;
  for (const TableGroup& table : grouping.tables) {
    paths.push_back(table.path + (table.is_file ? "" : "/"));
  }
  return paths;
}

Names TablesOf(const std::vector<ShapedFile>& files) {
  return PathsOf(GroupIntoTables(files, {}));
}

TEST(TableGroupingTest, AFolderWhoseFilesAgreeIsOneTable) {
  EXPECT_THAT(TablesOf({Csv("a.csv", {"k", "v"}), Csv("b.csv", {"K", "v"})}),
              ElementsAre("/"));
  EXPECT_THAT(TablesOf({Csv("a.csv", {"k", "v"})}), ElementsAre("/"));
  EXPECT_THAT(TablesOf({}), IsEmpty());
}

TEST(TableGroupingTest, FilesOfOneTableAreCompressedAlike) {
  ShapedFile plain = Csv("a.csv", {"k", "v"});
  ShapedFile packed = Csv("b.csv.gz", {"k", "v"});
  packed.shape.compression = Compression::kGzip;
  EXPECT_THAT(TablesOf({plain, packed}), ElementsAre("a.csv", "b.csv.gz"));
  plain.shape.compression = Compression::kGzip;
  const TableGrouping grouping = GroupIntoTables({plain, packed}, {});
  ASSERT_EQ(grouping.tables.size(), 1U);
  EXPECT_EQ(grouping.tables[0].compression, Compression::kGzip);
}

TEST(TableGroupingTest, FoldersThatDifferAreTablesOfTheirOwn) {
  EXPECT_THAT(TablesOf({Csv("cars/a.csv", {"k", "v"}), Csv("cars/b.csv", {"k", "v"}),
                        Csv("vans/a.csv", {"x", "y"}), Json("z/deep/a", {"k", "v"})}),
              ElementsAre("cars/", "vans/", "z/"));
}

TEST(TableGroupingTest, FilesThatDifferAreTablesOfTheirOwn) {
  const TableGrouping grouping = GroupIntoTables(
      {Csv("a.csv", {"k", "v"}), Json("b.json", {"k", "v"}), Csv("c/d.csv", {"k", "v"})},
      {});
  EXPECT_THAT(PathsOf(grouping), ElementsAre("a.csv", "b.json", "c/"));
  ASSERT_EQ(grouping.splits.size(), 1U);
  EXPECT_EQ(grouping.splits[0].path, "");
  EXPECT_THAT(grouping.splits[0].reason, HasSubstr("files a.csv and b.json"));
}

TEST(TableGroupingTest, CsvHasToHaveTheSameColumnsInTheSameOrder) {
  EXPECT_THAT(TablesOf({Csv("a.csv", {"k", "v"}), Csv("b.csv", {"v", "k"})}),
              ElementsAre("a.csv", "b.csv"));
  EXPECT_THAT(TablesOf({Csv("a.csv", {"a", "b", "c", "d"}),
                        Csv("b.csv", {"a", "b", "c", "d", "e"})}),
              ElementsAre("a.csv", "b.csv"));
}

TEST(TableGroupingTest, JsonHasToShareMoreThanSevenInTenColumns) {
  const Names ten{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
  Names eight(ten.begin(), ten.begin() + 8);
  Names seven(ten.begin(), ten.begin() + 7);
  EXPECT_THAT(TablesOf({Json("1", ten), Json("2", eight)}), ElementsAre("/"));
  EXPECT_THAT(TablesOf({Json("1", ten), Json("2", seven)}), ElementsAre("1", "2"));
}

TEST(TableGroupingTest, FiveSetsOfColumnsAreTheMost) {
  const Names base{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
  std::vector<ShapedFile> files;
  for (int i = 0; i < 5; ++i) {
    Names names = base;
    names.push_back("only" + std::to_string(i));
    files.push_back(Json("file" + std::to_string(i), names));
  }
  EXPECT_THAT(TablesOf(files), ElementsAre("/"));
  files.push_back(Json("file5", base));
  EXPECT_EQ(TablesOf(files).size(), 6U);
}

TEST(TableGroupingTest, ParquetColumnsAreThoseOfAllFilesAndHaveOneType) {
  const auto parquet = [](const char* path, const Names& names, TypeId type) {
    return Shaped(FileFormat::kParquet, path, names, type);
  };
  const std::vector<ShapedFile> files{
      parquet("1", {"a", "b", "c", "d"}, TypeId::kLong),
      parquet("2", {"a", "B", "c", "e", "d"}, TypeId::kLong)};
  const TableGrouping grouping = GroupIntoTables(files, {});
  ASSERT_EQ(grouping.tables.size(), 1U);
  std::string names;
  for (const Field& field : grouping.tables[0].columns.fields) {
    names += field.name + " ";
  }
  EXPECT_EQ(names, "a b c d e ");
  const std::vector<size_t> both{0, 1};
  EXPECT_THAT(
      AgreeOnTable(
          "", {parquet("1", {"a"}, TypeId::kLong), parquet("2", {"a"}, TypeId::kInteger)},
          both),
      FailsWith(ErrorCode::kBadInput,
                HasSubstr("column a is bigint in one and int in the other")));
}

TEST(TableGroupingTest, FoldersBelowATableAreItsPartitions) {
  const TableGrouping grouping = GroupIntoTables(
      {Csv("y=1/x/a.csv", {"k", "v"}), Csv("y=2/x/b.csv", {"k", "v"})}, {});
  ASSERT_EQ(grouping.tables.size(), 1U);
  EXPECT_THAT(grouping.tables[0].layout.keys, ElementsAre("y", "partition_0"));
  EXPECT_EQ(grouping.tables[0].layout.partitions.size(), 2U);
}

TEST(TableGroupingTest, PartitionsThatDifferMakeTheFolderNoTable) {
  EXPECT_THAT(TablesOf({Csv("y=1/a.csv", {"k", "v"}), Csv("y=2/m=3/b.csv", {"k", "v"})}),
              ElementsAre("y=1/", "y=2/"));
}

TEST(TableGroupingTest, NoTableIsMadeAroundOneThatIsThere) {
  const std::vector<ShapedFile> files{Csv("c/x=1/a.csv", {"k", "v"}),
                                      Csv("c/x=2/a.csv", {"k", "v"})};
  EXPECT_THAT(PathsOf(GroupIntoTables(files, {"a", "b"})), ElementsAre("c/"));
  EXPECT_THAT(PathsOf(GroupIntoTables(files, {"c/x=1"})),
              ElementsAre("c/x=1/a.csv", "c/x=2/"));
  EXPECT_THAT(PathsOf(GroupIntoTables(files, {"cc"})), ElementsAre("c/"));
}

}  // namespace
}  // namespace partita
