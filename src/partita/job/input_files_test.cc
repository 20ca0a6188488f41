#include "partita/job/input_files.h"

#include <filesystem>

#include "partita/commit/dataset_transaction.h"
#include "partita/store/faulty_object_store.h"
#include "partita/store/local_store.h"
#include "partita/store/memory_object_store.h"

#include "support/dataset_jobs.h"
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

TEST(ListInputFilesTest, ALinkToNothingAmongCommittedFilesIsNamed) {
  TempFolder folder;
  LocalStore store;
  PARTITA_TEST_ASSIGN(auto job, DatasetTransaction::Begin(&store, folder / "out", {}));
  ASSERT_THAT(StageFiles(job.get(), {{"k=1/part-0.json", "{}"}}), IsOk());
  ASSERT_THAT(job->Commit(), IsOk());
  job->CleanUp();
  std::filesystem::create_symlink("/no/such/file", folder / "out/k=1/part-1.json");
  EXPECT_THAT(ListInputFiles(&store, folder / "out"),
              FailsWith(ErrorCode::kBadInput, HasSubstr("neither a file nor a folder")));
}

TEST(ListInputFilesTest, AMissingPathIsNotFound) {
  LocalStore store;
  EXPECT_THAT(ListInputFiles(&store, "/no/such/file.csv"),
              FailsWith(ErrorCode::kNotFound, HasSubstr("/no/such/file.csv")));
}

class ObjectInputTest : public ::testing::Test {
 protected:
  void Put(const std::string& path, const std::string& text) {
    ASSERT_THAT(store_.Put(path, text, {}), IsOk());
  }

  MemoryObjectStore store_;
};

TEST_F(ObjectInputTest, AFolderGivesItsObjectsInPathOrderWithoutHiddenOnesAndMarkers) {
  for (const char* key : {"b.csv", "a.csv", "sub/c.csv", "_SUCCESS", ".hidden/y.csv",
                          "_k=1/z.csv", "sub/", "sub_$folder$", "a/x.csv"}) {
    Put(std::string("s3://lake/in/") + key, "x");
  }
  for (const char* root : {"s3://lake/in", "s3a://lake/in/"}) {
    PARTITA_TEST_ASSIGN(const auto files, ListInputFiles(&store_, root));
    std::vector<std::string> paths;
    for (const InputFileInfo& file : files) {
      EXPECT_EQ(file.location, file.path);
      paths.push_back(file.path.substr(std::string("s3://lake/in/").size()));
    }
    EXPECT_THAT(paths,
                ElementsAre("_k=1/z.csv", "a.csv", "a/x.csv", "b.csv", "sub/c.csv"));
  }
}

TEST_F(ObjectInputTest, ObjectsAreNotLookedAtOneByOne) {
  for (const char* key : {"k=1/a.csv", "k=2/a.csv", "k=3/a.csv"}) {
    Put(std::string("s3://lake/in/") + key, "x");
  }
  FaultyObjectStore counted(&store_);
  PARTITA_TEST_ASSIGN(const auto files, ListInputFiles(&counted, "s3://lake/in"));
  const int64_t for_three = counted.num_calls();
  for (int i = 4; i < 50; ++i) {
    Put("s3://lake/in/k=" + std::to_string(i) + "/a.csv", "x");
  }
  FaultyObjectStore counted_again(&store_);
  PARTITA_TEST_ASSIGN(const auto more, ListInputFiles(&counted_again, "s3://lake/in"));
  EXPECT_EQ(more.size(), files.size() + 46);
  EXPECT_EQ(counted_again.num_calls(), for_three);
}

TEST_F(ObjectInputTest, OnlyFoldersThatAreWantedAreListed) {
  Put("s3://lake/in/k=1/a.csv", "x");
  Put("s3://lake/in/k=2/a.csv", "x");
  PARTITA_TEST_ASSIGN(const auto files, ListInputFiles(&store_, "s3://lake/in",
                                                       [](std::string_view folder) {
                                                         return folder == "k=2";
                                                       }));
  ASSERT_EQ(files.size(), 1);
  EXPECT_EQ(files[0].path, "s3://lake/in/k=2/a.csv");
  EXPECT_THAT(OpenInputFile(&store_, files[0]), IsOk());
}

TEST_F(ObjectInputTest, AnObjectThatIsReplacedIsNoticedThoughItLooksTheSame) {
  Put("s3://lake/in/a.csv", "x");
  PARTITA_TEST_ASSIGN(const auto files, ListInputFiles(&store_, "s3://lake/in"));
  EXPECT_THAT(CheckUnchanged(&store_, {"s3://lake/in"}, files), IsOk());
  Put("s3://lake/in/a.csv", "y");
  EXPECT_THAT(CheckUnchanged(&store_, {"s3://lake/in"}, files),
              FailsWith(ErrorCode::kBadInput, HasSubstr("s3://lake/in/a.csv")));
  EXPECT_THAT(OpenInputFile(&store_, files[0]),
              FailsWith(ErrorCode::kBadInput, HasSubstr("s3://lake/in/a.csv")));
}

TEST_F(ObjectInputTest, AFirstCommitThatIsNotOverIsNotTakenForNoData) {
  constexpr char kPlace[] = "s3://lake/in";
  for (const std::string_view died_at : {"complete upload", "remove objects"}) {
    MemoryObjectStore store;
    FaultyObjectStore dying(&store);
    {
      PARTITA_TEST_ASSIGN(auto job, DatasetTransaction::Begin(&dying, kPlace, {}));
      ASSERT_THAT(StageFiles(job.get(), {{"k=1/part-0.json", "{}"}}), IsOk());
      dying.set_on_call([&](int64_t, std::string_view call) {
        if (call == died_at) {
          dying.SetFault(Fault::kDie, 1);
        }
      });
      (void)job->Commit();
      job->CleanUp();
    }
    const auto files = ListInputFiles(&store, kPlace);
    if (died_at == "complete upload") {
      EXPECT_THAT(files, FailsWith(ErrorCode::kCommitConflict,
                                   HasSubstr("`partita recover s3://lake/in`")));
    } else {
      EXPECT_THAT(files, IsOk());
    }
  }
}

TEST_F(ObjectInputTest, ADataSetWithoutRowsIsOneAlsoWhileItIsReplaced) {
  constexpr char kPlace[] = "s3://lake/in";
  MemoryObjectStore store;
  PARTITA_TEST_ASSIGN(auto first, DatasetTransaction::Begin(&store, kPlace, {}));
  ASSERT_THAT(StageFiles(first.get(), {}), IsOk());
  ASSERT_THAT(first->Commit(), IsOk());
  first->CleanUp();
  FaultyObjectStore dying(&store);
  PARTITA_TEST_ASSIGN(auto second, DatasetTransaction::Begin(
                                       &dying, kPlace, {.mode = SaveMode::kOverwrite}));
  ASSERT_THAT(StageFiles(second.get(), {{"k=1/part-0.json", "{}"}}), IsOk());
  dying.set_on_call([&](int64_t, std::string_view call) {
    if (call == "complete upload") {
      dying.SetFault(Fault::kDie, 1);
    }
  });
  ASSERT_FALSE(second->Commit().ok());
  PARTITA_TEST_ASSIGN(const auto files, ListInputFiles(&store, kPlace));
  EXPECT_TRUE(files.empty());
}

TEST_F(ObjectInputTest, AMissingPathIsNotFound) {
  EXPECT_THAT(ListInputFiles(&store_, "s3://lake/no"),
              FailsWith(ErrorCode::kNotFound, HasSubstr("s3://lake/no")));
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
