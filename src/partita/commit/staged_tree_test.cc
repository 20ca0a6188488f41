#include "partita/commit/staged_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/error.h"
#include "partita/store/local_store.h"

#include "support/side_by_side.h"
#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

namespace fs = std::filesystem;
using ::testing::UnorderedElementsAreArray;

constexpr size_t kAllFolders = std::numeric_limits<size_t>::max();

// A hundred years of three makes each, and a file that lies in no folder.
class StagedTreeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    AddFile("loose", 3);
    for (int year = 1900; year < 2000; ++year) {
      for (const std::string make : {"A", "B", "C"}) {
        AddFile("Year=" + std::to_string(year) + "/Make=" + make + "/part-0", year);
      }
    }
  }

  void AddFile(const std::string& path, int64_t bytes) {
    files_.Add(path, bytes);
    for (fs::path parent = path; !parent.empty(); parent = parent.parent_path()) {
      const std::string folder = parent.parent_path();
      if (!std::ranges::count(folders_, folder)) {
        folders_.push_back(folder);
      }
    }
    fs::create_directories(fs::path(folder_ / path).parent_path());
    std::ofstream(folder_ / path) << std::string(static_cast<size_t>(bytes), 'x');
  }

  arrow::Result<StagedTree> Look(size_t most_folders, const SideBySide& run) {
    return LookAtStagedTree(&store_, folder_.path(), most_folders, run);
  }

  TempFolder folder_;
  LocalStore store_;
  FileSetPrint files_;
  std::vector<std::string> folders_;
};

TEST_F(StagedTreeTest, HoldsTheSameHoweverManyThreadsListIt) {
  for (const SideBySide& run : {SideBySide(), SideBySide(&OnThreads)}) {
    PARTITA_TEST_ASSIGN(const StagedTree tree, Look(kAllFolders, run));
    EXPECT_TRUE(tree.files == files_);
    EXPECT_EQ(tree.num_folders, 401);
    EXPECT_THAT(tree.folders, UnorderedElementsAreArray(folders_));
  }
}

TEST_F(StagedTreeTest, NamesNoMoreFoldersThanAskedForAndCountsThemAll) {
  for (const SideBySide& run : {SideBySide(), SideBySide(&OnThreads)}) {
    PARTITA_TEST_ASSIGN(const StagedTree tree, Look(150, run));
    EXPECT_TRUE(tree.files == files_);
    EXPECT_EQ(tree.num_folders, 401);
    EXPECT_EQ(tree.folders.size(), 150);
  }
}

TEST_F(StagedTreeTest, DiffersWhereAFileIsMissingAddedRenamedOrOfAnotherSize) {
  const std::string file = folder_ / "Year=1950/Make=B/part-0";
  const auto differs = [&] {
    const auto tree = Look(kAllFolders, &OnThreads);
    return tree.ok() && tree->files != files_;
  };
  fs::resize_file(file, 1);
  EXPECT_TRUE(differs());
  fs::resize_file(file, 1950);
  EXPECT_FALSE(differs());
  fs::rename(file, file + "1");
  EXPECT_TRUE(differs());
  fs::copy_file(file + "1", file);
  EXPECT_TRUE(differs());
  fs::remove(file + "1");
  EXPECT_FALSE(differs());
  fs::remove(file);
  EXPECT_TRUE(differs());
}

TEST_F(StagedTreeTest, AFolderThatCannotBeListedIsAnError) {
  const auto run = [&](int count, const std::function<arrow::Status()>& work) {
    fs::remove_all(folder_ / "Year=1950");
    return OnThreads(count, work);
  };
  EXPECT_THAT(Look(kAllFolders, run), FailsWith(ErrorCode::kNotFound, testing::_));
}

}  // namespace
}  // namespace partita
