#include <filesystem>
#include <functional>
#include <string>

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/commit/recovery.h"
#include "partita/store/memory_store.h"

#include "support/child_process.h"
#include "support/folder_jobs.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::UnorderedElementsAre;

class FolderFaultTest : public FolderJobsTest {
 protected:
  // `work` must succeed in a process that has a file system of `size` of its own at `folder`.
  static void RunOnSmallDisk(const std::string& folder, const char* size,
                             const std::function<arrow::Status()>& work) {
    const int status = RunInChild([&] {
      return EnterOwnMounts() && MountSmall(folder, size) ? ExitCodeOf(work()) : 2;
    });
    if (WEXITSTATUS(status) == 2) {
      GTEST_SKIP() << "this machine does not let a test mount a file system";
    }
    EXPECT_EQ(status, 0);
  }
};

TEST_F(FolderFaultTest, ACommitInFoldersThatItMadeSurvivesPowerLoss) {
  MemoryStore store;
  DatasetTransaction::Options options;
  ASSERT_THAT(RunJob(&store, "/a/b/out", options, kNewFiles), IsOk());
  store.LosePower();
  for (const auto& [path, text] : kNewFiles) {
    EXPECT_EQ(ReadFile(&store, "/a/b/out/" + path).ValueOr("missing"), text);
  }
  EXPECT_THAT(Recover(&store, "/a/b/out", false), IsOk());
}

TEST_F(FolderFaultTest, TheNextJobRemovesADeadJobsStaging) {
  const int status = RunInChild([&] {
    auto transaction = Begin(SaveMode::kOverwrite);
    if (!transaction.ok()) {
      return ExitCodeOf(transaction.status());
    }
    DatasetTransaction* never_destroyed = transaction->release();
    return ExitCodeOf(StageFiles(never_destroyed, kOldFiles));
  });
  ASSERT_EQ(status, 0);
  ASSERT_TRUE(fs::exists(folder_ / ".out.partita/LOCK"));
  ASSERT_THAT(Write(SaveMode::kErrorIfExists, kNewFiles), IsOk());
  EXPECT_THAT(ReadTree(folder_ / ".out.partita"),
              UnorderedElementsAre(Key("HEAD"), Key(HasSubstr("manifest-1-"))));
}

TEST_F(FolderFaultTest, WithoutARightToWriteNothingChangesAndThePathIsNamed) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOldFiles), IsOk());
  fs::remove_all(folder_ / ".out.partita");
  const auto before = ReadTree(folder_.path());
  fs::permissions(target_, fs::perms(0555));
  fs::permissions(folder_.path(), fs::perms(0555));
  const int status = RunInChild([&] {
    if (geteuid() == 0 && seteuid(65534) != 0) {
      return 2;
    }
    for (const SaveMode mode : {SaveMode::kOverwrite, SaveMode::kAppend}) {
      const arrow::Status failure = Write(mode, kNewFiles);
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

TEST_F(FolderFaultTest, WithoutARightOnTheParentStateLiesInTheTarget) {
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOldFiles), IsOk());
  fs::remove_all(folder_ / ".out.partita");
  fs::permissions(target_, fs::perms(0777));
  fs::permissions(target_ + "/year=1", fs::perms(0777));
  fs::permissions(folder_.path(), fs::perms(0555));
  const int status = RunInChild([&] {
    if (geteuid() == 0 && seteuid(65534) != 0) {
      return 2;
    }
    return ExitCodeOf(Write(SaveMode::kOverwrite, kNewFiles));
  });
  fs::permissions(folder_.path(), fs::perms(0755));
  EXPECT_EQ(status, 0);
  EXPECT_THAT(Beside(), IsEmpty());
  const auto tree = ReadTree(target_);
  EXPECT_EQ(tree.count("part-1-old.csv"), 0);
  EXPECT_EQ(tree.at("year=1/part-0-new.csv"), "new one");
  EXPECT_EQ(tree.count(".partita/HEAD"), 1);
}

TEST_F(FolderFaultTest, WithoutARightToRenameTheTargetNothingChanges) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "a folder of another user takes root to make";
  }
  ASSERT_THAT(Write(SaveMode::kOverwrite, kOldFiles), IsOk());
  fs::remove_all(folder_ / ".out.partita");
  const auto before = ReadTree(folder_.path());
  fs::permissions(target_, fs::perms(0777));
  fs::permissions(folder_.path(), fs::perms(01777));  // sticky: only owners may rename
  const int status = RunInChild([&] {
    if (seteuid(65534) != 0) {
      return 2;
    }
    const arrow::Status failure = Write(SaveMode::kOverwrite, kNewFiles);
    return !failure.ok() && CodeOf(failure) == ErrorCode::kStoreUnavailable
               ? 0
               : ExitCodeOf(arrow::Status::Invalid("got: ", failure.ToString()));
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

TEST_F(FolderFaultTest, AReadOnlyFileSystemIsToldAsSuch) {
  const std::string disk = folder_ / "disk";
  fs::create_directory(disk);
  target_ = disk + "/out";
  RunOnSmallDisk(disk, "256k", [&]() -> arrow::Status {
    ARROW_RETURN_NOT_OK(Write(SaveMode::kOverwrite, kOldFiles));
    if (mount("none", disk.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0) {
      return arrow::Status::Invalid("cannot remount");
    }
    const arrow::Status failure = Write(SaveMode::kOverwrite, kNewFiles);
    const bool is_told =
        !failure.ok() && CodeOf(failure) == ErrorCode::kStoreUnavailable &&
        failure.message().find("Read-only file system") != std::string::npos;
    return is_told ? arrow::Status::OK()
                   : arrow::Status::Invalid("got: ", failure.ToString());
  });
}

TEST_F(FolderFaultTest, AMountPointIsOverwrittenInPlace) {
  fs::create_directory(target_);
  RunOnSmallDisk(target_, "1m", [&]() -> arrow::Status {
    ARROW_RETURN_NOT_OK(Write(SaveMode::kOverwrite, kOldFiles));
    ARROW_RETURN_NOT_OK(Write(SaveMode::kOverwrite, kNewFiles));
    const auto tree = ReadTree(target_);
    const bool is_new = tree.count("year=1/part-0-new.csv") == 1 &&
                        tree.count("part-1-old.csv") == 0 &&
                        tree.count(".partita/HEAD") == 1 && Beside().empty();
    return is_new ? arrow::Status::OK() : arrow::Status::Invalid("not the new data");
  });
}

TEST_F(FolderFaultTest, AFullDiskLeavesTheOldDataAndNoStaging) {
  const std::string disk = folder_ / "disk";
  fs::create_directory(disk);
  target_ = disk + "/out";
  RunOnSmallDisk(disk, "256k", [&]() -> arrow::Status {
    ARROW_RETURN_NOT_OK(Write(SaveMode::kOverwrite, kOldFiles));
    const auto before = ReadTree(disk);
    const arrow::Status full =
        Write(SaveMode::kOverwrite, {{"part-0-new.csv", std::string(300000, 'x')}});
    if (full.ok() || CodeOf(full) != ErrorCode::kStoreUnavailable ||
        full.message().find("No space left") == std::string::npos) {
      return arrow::Status::Invalid("got: ", full.ToString());
    }
    return ReadTree(disk) == before ? arrow::Status::OK()
                                    : arrow::Status::Invalid("something changed");
  });
}

}  // namespace
}  // namespace partita
