#include "partita/commit/folder_transaction.h"

#include <filesystem>
#include <functional>
#include <string>

#include <arrow/io/interfaces.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/commit/recovery.h"
#include "partita/store/local_store.h"
#include "partita/store/memory_store.h"

#include "support/child_process.h"
#include "support/dataset_jobs.h"
#include "support/side_by_side.h"
#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using Files = DatasetFiles;
using Transaction = std::unique_ptr<DatasetTransaction>;

class FolderTransactionTest : public ::testing::Test {
 protected:
  arrow::Result<Transaction> Begin(SaveMode mode, bool force = false) {
    DatasetTransaction::Options options;
    options.mode = mode;
    options.force = force;
    options.durability = Durability::kFast;
    options.input_paths = inputs_;
    return DatasetTransaction::Begin(&store_, target_, options);
  }

  arrow::Status Write(SaveMode mode, const Files& files, bool force = false) {
    ARROW_ASSIGN_OR_RAISE(auto transaction, Begin(mode, force));
    ARROW_RETURN_NOT_OK(StageFiles(transaction.get(), files));
    ARROW_RETURN_NOT_OK(transaction->Commit());
    transaction->CleanUp();
    EXPECT_THAT(transaction->warnings(), IsEmpty());
    return arrow::Status::OK();
  }

  // What lies in the test's folder besides the target.
  std::vector<std::string> Beside() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      if (entry.path() != target_) {
        names.push_back(entry.path().filename().string());
      }
    }
    return names;
  }

  TempFolder folder_;
  LocalStore store_;
  std::string target_ = folder_ / "out";
  std::vector<std::string> inputs_;
};

const Files kOld = {{"year=1/part-0-old.csv", "old one"}, {"part-1-old.csv", "old two"}};
const Files kNew = {{"year=1/part-0-new.csv", "new one"},
                    {"year=2/make=A B/part-0-new.csv", "new two"}};

TEST_F(FolderTransactionTest, ANewTargetHoldsTheFilesAndSuccess) {
  ASSERT_THAT(Write(SaveMode::kErrorIfExists, kNew), IsOk());
  EXPECT_THAT(ReadTree(target_),
              UnorderedElementsAre(Pair("_SUCCESS", ""), Key("year=1/"), Key("year=2/"),
                                   Key("year=2/make=A B/"),
                                   Pair("year=1/part-0-new.csv", "new one"),
                                   Pair("year=2/make=A B/part-0-new.csv", "new two")));
}

TEST_F(FolderTransactionTest, OverwritingReplacesTheWholeDataSet) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOld), IsOk());
  ASSERT_THAT(Write(SaveMode::kOverwrite, kNew), IsOk());
  const auto tree = ReadTree(target_);
  EXPECT_EQ(tree.count("part-1-old.csv"), 0);
  EXPECT_EQ(tree.count("year=1/part-0-old.csv"), 0);
  EXPECT_EQ(tree.at("year=1/part-0-new.csv"), "new one");
}

TEST_F(FolderTransactionTest, TheOldDataGoesWhenCleanedUpNotWhenReplaced) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOld), IsOk());
  PARTITA_TEST_ASSIGN(auto transaction, Begin(SaveMode::kOverwrite));
  ASSERT_THAT(StageFiles(transaction.get(), kNew), IsOk());
  ASSERT_THAT(transaction->Commit(), IsOk());
  const std::string state = folder_ / ".out.partita";
  const auto old = [&state] {
    int found = 0;
    for (const auto& [path, text] : ReadTree(state)) {
      found += path.ends_with("-old.csv") ? 1 : 0;
    }
    return found;
  };
  EXPECT_TRUE(ReadTree(target_).contains("year=1/part-0-new.csv"));
  EXPECT_EQ(old(), 2);
  transaction->CleanUp();
  EXPECT_EQ(old(), 0);
  EXPECT_FALSE(fs::exists(state + "/LOCK"));
  EXPECT_THAT(transaction->Abort(), IsOk());  // too late for that
  EXPECT_TRUE(ReadTree(target_).contains("year=1/part-0-new.csv"));
}

