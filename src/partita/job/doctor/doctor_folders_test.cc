#include "partita/job/doctor/doctor_folders.h"

#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/error.h"
#include "partita/job/doctor/doctor_job.h"
#include "partita/store/faulty_store.h"
#include "partita/store/local_store.h"
#include "partita/store/memory_store.h"
#include "partita/store/store_facts.h"

#include "support/child_process.h"
#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Outcome = DoctorCheck::Outcome;

// A store that tells what the test wants of its file system, and gives every lock.
class OddStore : public MemoryStore {
 public:
  arrow::Result<FolderFacts> Facts(const std::string& /*folder*/) override {
    return facts;
  }

  arrow::Result<std::unique_ptr<StoreLock>> TryLock(const std::string& path) override {
    return MemoryStore::TryLock(gives_all_locks ? path + std::to_string(++num_locks_)
                                                : path);
  }

  FolderFacts facts;
  bool gives_all_locks = false;

 private:
  int num_locks_ = 0;
};

std::vector<DoctorCheck> Diagnose(FolderStore* store, const std::string& target) {
  auto checks = DiagnoseFolders(store, target, std::stop_token());
  EXPECT_THAT(checks, IsOk());
  return checks.ok() ? *checks : std::vector<DoctorCheck>();
}

std::vector<std::string> NamesOf(const std::vector<DoctorCheck>& checks,
                                 Outcome outcome) {
  std::vector<std::string> names;
  for (const DoctorCheck& check : checks) {
    if (check.outcome == outcome) {
      names.push_back(check.name);
    }
  }
  return names;
}

DoctorCheck Find(const std::vector<DoctorCheck>& checks, const std::string& name) {
  for (const DoctorCheck& check : checks) {
    if (check.name == name) {
      return check;
    }
  }
  ADD_FAILURE() << "no check " << name;
  return {};
}

class DoctorFoldersTest : public ::testing::Test {
 protected:
  DoctorFoldersTest() { WriteTextFile(target_ + "/k=1/part-0.csv", "1"); }

  TempFolder folder_;
  std::string target_ = folder_ / "out";
  LocalStore store_;
};

