#include "partita/job/source.h"

#include <map>
#include <string>
#include <vector>

#include <arrow/io/interfaces.h>

#include "partita/store/memory_store.h"

#include "support/compressed_text.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SourceTest : public ::testing::Test {
 protected:
  void Put(const std::string& path, const std::string& text) {
    PARTITA_TEST_ASSIGN(const auto file, store_.Create(path, {.make_parents = true}));
    ASSERT_THAT(file->Write(text), IsOk());
    ASSERT_THAT(file->Close(), IsOk());
  }

  arrow::Result<Source> Resolve(const InputSpec& input,
                                std::vector<std::string> partition_by = {}) {
    return ResolveSource(
        &store_, input,
        {.partition_by = std::move(partition_by), .threads = 2, .progress = &progress_});
  }

  arrow::Result<Source> ResolvePath(const std::string& path) {
    return Resolve({.paths = {path}});
  }

  MemoryStore store_;
  ProgressMeter progress_{nullptr};
};

std::vector<std::string> NamesOf(const Schema& schema) {
  std::vector<std::string> names;
  for (const Field& field : schema.fields) {
    names.push_back(field.name);
  }
  return names;
}

TEST_F(SourceTest, OnlyPlainCsvIsForTheCsvScan) {
  Put("/csv/a.csv", "k,v\n1,2\n");
  Put("/json/a.json", "{\"k\":1,\"v\":2}\n");
  Put("/hive/h=1/a.csv", "1,2\n");
  Put("/gzip/a.csv.gz", Compressed(Compression::kGzip, "k,v\n1,2\n"));
  EXPECT_FALSE(ResolvePath("/csv").ValueOrDie().scan.has_value());
  for (const char* path : {"/json", "/hive", "/gzip"}) {
    PARTITA_TEST_ASSIGN(const Source source, ResolvePath(path));
    EXPECT_TRUE(source.scan.has_value()) << path;
    EXPECT_EQ(source.files.size(), 1) << path;
  }
  EXPECT_EQ(ResolvePath("/json").ValueOrDie().read_as, "JSON: 2 columns");
  PARTITA_TEST_ASSIGN(const Source hive, ResolvePath("/hive"));
  EXPECT_THAT(NamesOf(hive.schema), ElementsAre("_c0", "_c1", "h"));
  EXPECT_THAT(hive.read_as, HasSubstr("1 more from folder names"));
}

TEST_F(SourceTest, OnlyTheColumnsOfTheWriteAreRead) {
  Put("/t/a.json", "{\"A\":1,\"b\":{\"nested\":1},\"c\":3,\"d\":4,\"e\":5}\n");
  PARTITA_TEST_ASSIGN(
      const Source source,
      Resolve({.paths = {"/t"}, .where = "c > 0", .select = {"a"}}, {"D", "unknown"}));
  EXPECT_THAT(NamesOf(source.schema), ElementsAre("A", "c", "d"));
  EXPECT_THAT(Resolve({.paths = {"/t"}, .select = {"x"}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("called x")));
}

TEST_F(SourceTest, PartitionsThatTheConditionRulesOutAreNotRead) {
  Put("/t/h=1/a.json", "{\"v\":1}\n");
  Put("/t/h=2/a.json", "no JSON");
  PARTITA_TEST_ASSIGN(const Source source,
                      Resolve({.paths = {"/t"}, .where = "h < 2 AND v = 1"}));
  EXPECT_EQ(source.files.size(), 1);
  EXPECT_THAT(NamesOf(source.schema), ElementsAre("v", "h"));
}

TEST_F(SourceTest, AFolderColumnWithoutAValueIsText) {
  Put("/t/h=__HIVE_DEFAULT_PARTITION__/a.json", "{\"v\":1}\n");
  PARTITA_TEST_ASSIGN(const Source source, ResolvePath("/t"));
  EXPECT_EQ(source.schema.fields[1].type.id, TypeId::kString);
}

TEST_F(SourceTest, AChangeOfTheFilesIsNoticed) {
  Put("/t/h=1/a.json", "{\"v\":1}\n");
  const InputSpec input{.paths = {"/t"}};
  PARTITA_TEST_ASSIGN(const Source source, Resolve(input));
  EXPECT_THAT(CheckSourceUnchanged(&store_, input, source), IsOk());
  Put("/t/h=1/b.json", "{\"v\":2}\n");
  EXPECT_THAT(CheckSourceUnchanged(&store_, input, source),
              FailsWith(ErrorCode::kBadInput, HasSubstr("/t/h=1/b.json")));
}

}  // namespace
}  // namespace partita