TEST_F(FolderTransactionTest, OnlyHeadAndItsManifestStayBeside) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOld), IsOk());
  ASSERT_THAT(Write(SaveMode::kOverwrite, kNew), IsOk());
  ASSERT_THAT(Beside(), ElementsAre(".out.partita"));
  EXPECT_THAT(ReadTree(folder_ / ".out.partita"),
              UnorderedElementsAre(Key("HEAD"), Key(HasSubstr("manifest-2-"))));
}

TEST_F(FolderTransactionTest, AbortLeavesTheOldDataAndNothingElse) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOld), IsOk());
  const auto before = ReadTree(folder_.path());
  {
    PARTITA_TEST_ASSIGN(const Transaction transaction, Begin(SaveMode::kOverwrite));
    ASSERT_THAT(StageFiles(transaction.get(), kNew), IsOk());
  }
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

TEST_F(FolderTransactionTest, AbortRemovesTheFoldersMadeAboveANewTarget) {
  target_ = folder_ / "a/b/out";
  {
    PARTITA_TEST_ASSIGN(const Transaction transaction, Begin(SaveMode::kErrorIfExists));
    ASSERT_THAT(StageFiles(transaction.get(), kNew), IsOk());
  }
  EXPECT_THAT(ReadTree(folder_.path()), IsEmpty());
}

TEST_F(FolderTransactionTest, ModeErrorRefusesEvenAnEmptyFolder) {
  fs::create_directory(target_);
  EXPECT_THAT(Begin(SaveMode::kErrorIfExists),
              FailsWith(ErrorCode::kAlreadyExists, HasSubstr("--mode overwrite")));
  EXPECT_THAT(Beside(), IsEmpty());
}

TEST_F(FolderTransactionTest, ModeIgnoreLeavesAnExistingTarget) {
  WriteTextFile(target_ + "/anything", "x");
  PARTITA_TEST_ASSIGN(const Transaction transaction, Begin(SaveMode::kIgnore));
  EXPECT_TRUE(transaction->is_skipped());
  EXPECT_THAT(transaction->Stage({}), IsOk());
  EXPECT_THAT(transaction->Commit(), IsOk());
  EXPECT_THAT(ReadTree(target_), ElementsAre(Pair("anything", "x")));
  EXPECT_THAT(Beside(), IsEmpty());
}

TEST_F(FolderTransactionTest, ModeIgnoreWritesAMissingTarget) {
  ASSERT_THAT(Write(SaveMode::kIgnore, kNew), IsOk());
  EXPECT_EQ(ReadTree(target_).count("_SUCCESS"), 1);
}

TEST_F(FolderTransactionTest, AFileAsTargetIsRefused) {
  WriteTextFile(target_, "precious");
  EXPECT_THAT(Begin(SaveMode::kOverwrite),
              FailsWith(ErrorCode::kAlreadyExists, HasSubstr("is a file")));
  EXPECT_THAT(ReadTree(folder_.path()), ElementsAre(Pair("out", "precious")));
}

TEST_F(FolderTransactionTest, ALinkAsTargetIsRefusedAndResolved) {
  fs::create_directory(folder_ / "real");
  fs::create_symlink("real", target_);
  EXPECT_THAT(Begin(SaveMode::kOverwrite),
              FailsWith(ErrorCode::kAlreadyExists, HasSubstr(folder_ / "real")));
  EXPECT_TRUE(fs::is_symlink(target_));
}

TEST_F(FolderTransactionTest, ALinkAboveTheTargetIsFollowed) {
  fs::create_directory(folder_ / "real");
  fs::create_symlink("real", folder_ / "link");
  target_ = folder_ / "link/out";
  ASSERT_THAT(Write(SaveMode::kOverwrite, kNew), IsOk());
  EXPECT_TRUE(fs::exists(folder_ / "real/out/_SUCCESS"));
  EXPECT_TRUE(fs::exists(folder_ / "real/.out.partita"));
}

TEST_F(FolderTransactionTest, AFileAboveTheTargetIsRefused) {
  WriteTextFile(folder_ / "file", "precious");
  target_ = folder_ / "file/out";
  EXPECT_THAT(Begin(SaveMode::kOverwrite),
              FailsWith(ErrorCode::kAlreadyExists, HasSubstr("file")));
  EXPECT_THAT(ReadTree(folder_.path()), ElementsAre(Pair("file", "precious")));
}

