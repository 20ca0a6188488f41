#include "partita/commit/folder_transaction.h"

#include <filesystem>
#include <string>

#include <arrow/io/interfaces.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/folder_jobs.h"
#include "support/status_matchers.h"

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

using FolderTransactionTest = FolderJobsTest;

TEST_F(FolderTransactionTest, ANewTargetHoldsTheFilesAndSuccess) {
  ASSERT_THAT(Write(SaveMode::kErrorIfExists, kNewFiles), IsOk());
  EXPECT_THAT(ReadTree(target_),
              UnorderedElementsAre(Pair("_SUCCESS", ""), Key("year=1/"), Key("year=2/"),
                                   Key("year=2/make=A B/"),
                                   Pair("year=1/part-0-new.csv", "new one"),
                                   Pair("year=2/make=A B/part-0-new.csv", "new two")));
}

TEST_F(FolderTransactionTest, OverwritingReplacesTheWholeDataSet) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOldFiles), IsOk());
  ASSERT_THAT(Write(SaveMode::kOverwrite, kNewFiles), IsOk());
  const auto tree = ReadTree(target_);
  EXPECT_EQ(tree.count("part-1-old.csv"), 0);
  EXPECT_EQ(tree.count("year=1/part-0-old.csv"), 0);
  EXPECT_EQ(tree.at("year=1/part-0-new.csv"), "new one");
}

TEST_F(FolderTransactionTest, TheOldDataGoesWhenCleanedUpNotWhenReplaced) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOldFiles), IsOk());
  PARTITA_TEST_ASSIGN(auto transaction, Begin(SaveMode::kOverwrite));
  ASSERT_THAT(StageFiles(transaction.get(), kNewFiles), IsOk());
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
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOldFiles), IsOk());
  ASSERT_THAT(Write(SaveMode::kOverwrite, kNewFiles), IsOk());
  ASSERT_THAT(Beside(), ElementsAre(".out.partita"));
  EXPECT_THAT(ReadTree(folder_ / ".out.partita"),
              UnorderedElementsAre(Key("HEAD"), Key(HasSubstr("manifest-2-"))));
}

TEST_F(FolderTransactionTest, AbortLeavesTheOldDataAndNothingElse) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOldFiles), IsOk());
  const auto before = ReadTree(folder_.path());
  {
    PARTITA_TEST_ASSIGN(const Transaction transaction, Begin(SaveMode::kOverwrite));
    ASSERT_THAT(StageFiles(transaction.get(), kNewFiles), IsOk());
  }
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

TEST_F(FolderTransactionTest, AbortRemovesTheFoldersMadeAboveANewTarget) {
  target_ = folder_ / "a/b/out";
  {
    PARTITA_TEST_ASSIGN(const Transaction transaction, Begin(SaveMode::kErrorIfExists));
    ASSERT_THAT(StageFiles(transaction.get(), kNewFiles), IsOk());
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
  ASSERT_THAT(Write(SaveMode::kIgnore, kNewFiles), IsOk());
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
  ASSERT_THAT(Write(SaveMode::kOverwrite, kNewFiles), IsOk());
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
  ASSERT_THAT(Write(SaveMode::kOverwrite, kNewFiles, true), IsOk());
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

TEST_F(FolderTransactionTest, TheNewRootHasTheRightsOfTheOldOne) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOldFiles), IsOk());
  fs::permissions(target_, fs::perms(02750));
  ASSERT_THAT(Write(SaveMode::kOverwrite, kNewFiles), IsOk());
  EXPECT_EQ(fs::status(target_).permissions(), fs::perms(02750));
}

TEST_F(FolderTransactionTest, AFileUriAndASlashAtTheEndNameTheSameTarget) {
  const std::string plain = target_;
  for (const std::string& spelling :
       {plain + "/", "file://" + plain, "file:" + plain, folder_ / "x/../out"}) {
    target_ = spelling;
    ASSERT_THAT(Write(SaveMode::kOverwrite, kNewFiles), IsOk()) << spelling;
  }
  target_ = plain;
  EXPECT_THAT(Beside(), ElementsAre(".out.partita"));
}

TEST_F(FolderTransactionTest, AppendingAddsFilesAndKeepsTheOldOnes) {
  ASSERT_THAT(Write(SaveMode::kAppend, kOldFiles), IsOk());
  ASSERT_THAT(Write(SaveMode::kAppend, kNewFiles), IsOk());
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
  ASSERT_THAT(Write(SaveMode::kAppend, kNewFiles), IsOk());
  EXPECT_EQ(ReadTree(target_).count("notes.txt"), 1);
  EXPECT_EQ(ReadTree(target_).count("year=1/part-0-new.csv"), 1);
}

TEST_F(FolderTransactionTest, OnlyTouchedPartitionsAreReplaced) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, {{"year=1/part-0-old.csv", "a"},
                                           {"year=2/make=A B/part-0-old.csv", "b"},
                                           {"year=2/make=C/part-0-old.csv", "c"}}),
              IsOk());
  WriteTextFile(target_ + "/year=1/.part-0-old.csv.crc", "x");
  ASSERT_THAT(Write(SaveMode::kOverwritePartitions, kNewFiles), IsOk());
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
  ASSERT_THAT(Write(SaveMode::kOverwritePartitions, kNewFiles), IsOk());
  WriteTextFile(target_ + "/year=1/notes.txt", "x");
  EXPECT_THAT(Write(SaveMode::kOverwritePartitions, {{"year=1/part-9.csv", "y"}}),
              FailsWith(ErrorCode::kAlreadyExists, HasSubstr("year=1/notes.txt")));
}

TEST_F(FolderTransactionTest, WithoutPartitionsThereIsOnlyTheWhole) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOldFiles), IsOk());
  ASSERT_THAT(Write(SaveMode::kOverwritePartitions, {{"part-0-new.csv", "x"}}), IsOk());
  EXPECT_THAT(ReadTree(target_), ElementsAre(Key("_SUCCESS"), Key("part-0-new.csv")));
}

TEST_F(FolderTransactionTest, TheInputItselfMayBeOverwritten) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOldFiles), IsOk());
  inputs_ = {target_};
  ASSERT_THAT(Write(SaveMode::kOverwrite, kNewFiles), IsOk());
  EXPECT_EQ(ReadTree(target_).count("part-1-old.csv"), 0);
}

}  // namespace
}  // namespace partita
