#include <filesystem>
#include <functional>
#include <string>

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/folder_jobs.h"
#include "support/side_by_side.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Pair;

using FolderConflictTest = FolderJobsTest;

TEST_F(FolderConflictTest, FilesAddedByOthersDuringTheJobAreAConflictNotALoss) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOldFiles), IsOk());
  PARTITA_TEST_ASSIGN(const Transaction transaction, Begin(SaveMode::kOverwrite));
  ASSERT_THAT(StageFiles(transaction.get(), kNewFiles), IsOk());
  WriteTextFile(target_ + "/year=1/part-9-late.csv", "late");
  const auto before = ReadTree(target_);
  EXPECT_THAT(transaction->Commit(),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("run the job again")));
  EXPECT_EQ(ReadTree(target_), before);
}

TEST_F(FolderConflictTest, OnlyChangesInReplacedPartitionsAreAConflict) {
  ASSERT_THAT(Write(SaveMode::kOverwrite,
                    {{"year=1/part-0-old.csv", "a"}, {"year=7/part-0-old.csv", "b"}}),
              IsOk());
  const auto write_while = [&](const auto& others_change) {
    auto transaction = Begin(SaveMode::kOverwritePartitions).ValueOrDie();
    others_change();
    const arrow::Status staged = StageFiles(transaction.get(), kNewFiles);
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

TEST_F(FolderConflictTest, ATargetMadeByOthersDuringTheJobIsKept) {
  PARTITA_TEST_ASSIGN(const Transaction transaction, Begin(SaveMode::kErrorIfExists));
  ASSERT_THAT(StageFiles(transaction.get(), kNewFiles), IsOk());
  WriteTextFile(target_ + "/part-0.csv", "theirs");
  EXPECT_THAT(transaction->Commit(), FailsWith(ErrorCode::kCommitConflict, testing::_));
  EXPECT_THAT(ReadTree(target_), ElementsAre(Pair("part-0.csv", "theirs")));
}

TEST_F(FolderConflictTest, ATargetRemovedByOthersDuringTheJobIsAConflict) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOldFiles), IsOk());
  for (const SaveMode mode : {SaveMode::kOverwrite, SaveMode::kAppend}) {
    fs::create_directory(target_);
    PARTITA_TEST_ASSIGN(const Transaction transaction, Begin(mode));
    ASSERT_THAT(StageFiles(transaction.get(), kNewFiles), IsOk());
    fs::remove_all(target_);
    EXPECT_THAT(transaction->Commit(), FailsWith(ErrorCode::kCommitConflict, testing::_));
    EXPECT_FALSE(fs::exists(target_));
  }
}

TEST_F(FolderConflictTest, AFolderRemovedWhileTheTargetIsLookedAtIsAConflict) {
  DatasetFiles many;
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
  ASSERT_THAT(StageFiles(transaction.get(), kNewFiles), IsOk());
  is_staged = true;
  EXPECT_THAT(transaction->Commit(), FailsWith(ErrorCode::kCommitConflict, testing::_));
  EXPECT_THAT(ReadTree(target_), testing::Contains(Key("year=4/part-0-old.csv")));
}

TEST_F(FolderConflictTest, TheSecondOfTwoLiveJobsIsToldAboutTheFirst) {
  PARTITA_TEST_ASSIGN(const Transaction first, Begin(SaveMode::kOverwrite));
  EXPECT_THAT(
      Begin(SaveMode::kOverwrite),
      FailsWith(ErrorCode::kCommitConflict, HasSubstr("/" + std::to_string(getpid()))));
  ASSERT_THAT(StageFiles(first.get(), kNewFiles), IsOk());
  EXPECT_THAT(first->Commit(), IsOk());
}

TEST_F(FolderConflictTest, AppendingAFileOfTheSameNameIsAConflictNotALoss) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOldFiles), IsOk());
  EXPECT_THAT(Write(SaveMode::kAppend, kOldFiles),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("part-1-old.csv")));
  EXPECT_EQ(ReadTree(target_).at("part-1-old.csv"), "old two");
}

}  // namespace
}  // namespace partita