TEST_F(FolderTransactionTest, WhatHoldsTheInputOrLiesInItIsRefusedThroughLinksToo) {
  WriteTextFile(folder_ / "data/in/rows.csv", "a\n");
  fs::create_symlink("data", folder_ / "alias");
  inputs_ = {folder_ / "alias/in"};
  for (const char* target : {"data", "data/in/out", "alias/in/out/"}) {
    target_ = folder_ / target;
    EXPECT_THAT(Begin(SaveMode::kOverwrite, true),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("input")))
        << target;
  }
  target_ = folder_ / "data/in-other";
  EXPECT_THAT(Begin(SaveMode::kOverwrite), IsOk());
}

TEST_F(FolderTransactionTest, ForeignFilesAreNamedAndKept) {
  WriteTextFile(target_ + "/notes.txt", "x");
  WriteTextFile(target_ + "/year=1/.hidden", "x");
  WriteTextFile(target_ + "/plans/part-0.csv", "x");
  WriteTextFile(target_ + "/part-0.csv", "x");
  const auto before = ReadTree(folder_.path());
  EXPECT_THAT(Begin(SaveMode::kOverwrite),
              FailsWith(ErrorCode::kAlreadyExists,
                        AllOf(HasSubstr("notes.txt"), HasSubstr("year=1/.hidden"),
                              HasSubstr("plans"), HasSubstr("--force"),
                              ::testing::Not(HasSubstr("part-0.csv")))));
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

TEST_F(FolderTransactionTest, ATargetThatIsTheInputIsNamedSo) {
  WriteTextFile(target_ + "/cars.csv", "x");
  inputs_ = {target_ + "/"};
  EXPECT_THAT(Begin(SaveMode::kOverwrite),
              FailsWith(ErrorCode::kAlreadyExists,
                        AllOf(HasSubstr("the job's own input"), HasSubstr("cars.csv"),
                              ::testing::Not(HasSubstr("nor Spark wrote")))));
}

TEST_F(FolderTransactionTest, ForceReplacesForeignFiles) {
  WriteTextFile(target_ + "/notes.txt", "x");
  ASSERT_THAT(Write(SaveMode::kOverwrite, kNew, true), IsOk());
  EXPECT_EQ(ReadTree(target_).count("notes.txt"), 0);
}

TEST_F(FolderTransactionTest, WhatSparkLeavesIsNotForeign) {
  for (const char* name : {"_SUCCESS", "._SUCCESS.crc", "Year=1/part-0.snappy.parquet",
                           "Year=1/.part-0.snappy.parquet.crc", "_committed_123",
                           "_started_123", "_temporary/0/_temporary/attempt_1/part-0"}) {
    WriteTextFile(target_ + "/" + name, "x");
  }
  ASSERT_THAT(Write(SaveMode::kOverwrite, {}), IsOk());
  EXPECT_THAT(ReadTree(target_), ElementsAre(Key("_SUCCESS")));
}

TEST_F(FolderTransactionTest, FilesAddedByOthersDuringTheJobAreAConflictNotALoss) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOld), IsOk());
  PARTITA_TEST_ASSIGN(const Transaction transaction, Begin(SaveMode::kOverwrite));
  ASSERT_THAT(StageFiles(transaction.get(), kNew), IsOk());
  WriteTextFile(target_ + "/year=1/part-9-late.csv", "late");
  const auto before = ReadTree(target_);
  EXPECT_THAT(transaction->Commit(),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("run the job again")));
  EXPECT_EQ(ReadTree(target_), before);
}

TEST_F(FolderTransactionTest, OnlyChangesInReplacedPartitionsAreAConflict) {
  ASSERT_THAT(Write(SaveMode::kOverwrite,
                    {{"year=1/part-0-old.csv", "a"}, {"year=7/part-0-old.csv", "b"}}),
              IsOk());
  const auto write_while = [&](const auto& others_change) {
    auto transaction = Begin(SaveMode::kOverwritePartitions).ValueOrDie();
    others_change();
    const arrow::Status staged = StageFiles(transaction.get(), kNew);
    return staged.ok() ? transaction->Commit() : staged;
  };
  const std::string touched = target_ + "/year=1/part-9-late.csv";
  EXPECT_THAT(write_while([&] { WriteTextFile(touched, "late"); }),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("year=1")));
  EXPECT_THAT(write_while([&] { WriteTextFile(touched, "later"); }),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("year=1")));
  EXPECT_THAT(write_while([&] { fs::remove(touched); }),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("year=1")));
  EXPECT_EQ(ReadTree(target_).count("year=1/part-0-new.csv"), 0);
  const std::string untouched = target_ + "/year=7/part-9-late.csv";
  EXPECT_THAT(write_while([&] { WriteTextFile(untouched, "late"); }), IsOk());
  EXPECT_EQ(ReadTree(target_).at("year=7/part-9-late.csv"), "late");
}