TEST_F(DoctorFoldersTest, AFolderThatCanBeWrittenIsWellAndLeftAsItWas) {
  const auto before = ReadTree(folder_.path());
  const auto checks = Diagnose(&store_, target_);
  EXPECT_THAT(NamesOf(checks, Outcome::kFailed), IsEmpty());
  EXPECT_THAT(
      Find(checks, "commit").finding,
      ::testing::AnyOf(StartsWith("swap: "), HasSubstr("merge, because the file")));
  EXPECT_EQ(Find(checks, "data").outcome, Outcome::kOk);
  EXPECT_EQ(Find(checks, "lock").outcome, Outcome::kOk);
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

TEST_F(DoctorFoldersTest, AFolderThatIsMissingIsPlacedAndNoneAboveItIsMade) {
  const auto before = ReadTree(folder_.path());
  const auto checks = Diagnose(&store_, folder_ / "a/b/out");
  EXPECT_THAT(NamesOf(checks, Outcome::kFailed), IsEmpty());
  EXPECT_THAT(Find(checks, "target").finding,
              HasSubstr("folders will be made below " + folder_.path()));
  EXPECT_THAT(Find(checks, "commit").finding, StartsWith("place"));
  EXPECT_EQ(Find(checks, "data").outcome, Outcome::kSkipped);
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

TEST_F(DoctorFoldersTest, AFileInTheWayEndsItWithThatOneFinding) {
  const std::string file = target_ + "/k=1/part-0.csv";
  for (const std::string& path : {file, file + "/out", file + "/a/b/out"}) {
    const auto checks = Diagnose(&store_, path);
    ASSERT_THAT(checks, SizeIs(1)) << path;
    EXPECT_EQ(checks[0].name, "target");
    EXPECT_EQ(checks[0].outcome, Outcome::kFailed);
    EXPECT_THAT(checks[0].finding, AllOf(HasSubstr(file), HasSubstr("another path")));
  }
}

TEST_F(DoctorFoldersTest, ALinkInThePlaceOfTheFolderIsFound) {
  fs::create_directory_symlink(target_, folder_ / "link");
  const auto checks = Diagnose(&store_, folder_ / "link");
  ASSERT_THAT(checks, SizeIs(1));
  EXPECT_THAT(checks[0].finding, HasSubstr("symbolic link"));
}

TEST_F(DoctorFoldersTest, WithoutTheRightToWriteTheFolderIsNamed) {
  fs::permissions(target_, fs::perms(0555));
  fs::permissions(folder_.path(), fs::perms(0555));
  const auto before = ReadTree(folder_.path());
  const int status = RunInChild([&] {
    if (geteuid() == 0 && seteuid(65534) != 0) {
      return 2;
    }
    const auto checks = Diagnose(&store_, folder_ / "new");
    const DoctorCheck write = Find(checks, "write");
    const bool is_found = write.outcome == Outcome::kFailed && !write.remedy.empty() &&
                          write.finding.find(folder_.path()) != std::string::npos &&
                          checks.back().name == "write";
    return is_found ? 0 : 1;
  });
  fs::permissions(folder_.path(), fs::perms(0755));
  EXPECT_EQ(status, 0);
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

TEST_F(DoctorFoldersTest, WithoutARightOnTheFolderAboveAJobMerges) {
  fs::permissions(target_, fs::perms(0777));
  fs::permissions(folder_.path(), fs::perms(0555));
  const int status = RunInChild([&] {
    if (geteuid() == 0 && seteuid(65534) != 0) {
      return 2;
    }
    const DoctorCheck commit = Find(Diagnose(&store_, target_), "commit");
    return commit.outcome == Outcome::kWarning &&
                   commit.finding.starts_with("merge, because the folder above it")
               ? 0
               : 1;
  });
  fs::permissions(folder_.path(), fs::perms(0755));
  EXPECT_EQ(status, 0);
}

TEST_F(DoctorFoldersTest, DataThatMayNotBeReplacedIsFound) {
  fs::permissions(target_, fs::perms(0555));
  fs::permissions(folder_.path(), fs::perms(0777));
  const int status = RunInChild([&] {
    if (geteuid() == 0 && seteuid(65534) != 0) {
      return 2;
    }
    const auto failed = NamesOf(Diagnose(&store_, target_), Outcome::kFailed);
    return failed == std::vector<std::string>{"data"} ? 0 : 1;
  });
  EXPECT_EQ(status, 0);
}

TEST_F(DoctorFoldersTest, AMountPointMergesAndSaysWhatToDo) {
  const std::string disk = folder_ / "disk";
  fs::create_directory(disk);
  const int status = RunInChild([&] {
    if (!EnterOwnMounts() || !MountSmall(disk, "256k")) {
      return 2;
    }
    const auto checks = Diagnose(&store_, disk);
    const DoctorCheck commit = Find(checks, "commit");
    const bool is_found =
        commit.finding.starts_with("merge, because it is a mount point") &&
        commit.remedy.starts_with("write to a folder in it") &&
        Find(checks, "file_system").finding == "tmpfs" &&
        Find(checks, "space").outcome == Outcome::kFailed && ReadTree(disk).empty();
    return is_found ? 0 : 1;
  });
  if (status == 2) {
    GTEST_SKIP() << "nothing can be mounted here";
  }
  EXPECT_EQ(status, 0);
}

TEST_F(DoctorFoldersTest, WhatADeadJobLeftIsToldWithTheWayOut) {
  WriteTextFile(folder_ / ".out.partita/stage-dead/part-0.csv", "1");
  const auto before = ReadTree(folder_.path());
  const auto checks = Diagnose(&store_, target_);
  EXPECT_EQ(Find(checks, "jobs").outcome, Outcome::kWarning);
  EXPECT_THAT(Find(checks, "jobs").remedy,
              HasSubstr("partita recover '" + target_ + "'"));
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

TEST_F(DoctorFoldersTest, AJobAtWorkIsToldAndNotDisturbed) {
  fs::create_directory(folder_ / ".out.partita");
  PARTITA_TEST_ASSIGN(const auto lock, store_.TryLock(folder_ / ".out.partita/LOCK"));
  ASSERT_NE(lock, nullptr);
  const auto checks = Diagnose(&store_, target_);
  EXPECT_THAT(NamesOf(checks, Outcome::kFailed), IsEmpty());
  EXPECT_EQ(Find(checks, "jobs").outcome, Outcome::kOk);
  EXPECT_THAT(Find(checks, "jobs").finding, HasSubstr("another job is writing"));
  PARTITA_TEST_ASSIGN(const bool is_held, lock->IsHeld());
  EXPECT_TRUE(is_held);
}

TEST_F(DoctorFoldersTest, AHeadThatIsDamagedIsFound) {
  WriteTextFile(folder_ / ".out.partita/HEAD", "garbage");
  EXPECT_THAT(NamesOf(Diagnose(&store_, target_), Outcome::kFailed), ElementsAre("jobs"));
}

class DoctorOddStoreTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(store_.MakeFolder("/root"), IsOk()); }

  std::vector<DoctorCheck> Checks() { return Diagnose(&store_, "/root/out"); }

  OddStore store_;
};

TEST_F(DoctorOddStoreTest, AStoreThatGivesALockTwiceIsFound) {
  store_.gives_all_locks = true;
  EXPECT_THAT(NamesOf(Checks(), Outcome::kFailed), ElementsAre("lock"));
  EXPECT_THAT(Find(Checks(), "lock").finding, HasSubstr("given twice"));
}

TEST_F(DoctorOddStoreTest, AFileSystemThatCannotExchangeIsToldWithWhatItMeans) {
  store_.set_can_exchange(false);
  EXPECT_EQ(Find(Checks(), "exchange").outcome, Outcome::kWarning);
  EXPECT_THAT(Find(Checks(), "commit").finding,
              StartsWith("place, later merge, because the file system cannot"));
  ASSERT_THAT(store_.MakeFolder("/root/out"), IsOk());
  EXPECT_EQ(Find(Checks(), "commit").outcome, Outcome::kWarning);
  EXPECT_THAT(Find(Checks(), "commit").finding, StartsWith("merge, because"));
  store_.set_can_exchange(true);
  EXPECT_THAT(Find(Checks(), "commit").finding, StartsWith("swap: "));
}

TEST_F(DoctorOddStoreTest, AFileSystemOfTheNetworkIsWarnedOf) {
  store_.facts.file_system = "nfs4";
  EXPECT_EQ(Find(Checks(), "file_system").outcome, Outcome::kOk);
  store_.facts.may_be_shared = true;
  EXPECT_EQ(Find(Checks(), "file_system").outcome, Outcome::kWarning);
  EXPECT_THAT(Find(Checks(), "file_system").finding, StartsWith("nfs4, which other"));
}

TEST_F(DoctorOddStoreTest, LittleRoomIsWarnedOfAndNoneIsAFailure) {
  EXPECT_EQ(Find(Checks(), "space").outcome, Outcome::kSkipped);
  store_.facts.bytes_free = int64_t{1} << 30;
  EXPECT_EQ(Find(Checks(), "space").outcome, Outcome::kOk);
  store_.facts.entries_free = 9'999;
  EXPECT_EQ(Find(Checks(), "space").outcome, Outcome::kWarning);
  store_.facts.entries_free = 0;
  EXPECT_EQ(Find(Checks(), "space").outcome, Outcome::kFailed);
  store_.facts.entries_free = 10'000;
  store_.facts.bytes_free = (int64_t{1} << 30) - 1;
  EXPECT_EQ(Find(Checks(), "space").outcome, Outcome::kWarning);
  store_.facts.bytes_free = (int64_t{1} << 20) - 1;
  EXPECT_EQ(Find(Checks(), "space").outcome, Outcome::kFailed);
}

TEST_F(DoctorOddStoreTest, WhateverCallFailsNothingStays) {
  for (const Fault fault : {Fault::kFail, Fault::kLoseAnswer}) {
    for (int64_t at = 1;; ++at) {
      FaultyStore faulty(&store_);
      faulty.SetFault(fault, at);
      EXPECT_THAT(Diagnose(&faulty, "/root/out"), Not(IsEmpty()));
      PARTITA_TEST_ASSIGN(const auto left, store_.List("/root"));
      EXPECT_THAT(left, IsEmpty()) << "at " << at;
      for (const Entry& entry : left) {
        ASSERT_THAT(store_.RemoveTree("/root/" + entry.name), IsOk());
      }
      if (faulty.num_calls() < at) {
        EXPECT_GT(at, 20);
        break;
      }
    }
  }
}

TEST_F(DoctorOddStoreTest, AStopEndsItWithEverythingRemoved) {
  for (int64_t at = 1;; ++at) {
    FaultyStore stopping(&store_);
    std::stop_source stop;
    stopping.set_on_call([&](int64_t number, std::string_view) {
      if (number == at) {
        stop.request_stop();
      }
    });
    const auto checks = DiagnoseFolders(&stopping, "/root/out", stop.get_token());
    PARTITA_TEST_ASSIGN(const auto left, store_.List("/root"));
    EXPECT_THAT(left, IsEmpty()) << "at " << at;
    if (!stop.stop_requested()) {
      EXPECT_GT(at, 20);
      break;
    }
    EXPECT_TRUE(checks.ok() || CodeOf(checks.status()) == ErrorCode::kCancelled);
  }
}

TEST(DoctorJobTest, APathIsToldAsItsStoreSpellsIt) {
  const TempFolder folder;
  LocalStore store;
  PARTITA_TEST_ASSIGN(const DoctorReport report,
                      RunDoctorJob(&store, {.path = folder / "x/../out/"}));
  EXPECT_EQ(report.path, folder / "out");
  EXPECT_THAT(RunDoctorJob(&store, {.path = ""}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("empty")));
}

}  // namespace
}  // namespace partita
