#include "partita/commit/target.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
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
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Fifty years of two makes each.
class TargetTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (int year = 1950; year < 2000; ++year) {
      for (const std::string make : {"A", "B"}) {
        WriteTextFile(Path(year, make), "rows");
      }
    }
  }

  std::string Path(int year, const std::string& make) const {
    return folder_ / ("Year=" + std::to_string(year) + "/Make=" + make + "/part-0");
  }

  // The same with and without threads, or the test fails.
  TargetState Look(Foreign foreign = Foreign::kListed) {
    return SameOnThreads<TargetState>([&](const SideBySide& run) {
      return LookAtTarget(&store_, folder_.path(), foreign, run);
    });
  }

  TempFolder folder_;
  LocalStore store_;
};

TEST_F(TargetTest, AFileAddedRemovedRenamedOrChangedIsNoticed) {
  const std::string file = Path(1970, "B");
  const std::vector<std::pair<std::string, std::function<void()>>> changes = {
      {"none", [] {}},
      {"added", [&] { WriteTextFile(file + "1", "rows"); }},
      {"renamed", [&] { fs::rename(file + "1", file + "2"); }},
      {"removed", [&] { fs::remove(file + "2"); }},
      {"longer", [&] { WriteTextFile(file, "rows and rows"); }},
      {"touched",
       [&] {
         fs::last_write_time(file,
                             fs::file_time_type::clock::now() + std::chrono::hours(1));
       }},
      {"replaced by the like",
       [&] {
         fs::copy_file(file, file + "1");
         fs::last_write_time(file + "1", fs::last_write_time(file));
         fs::rename(file + "1", file);
       }},
      {"folder added", [&] { fs::create_directory(folder_ / "Year=1970/Make=C"); }},
      {"folder moved", [&] { fs::rename(folder_ / "Year=1970", folder_ / "Year=1900"); }},
  };
  TargetState before = Look();
  for (const auto& [what, change] : changes) {
    change();
    const TargetState after = Look();
    EXPECT_EQ(after == before, what == "none") << what;
    before = after;
  }
}

TEST_F(TargetTest, ChangesUndoneAreNone) {
  const TargetState before = Look();
  fs::rename(folder_ / "Year=1970", folder_ / "Year=1900");
  fs::rename(folder_ / "Year=1900", folder_ / "Year=1970");
  EXPECT_TRUE(Look() == before);
}

TEST_F(TargetTest, TheFirstForeignEntriesAreNamedInByteOrder) {
  EXPECT_THAT(Look().foreign, IsEmpty());
  for (int year = 1999; year >= 1950; year -= 7) {
    WriteTextFile(folder_ / ("Year=" + std::to_string(year) + "/Make=A/notes.txt"), "x");
  }
  WriteTextFile(folder_ / "deep/notes.txt", "x");
  EXPECT_THAT(Look().foreign,
              ElementsAre("Year=1950/Make=A/notes.txt", "Year=1957/Make=A/notes.txt",
                          "Year=1964/Make=A/notes.txt", "Year=1971/Make=A/notes.txt",
                          "Year=1978/Make=A/notes.txt"));
}

TEST_F(TargetTest, ForeignFoldersAreLookedIntoOnlyWhereAskedFor) {
  WriteTextFile(folder_ / "deep/notes.txt", "x");
  EXPECT_THAT(Look(Foreign::kNamed).foreign, ElementsAre("deep"));
  EXPECT_THAT(Look(Foreign::kListed).foreign, ElementsAre("deep", "deep/notes.txt"));
}

TEST_F(TargetTest, AFolderRemovedMeanwhileIsAnError) {
  const auto run = [&](int count, const std::function<arrow::Status()>& work) {
    fs::remove_all(folder_ / "Year=1950");
    return OnThreads(count, work);
  };
  EXPECT_THAT(LookAtTarget(&store_, folder_.path(), Foreign::kListed, run),
              FailsWith(ErrorCode::kNotFound, testing::_));
}

}  // namespace
}  // namespace partita