TEST_F(FolderTransactionTest, ACommitInFoldersThatItMadeSurvivesPowerLoss) {
  MemoryStore store;
  DatasetTransaction::Options options;
  ASSERT_THAT(RunJob(&store, "/a/b/out", options, kNew), IsOk());
  store.LosePower();
  for (const auto& [path, text] : kNew) {
    EXPECT_EQ(ReadFile(&store, "/a/b/out/" + path).ValueOr("missing"), text);
  }
  EXPECT_THAT(Recover(&store, "/a/b/out", false), IsOk());
}

TEST_F(FolderTransactionTest, ATargetMadeByOthersDuringTheJobIsKept) {
  PARTITA_TEST_ASSIGN(const Transaction transaction, Begin(SaveMode::kErrorIfExists));
  ASSERT_THAT(StageFiles(transaction.get(), kNew), IsOk());
  WriteTextFile(target_ + "/part-0.csv", "theirs");
  EXPECT_THAT(transaction->Commit(), FailsWith(ErrorCode::kCommitConflict, testing::_));
  EXPECT_THAT(ReadTree(target_), ElementsAre(Pair("part-0.csv", "theirs")));
}

TEST_F(FolderTransactionTest, ATargetRemovedByOthersDuringTheJobIsAConflict) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOld), IsOk());
  for (const SaveMode mode : {SaveMode::kOverwrite, SaveMode::kAppend}) {
    fs::create_directory(target_);
    PARTITA_TEST_ASSIGN(const Transaction transaction, Begin(mode));
    ASSERT_THAT(StageFiles(transaction.get(), kNew), IsOk());
    fs::remove_all(target_);
    EXPECT_THAT(transaction->Commit(), FailsWith(ErrorCode::kCommitConflict, testing::_));
    EXPECT_FALSE(fs::exists(target_));
  }
}

TEST_F(FolderTransactionTest, AFolderRemovedWhileTheTargetIsLookedAtIsAConflict) {
  Files many;
  for (int year = 1; year <= 20; ++year) {
    many["year=" + std::to_string(year) + "/part-0-old.csv"] = "old";
  }
  ASSERT_THAT(Write(SaveMode::kOverwrite, many), IsOk());
  bool is_staged = false;
  DatasetTransaction::Options options;
  options.mode = SaveMode::kOverwrite;
  options.durability = Durability::kFast;
  options.side_by_side = [&](int count, const std::function<arrow::Status()>& work) {
    if (is_staged) {
      fs::remove_all(target_ + "/year=3");
    }
    return OnThreads(count, work);
  };
  PARTITA_TEST_ASSIGN(const auto transaction,
                      DatasetTransaction::Begin(&store_, target_, options));
  ASSERT_THAT(StageFiles(transaction.get(), kNew), IsOk());
  is_staged = true;
  EXPECT_THAT(transaction->Commit(), FailsWith(ErrorCode::kCommitConflict, testing::_));
  EXPECT_THAT(ReadTree(target_), testing::Contains(Key("year=4/part-0-old.csv")));
}

TEST_F(FolderTransactionTest, TheSecondOfTwoLiveJobsIsToldAboutTheFirst) {
  PARTITA_TEST_ASSIGN(const Transaction first, Begin(SaveMode::kOverwrite));
  EXPECT_THAT(
      Begin(SaveMode::kOverwrite),
      FailsWith(ErrorCode::kCommitConflict, HasSubstr("/" + std::to_string(getpid()))));
  ASSERT_THAT(StageFiles(first.get(), kNew), IsOk());
  EXPECT_THAT(first->Commit(), IsOk());
}

