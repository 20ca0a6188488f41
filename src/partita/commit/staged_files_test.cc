#include "partita/commit/staged_files.h"

#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

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
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr size_t kAllFolders = std::numeric_limits<size_t>::max();

const SideBySide kRuns[] = {SideBySide(), SideBySide(&OnThreads)};

// A hundred years of three makes each, and a file that lies in no folder.
class StagedFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    MakeFile("loose", 3);
    for (int year = 1900; year < 2000; ++year) {
      for (const std::string make : {"A", "B", "C"}) {
        MakeFile("Year=" + std::to_string(year) + "/Make=" + make + "/part-0", year);
      }
    }
  }

  void MakeFile(const std::string& path, int64_t bytes) {
    files_.Add({.path = path, .num_rows = 0, .bytes = bytes});
    made_.Add(path);
    fs::create_directories(fs::path(folder_ / path).parent_path());
    std::ofstream(folder_ / path) << std::string(static_cast<size_t>(bytes), 'x');
  }

  // The same with and without threads, or the test fails.
  bool AllLie() {
    return SameOnThreads<bool>([&](const SideBySide& run) {
      return AllLieBelow(&store_, folder_.path(), files_, run);
    });
  }

  TempFolder folder_;
  LocalStore store_;
  DataFileList files_;
  MadeFiles made_;
};

TEST_F(StagedFilesTest, EachFileHasToLieAtItsPathWithItsSize) {
  const std::string file = folder_ / "Year=1950/Make=B/part-0";
  EXPECT_TRUE(AllLie());
  fs::resize_file(file, 1);
  EXPECT_FALSE(AllLie());
  fs::resize_file(file, 1950);
  EXPECT_TRUE(AllLie());
  fs::rename(file, file + "1");
  EXPECT_FALSE(AllLie());
  fs::create_symlink(file + "1", file);
  EXPECT_FALSE(AllLie());
  fs::remove(file);
  fs::rename(file + "1", file);
  EXPECT_TRUE(AllLie());
  fs::remove_all(folder_ / "Year=1950");
  EXPECT_FALSE(AllLie());
}

TEST_F(StagedFilesTest, AFileThatCannotBeLookedAtIsAnError) {
  fs::remove(folder_ / "Year=1950/Make=B/part-0");
  fs::create_symlink("loop", folder_ / "Year=1950/Make=A/loop");
  files_.Add({.path = "Year=1950/Make=A/loop/part-0"});
  for (const SideBySide& run : kRuns) {
    EXPECT_THAT(AllLieBelow(&store_, folder_.path(), files_, run),
                FailsWith(ErrorCode::kStoreUnavailable, testing::HasSubstr("loop")));
  }
}

TEST_F(StagedFilesTest, WhatWasMadeIsKnownInAnyOrder) {
  EXPECT_TRUE(made_.Are(files_));
  files_.SortByPath();
  EXPECT_TRUE(made_.Are(files_));
}

TEST_F(StagedFilesTest, AFileTooManyTooFewOrOfAnotherNameIsNoticed) {
  DataFileList too_many = files_;
  too_many.Add({.path = "more"});
  EXPECT_FALSE(made_.Are(too_many));
  MakeFile("made", 1);
  EXPECT_FALSE(made_.Are(too_many));
  MadeFiles more;
  for (const DataFile& file : files_) {
    more.Add(file.path);
  }
  EXPECT_TRUE(more.Are(files_));
  more.Add("one more");
  EXPECT_FALSE(more.Are(files_));
}

TEST_F(StagedFilesTest, FoldersAreThoseOfFilesAndThoseAbove) {
  const DataFileList files = {{.path = "b=1/c=2/part-0"},
                              {.path = "a"},
                              {.path = "b=1/c=1/part-0"},
                              {.path = "b=1/c=2/part-1"},
                              {.path = "b/c/d/e"}};
  EXPECT_THAT(FoldersOf(files, kAllFolders),
              ElementsAre("", "b", "b/c", "b/c/d", "b=1", "b=1/c=1", "b=1/c=2"));
  EXPECT_THAT(FoldersOf({}, kAllFolders), ElementsAre(""));
}

TEST_F(StagedFilesTest, NoMoreFoldersAreNamedThanAskedFor) {
  EXPECT_THAT(FoldersOf(files_, kAllFolders), SizeIs(401));
  EXPECT_THAT(FoldersOf(files_, 150), SizeIs(150));
}

}  // namespace
}  // namespace partita
