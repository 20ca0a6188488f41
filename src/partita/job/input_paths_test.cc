#include "partita/job/input_paths.h"

#include <filesystem>
#include <string>
#include <vector>

#include "partita/base/error.h"
#include "partita/store/local_store.h"
#include "partita/store/memory_object_store.h"

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LocalPathsTest : public ::testing::Test {
 protected:
  std::vector<std::string> Expanded(const std::string& below) {
    auto paths = ExpandPaths(&store_, {folder_ / below});
    EXPECT_THAT(paths, IsOk());
    std::vector<std::string> names;
    for (const std::string& path : paths.ValueOr({})) {
      names.push_back(path.substr(folder_.path().size() + 1));
    }
    return names;
  }

  void Put(const std::string& below) { WriteTextFile(folder_ / below, "k,v\n1,2\n"); }

  TempFolder folder_;
  LocalStore store_;
};

TEST_F(LocalPathsTest, AreThoseThatMatchInPathOrder) {
  for (const char* name : {"in/2024-02/b.csv", "in/2024-01/a.csv", "in/2024-01/b.json",
                           "in/2023-01/a.csv", "in/2024.csv"}) {
    Put(name);
  }
  EXPECT_THAT(Expanded("in/2024-*/*.csv"),
              ElementsAre("in/2024-01/a.csv", "in/2024-02/b.csv"));
  EXPECT_THAT(Expanded("in/2024-*"), ElementsAre("in/2024-01", "in/2024-02"));
  EXPECT_THAT(Expanded("in/*/a.csv"),
              ElementsAre("in/2023-01/a.csv", "in/2024-01/a.csv"));
  EXPECT_THAT(Expanded("in/202[3-4]-0?/{a,b}.csv"),
              ElementsAre("in/2023-01/a.csv", "in/2024-01/a.csv", "in/2024-02/b.csv"));
  EXPECT_THAT(Expanded("in/{2024-02/b,2024-01/a,2024-01/a}.csv"),
              ElementsAre("in/2024-01/a.csv", "in/2024-02/b.csv"));
  EXPECT_THAT(Expanded("in/{2024,2025,2026}.csv"), ElementsAre("in/2024.csv"));
  EXPECT_THAT(Expanded("in/none"), ElementsAre("in/none"));
}

TEST_F(LocalPathsTest, HiddenNamesMatchOnlyWhereTheyAreMeant) {
  for (const char* name : {"a.csv", "_b.csv", ".c.csv", "_h=1/x.csv"}) {
    Put(name);
  }
  EXPECT_THAT(Expanded("*"), ElementsAre("_h=1", "a.csv"));
  EXPECT_THAT(Expanded("_*"), ElementsAre("_b.csv", "_h=1"));
  EXPECT_THAT(Expanded(".*"), ElementsAre(".c.csv"));
}

TEST_F(LocalPathsTest, APathThatIsThereIsNoPattern) {
  for (const char* name : {"[ab].csv", "a.csv", "b*/x.csv", "bb/x.csv"}) {
    Put(name);
  }
  EXPECT_THAT(Expanded("[ab].csv"), ElementsAre("[ab].csv"));
  EXPECT_THAT(Expanded("b*"), ElementsAre("b*"));
  EXPECT_THAT(Expanded("b\\*/*.csv"), ElementsAre("b*/x.csv"));
  EXPECT_THAT(Expanded("b\\b/x.csv"), ElementsAre("bb/x.csv"));
  EXPECT_THAT(Expanded("b*/?.csv"), ElementsAre("b*/x.csv", "bb/x.csv"));
}

TEST_F(LocalPathsTest, LinksToFoldersAreGoneThrough) {
  Put("real/a.csv");
  std::filesystem::create_directory_symlink(folder_ / "real", folder_ / "link");
  EXPECT_THAT(Expanded("li*/*.csv"), ElementsAre("link/a.csv"));
}

TEST_F(LocalPathsTest, APatternThatNothingMatchesIsNotFound) {
  Put("a.csv");
  EXPECT_THAT(ExpandPaths(&store_, {folder_ / "*.json"}),
              FailsWith(ErrorCode::kNotFound, HasSubstr("*.json")));
  EXPECT_THAT(ExpandPaths(&store_, {folder_ / "a.csv/*"}),
              FailsWith(ErrorCode::kNotFound, HasSubstr("a.csv/*")));
  EXPECT_THAT(ExpandPaths(&store_, {folder_ / "{a.csv"}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("{a.csv")));
}

TEST(ObjectPathsTest, AreThoseThatMatch) {
  MemoryObjectStore store;
  for (const char* path : {"s3://lake/in/2024-01/a.csv", "s3://lake/in/2024-02/b.csv",
                           "s3://lake/in/2023/c.csv", "s3://lake/in/x*.csv"}) {
    ASSERT_THAT(store.Put(path, "k,v\n", {}), IsOk());
  }
  PARTITA_TEST_ASSIGN(const auto paths,
                      ExpandPaths(&store, {"s3a://lake/in/2024-*/[ab].csv",
                                           "s3://lake/in/x*.csv", "s3://lake/*/2023/*"}));
  EXPECT_THAT(paths,
              ElementsAre("s3://lake/in/2024-01/a.csv", "s3://lake/in/2024-02/b.csv",
                          "s3://lake/in/x*.csv", "s3://lake/in/2023/c.csv"));
  EXPECT_THAT(ExpandPaths(&store, {"s3://lake/none/*"}),
              FailsWith(ErrorCode::kNotFound, HasSubstr("s3://lake/none/*")));
}

}  // namespace
}  // namespace partita