TEST_F(FolderTransactionTest, StagingNoticesMissingAndUnexpectedFiles) {
  PARTITA_TEST_ASSIGN(const Transaction transaction, Begin(SaveMode::kOverwrite));
  PARTITA_TEST_ASSIGN(const auto file, transaction->OpenDataFile("part-0.csv"));
  ASSERT_THAT(file->Write("text", 4), IsOk());
  ASSERT_THAT(file->Close(), IsOk());
  EXPECT_THAT(transaction->Stage({}),
              FailsWith(ErrorCode::kInternal, HasSubstr("1 staged, 0 written")));
  EXPECT_THAT(transaction->Stage({{"part-0.csv", 1, 5, file->checksum()}}),
              FailsWith(ErrorCode::kInternal, HasSubstr("part-0.csv")));
}

TEST_F(FolderTransactionTest, TheNextJobRemovesADeadJobsStaging) {
  const int status = RunInChild([&] {
    auto transaction = Begin(SaveMode::kOverwrite);
    if (!transaction.ok()) {
      return ExitCodeOf(transaction.status());
    }
    DatasetTransaction* never_destroyed = transaction->release();
    return ExitCodeOf(StageFiles(never_destroyed, kOld));
  });
  ASSERT_EQ(status, 0);
  ASSERT_TRUE(fs::exists(folder_ / ".out.partita/LOCK"));
  ASSERT_THAT(Write(SaveMode::kErrorIfExists, kNew), IsOk());
  EXPECT_THAT(ReadTree(folder_ / ".out.partita"),
              UnorderedElementsAre(Key("HEAD"), Key(HasSubstr("manifest-1-"))));
}

TEST_F(FolderTransactionTest, TheNewRootHasTheRightsOfTheOldOne) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOld), IsOk());
  fs::permissions(target_, fs::perms(02750));
  ASSERT_THAT(Write(SaveMode::kOverwrite, kNew), IsOk());
  EXPECT_EQ(fs::status(target_).permissions(), fs::perms(02750));
}

TEST_F(FolderTransactionTest, AFileUriAndASlashAtTheEndNameTheSameTarget) {
  const std::string plain = target_;
  for (const std::string& spelling :
       {plain + "/", "file://" + plain, "file:" + plain, folder_ / "x/../out"}) {
    target_ = spelling;
    ASSERT_THAT(Write(SaveMode::kOverwrite, kNew), IsOk()) << spelling;
  }
  target_ = plain;
  EXPECT_THAT(Beside(), ElementsAre(".out.partita"));
}

TEST_F(FolderTransactionTest, AppendingAddsFilesAndKeepsTheOldOnes) {
  ASSERT_THAT(Write(SaveMode::kAppend, kOld), IsOk());
  ASSERT_THAT(Write(SaveMode::kAppend, kNew), IsOk());
  EXPECT_THAT(
      ReadTree(target_),
      UnorderedElementsAre(Key("_SUCCESS"), Key("year=1/"), Key("year=2/"),
                           Key("year=2/make=A B/"), Key("part-1-old.csv"),
                           Key("year=1/part-0-old.csv"), Key("year=1/part-0-new.csv"),
                           Key("year=2/make=A B/part-0-new.csv")));
  EXPECT_THAT(ReadTree(folder_ / ".out.partita"),
              UnorderedElementsAre(Key("HEAD"), Key(HasSubstr("manifest-2-"))));
}

TEST_F(FolderTransactionTest, AppendingToAFolderOfOthersKeepsTheirFiles) {
  WriteTextFile(target_ + "/notes.txt", "x");
  ASSERT_THAT(Write(SaveMode::kAppend, kNew), IsOk());
  EXPECT_EQ(ReadTree(target_).count("notes.txt"), 1);
  EXPECT_EQ(ReadTree(target_).count("year=1/part-0-new.csv"), 1);
}

TEST_F(FolderTransactionTest, AppendingAFileOfTheSameNameIsAConflictNotALoss) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOld), IsOk());
  EXPECT_THAT(Write(SaveMode::kAppend, kOld),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("part-1-old.csv")));
  EXPECT_EQ(ReadTree(target_).at("part-1-old.csv"), "old two");
}

