#include "partita/commit/folder_transaction.h"

#include <filesystem>
#include <map>
#include <string>

#include <arrow/io/interfaces.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/store/local_store.h"

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

using Files = std::map<std::string, std::string>;
using Transaction = std::unique_ptr<DatasetTransaction>;

arrow::Result<DataFile> WriteFile(DatasetTransaction* transaction,
                                  const std::string& path, const std::string& text) {
  ARROW_ASSIGN_OR_RAISE(auto file, transaction->OpenDataFile(path));
  ARROW_RETURN_NOT_OK(file->Write(text.data(), static_cast<int64_t>(text.size())));
  ARROW_RETURN_NOT_OK(file->Close());
  return DataFile{path, 1, file->bytes_written(), file->checksum()};
}

arrow::Status StageFiles(DatasetTransaction* transaction, const Files& files) {
  std::vector<DataFile> staged;
  for (const auto& [path, text] : files) {
    ARROW_ASSIGN_OR_RAISE(DataFile file, WriteFile(transaction, path, text));
    staged.push_back(std::move(file));
  }
  return transaction->Stage(std::move(staged));
}

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

TEST_F(FolderTransactionTest, ATargetMadeByOthersDuringTheJobIsKept) {
  PARTITA_TEST_ASSIGN(const Transaction transaction, Begin(SaveMode::kErrorIfExists));
  ASSERT_THAT(StageFiles(transaction.get(), kNew), IsOk());
  WriteTextFile(target_ + "/part-0.csv", "theirs");
  EXPECT_THAT(transaction->Commit(), FailsWith(ErrorCode::kCommitConflict, testing::_));
  EXPECT_THAT(ReadTree(target_), ElementsAre(Pair("part-0.csv", "theirs")));
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
  PARTITA_TEST_ASSIGN(DataFile file, WriteFile(transaction.get(), "part-0.csv", "text"));
  EXPECT_THAT(transaction->Stage({}), FailsWith(ErrorCode::kInternal, testing::_));
  file.bytes = 5;
  EXPECT_THAT(transaction->Stage({file}),
              FailsWith(ErrorCode::kInternal, HasSubstr("part-0.csv")));
}

TEST_F(FolderTransactionTest, TheNextJobRemovesADeadJobsStaging) {
  const pid_t child = fork();
  if (child == 0) {
    auto transaction = Begin(SaveMode::kOverwrite);
    const bool is_staged = transaction.ok() && StageFiles(transaction->get(), kOld).ok();
    _exit(is_staged ? 0 : 1);  // without a destructor
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
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

}  // namespace
}  // namespace partita
