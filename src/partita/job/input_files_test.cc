#include "partita/job/input_files.h"

#include <filesystem>

#include "partita/store/local_store.h"

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> PathsBelow(const TempFolder& folder,
                                    const std::vector<InputFileInfo>& files) {
  std::vector<std::string> paths;
  for (const InputFileInfo& file : files) {
    paths.push_back(file.path.substr(folder.path().size() + 1));
  }
  return paths;
}

TEST(ListInputFilesTest, AFolderGivesItsFilesInPathOrderWithoutHiddenOnes) {
  TempFolder folder;
  for (const char* name :
       {"b.csv", "a.csv", "sub/c.csv", "_SUCCESS", ".a.csv.crc", "_tmp/x.csv",
        ".hidden/y.csv", "_k=1/z.csv", "d.csv._COPYING_"}) {
    WriteTextFile(folder / name, "x");
  }
  LocalStore store;
  PARTITA_TEST_ASSIGN(const auto files, ListInputFiles(&store, folder.path()));
  EXPECT_THAT(PathsBelow(folder, files),
              ElementsAre("_k=1/z.csv", "a.csv", "b.csv", "sub/c.csv"));
}

TEST(ListInputFilesTest, LinksAreFollowedButNotInCircles) {
  TempFolder folder;
  WriteTextFile(folder / "real.csv", "x");
  std::filesystem::create_directory(folder / "in");
  std::filesystem::create_symlink(folder / "real.csv", folder / "in/link.csv");
  LocalStore store;
  PARTITA_TEST_ASSIGN(const auto files, ListInputFiles(&store, folder / "in"));
  EXPECT_THAT(PathsBelow(folder, files), ElementsAre("real.csv"));
  std::filesystem::create_directory_symlink(folder.path(), folder / "in/up");
  EXPECT_THAT(ListInputFiles(&store, folder / "in"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("leads back")));
}

TEST(ListInputFilesTest, AMissingPathIsNotFound) {
  LocalStore store;
  EXPECT_THAT(ListInputFiles(&store, "/no/such/file.csv"),
              FailsWith(ErrorCode::kNotFound, HasSubstr("/no/such/file.csv")));
}

TEST(CheckUnchangedTest, AFileThatGrewIsNamed) {
  TempFolder folder;
  WriteTextFile(folder / "a.csv", "x\n");
  LocalStore store;
  PARTITA_TEST_ASSIGN(const auto files, ListInputFiles(&store, folder / "a.csv"));
  const std::vector<std::string> roots = {folder / "a.csv"};
  EXPECT_THAT(CheckUnchanged(&store, roots, files), IsOk());
  WriteTextFile(folder / "a.csv", "x\ny\n");
  EXPECT_THAT(CheckUnchanged(&store, roots, files),
              FailsWith(ErrorCode::kBadInput, HasSubstr("a.csv")));
}

TEST(CheckUnchangedTest, AFileThatWasAddedOrRemovedIsNamed) {
  TempFolder folder;
  WriteTextFile(folder / "a.csv", "x\n");
  LocalStore store;
  PARTITA_TEST_ASSIGN(const auto files, ListInputFiles(&store, folder.path()));
  WriteTextFile(folder / "b.csv", "y\n");
  EXPECT_THAT(CheckUnchanged(&store, {folder.path()}, files),
              FailsWith(ErrorCode::kBadInput, HasSubstr("b.csv")));
  std::filesystem::remove(folder / "b.csv");
  EXPECT_THAT(CheckUnchanged(&store, {folder.path()}, files), IsOk());
  std::filesystem::remove(folder / "a.csv");
  EXPECT_THAT(CheckUnchanged(&store, {folder.path()}, files),
              FailsWith(ErrorCode::kBadInput, HasSubstr("a.csv")));
}

}  // namespace
}  // namespace partita