TEST_F(FolderTransactionTest, OnlyTouchedPartitionsAreReplaced) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, {{"year=1/part-0-old.csv", "a"},
                                           {"year=2/make=A B/part-0-old.csv", "b"},
                                           {"year=2/make=C/part-0-old.csv", "c"}}),
              IsOk());
  WriteTextFile(target_ + "/year=1/.part-0-old.csv.crc", "x");
  ASSERT_THAT(Write(SaveMode::kOverwritePartitions, kNew), IsOk());
  EXPECT_THAT(ReadTree(target_),
              UnorderedElementsAre(Key("_SUCCESS"), Key("year=1/"), Key("year=2/"),
                                   Key("year=2/make=A B/"), Key("year=2/make=C/"),
                                   Pair("year=1/part-0-new.csv", "new one"),
                                   Pair("year=2/make=A B/part-0-new.csv", "new two"),
                                   Pair("year=2/make=C/part-0-old.csv", "c")));
}

TEST_F(FolderTransactionTest, ForeignFilesCountOnlyInTouchedPartitions) {
  WriteTextFile(target_ + "/notes.txt", "x");
  WriteTextFile(target_ + "/year=7/notes.txt", "x");
  ASSERT_THAT(Write(SaveMode::kOverwritePartitions, kNew), IsOk());
  WriteTextFile(target_ + "/year=1/notes.txt", "x");
  EXPECT_THAT(Write(SaveMode::kOverwritePartitions, {{"year=1/part-9.csv", "y"}}),
              FailsWith(ErrorCode::kAlreadyExists, HasSubstr("year=1/notes.txt")));
}

TEST_F(FolderTransactionTest, WithoutPartitionsThereIsOnlyTheWhole) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOld), IsOk());
  ASSERT_THAT(Write(SaveMode::kOverwritePartitions, {{"part-0-new.csv", "x"}}), IsOk());
  EXPECT_THAT(ReadTree(target_), ElementsAre(Key("_SUCCESS"), Key("part-0-new.csv")));
}

TEST_F(FolderTransactionTest, TheInputItselfMayBeOverwritten) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOld), IsOk());
  inputs_ = {target_};
  ASSERT_THAT(Write(SaveMode::kOverwrite, kNew), IsOk());
  EXPECT_EQ(ReadTree(target_).count("part-1-old.csv"), 0);
}

TEST_F(FolderTransactionTest, WithoutARightToWriteNothingChangesAndThePathIsNamed) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOld), IsOk());
  fs::remove_all(folder_ / ".out.partita");
  const auto before = ReadTree(folder_.path());
  fs::permissions(target_, fs::perms(0555));
  fs::permissions(folder_.path(), fs::perms(0555));
  const int status = RunInChild([&] {
    if (geteuid() == 0 && seteuid(65534) != 0) {
      return 2;
    }
    for (const SaveMode mode : {SaveMode::kOverwrite, SaveMode::kAppend}) {
      const arrow::Status failure = Write(mode, kNew);
      if (failure.ok() || CodeOf(failure) != ErrorCode::kStoreUnavailable ||
          failure.message().find("Permission denied") == std::string::npos ||
          failure.message().find(target_) == std::string::npos) {
        return ExitCodeOf(arrow::Status::Invalid("got: ", failure.ToString()));
      }
    }
    return 0;
  });
  fs::permissions(folder_.path(), fs::perms(0755));
  EXPECT_EQ(status, 0);
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

TEST_F(FolderTransactionTest, WithoutARightOnTheParentStateLiesInTheTarget) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOld), IsOk());
  fs::remove_all(folder_ / ".out.partita");
  fs::permissions(target_, fs::perms(0777));
  fs::permissions(target_ + "/year=1", fs::perms(0777));
  fs::permissions(folder_.path(), fs::perms(0555));
  const int status = RunInChild([&] {
    if (geteuid() == 0 && seteuid(65534) != 0) {
      return 2;
    }
    return ExitCodeOf(Write(SaveMode::kOverwrite, kNew));
  });
  fs::permissions(folder_.path(), fs::perms(0755));
  EXPECT_EQ(status, 0);
  EXPECT_THAT(Beside(), IsEmpty());
  const auto tree = ReadTree(target_);
  EXPECT_EQ(tree.count("part-1-old.csv"), 0);
  EXPECT_EQ(tree.at("year=1/part-0-new.csv"), "new one");
  EXPECT_EQ(tree.count(".partita/HEAD"), 1);
}

TEST_F(FolderTransactionTest, WithoutARightToRenameTheTargetNothingChanges) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "a folder of another user takes root to make";
  }
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOld), IsOk());
  fs::remove_all(folder_ / ".out.partita");
  const auto before = ReadTree(folder_.path());
  fs::permissions(target_, fs::perms(0777));
  fs::permissions(folder_.path(), fs::perms(01777));  // sticky: only owners may rename
  const int status = RunInChild([&] {
    if (seteuid(65534) != 0) {
      return 2;
    }
    const arrow::Status failure = Write(SaveMode::kOverwrite, kNew);
    return !failure.ok() && CodeOf(failure) == ErrorCode::kStoreUnavailable
               ? 0
               : ExitCodeOf(arrow::Status::Invalid("got: ", failure.ToString()));
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

TEST_F(FolderTransactionTest, AReadOnlyFileSystemIsToldAsSuch) {
  const std::string disk = folder_ / "disk";
  fs::create_directory(disk);
  target_ = disk + "/out";
  const int status = RunInChild([&] {
    if (!EnterOwnMounts() || !MountSmall(disk, "256k")) {
      return 2;
    }
    auto run = [&]() -> arrow::Status {
      ARROW_RETURN_NOT_OK(Write(SaveMode::kOverwrite, kOld));
      if (mount("none", disk.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0) {
        return arrow::Status::Invalid("cannot remount");
      }
      const arrow::Status failure = Write(SaveMode::kOverwrite, kNew);
      const bool is_told =
          !failure.ok() && CodeOf(failure) == ErrorCode::kStoreUnavailable &&
          failure.message().find("Read-only file system") != std::string::npos;
      return is_told ? arrow::Status::OK()
                     : arrow::Status::Invalid("got: ", failure.ToString());
    };
    return ExitCodeOf(run());
  });
  if (WEXITSTATUS(status) == 2) {
    GTEST_SKIP() << "this machine does not let a test mount a file system";
  }
  EXPECT_EQ(status, 0);
}

TEST_F(FolderTransactionTest, AMountPointIsOverwrittenInPlace) {
  fs::create_directory(target_);
  const int status = RunInChild([&] {
    if (!EnterOwnMounts() || !MountSmall(target_, "1m")) {
      return 2;
    }
    auto run = [&]() -> arrow::Status {
      ARROW_RETURN_NOT_OK(Write(SaveMode::kOverwrite, kOld));
      ARROW_RETURN_NOT_OK(Write(SaveMode::kOverwrite, kNew));
      const auto tree = ReadTree(target_);
      const bool is_new = tree.count("year=1/part-0-new.csv") == 1 &&
                          tree.count("part-1-old.csv") == 0 &&
                          tree.count(".partita/HEAD") == 1 && Beside().empty();
      return is_new ? arrow::Status::OK() : arrow::Status::Invalid("not the new data");
    };
    return ExitCodeOf(run());
  });
  if (WEXITSTATUS(status) == 2) {
    GTEST_SKIP() << "this machine does not let a test mount a file system";
  }
  EXPECT_EQ(status, 0);
}

TEST_F(FolderTransactionTest, AFullDiskLeavesTheOldDataAndNoStaging) {
  const std::string disk = folder_ / "disk";
  fs::create_directory(disk);
  target_ = disk + "/out";
  const int status = RunInChild([&] {
    if (!EnterOwnMounts() || !MountSmall(disk, "256k")) {
      return 2;
    }
    auto run = [&]() -> arrow::Status {
      ARROW_RETURN_NOT_OK(Write(SaveMode::kOverwrite, kOld));
      const auto before = ReadTree(disk);
      const arrow::Status full =
          Write(SaveMode::kOverwrite, {{"part-0-new.csv", std::string(300000, 'x')}});
      if (full.ok() || CodeOf(full) != ErrorCode::kStoreUnavailable ||
          full.message().find("No space left") == std::string::npos) {
        return arrow::Status::Invalid("got: ", full.ToString());
      }
      return ReadTree(disk) == before ? arrow::Status::OK()
                                      : arrow::Status::Invalid("something changed");
    };
    return ExitCodeOf(run());
  });
  if (WEXITSTATUS(status) == 2) {
    GTEST_SKIP() << "this machine does not let a test mount a file system";
  }
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace partita
