#include "partita/commit/recovery.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/commit/dataset_view.h"
#include "partita/store/faulty_store.h"
#include "partita/store/local_store.h"

#include "support/child_process.h"
#include "support/dataset_jobs.h"
#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using Outcome = RecoveryReport::Outcome;

const DatasetFiles kOld = {{"year=1/part-0-old.csv", "old"}};
const DatasetFiles kNew = {{"year=1/part-0-new.csv", "new"}};

class RecoveryTest : public ::testing::Test {
 protected:
  static DatasetTransaction::Options OptionsFor(SaveMode mode) {
    DatasetTransaction::Options options;
    options.mode = mode;
    options.durability = Durability::kFast;
    return options;
  }

  void SetUp() override {
    ASSERT_THAT(RunJob(&store_, target_, OptionsFor(SaveMode::kOverwrite), kOld), IsOk());
  }

  // Kills a job with SIGKILL just before the n-th call of this name.
  void KillBefore(std::string_view name, int nth, SaveMode mode = SaveMode::kOverwrite) {
    const int status = RunInChild([&] {
      FaultyStore dying(&store_);
      int seen = 0;
      dying.set_on_call([&](int64_t, std::string_view call) {
        if (call == name && ++seen == nth) {
          raise(SIGKILL);
        }
      });
      return ExitCodeOf(RunJob(&dying, target_, OptionsFor(mode), kNew));
    });
    ASSERT_TRUE(WIFSIGNALED(status)) << status;
  }

  arrow::Result<Outcome> RecoverNow(bool dry_run = false) {
    ARROW_ASSIGN_OR_RAISE(const auto report, Recover(&store_, target_, dry_run));
    EXPECT_THAT(report.warnings, IsEmpty());
    return report.outcome;
  }

  std::vector<std::string> Viewed() {
    std::vector<std::string> paths;
    const auto view = ViewDataset(&store_, target_);
    EXPECT_THAT(view, IsOk());
    for (const ViewFile& file : view->files) {
      paths.push_back(file.path);
    }
    return paths;
  }

  TempFolder folder_;
  LocalStore store_;
  std::string target_ = folder_ / "out";
  std::string state_ = folder_ / ".out.partita";
};

TEST_F(RecoveryTest, AHealthyTargetNeedsNothing) {
  const auto before = ReadTree(folder_.path());
  EXPECT_EQ(RecoverNow().ValueOrDie(), Outcome::kNothingToDo);
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

TEST_F(RecoveryTest, APathThatIsNotThereIsNoHealthyTarget) {
  EXPECT_THAT(Recover(&store_, folder_ / "no-such", false),
              FailsWith(ErrorCode::kNotFound, HasSubstr("no-such")));
}

TEST_F(RecoveryTest, AJobKilledBeforeTheDecisionLeavesTheOldData) {
  const auto before = ReadTree(folder_.path());
  KillBefore("replace file", 3);  // manifest, record, HEAD
  EXPECT_THAT(Viewed(), ElementsAre("_SUCCESS", "year=1/part-0-old.csv"));
  EXPECT_EQ(RecoverNow().ValueOrDie(), Outcome::kRemoved);
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

TEST_F(RecoveryTest, AJobKilledAfterTheDecisionIsCarriedOut) {
  KillBefore("exchange", 1);
  EXPECT_THAT(Viewed(), ElementsAre("_SUCCESS", "year=1/part-0-new.csv"));
  EXPECT_EQ(ReadTree(target_).count("year=1/part-0-old.csv"), 1);
  EXPECT_EQ(RecoverNow().ValueOrDie(), Outcome::kRedone);
  EXPECT_EQ(ReadTree(target_).count("year=1/part-0-new.csv"), 1);
  EXPECT_EQ(RecoverNow().ValueOrDie(), Outcome::kNothingToDo);
}

TEST_F(RecoveryTest, ADecidedCommitWhoseNewFileIsDamagedIsTakenBack) {
  const auto before = ReadTree(folder_.path());
  for (const SaveMode mode : {SaveMode::kOverwrite, SaveMode::kAppend}) {
    KillBefore(mode == SaveMode::kOverwrite ? "exchange" : "rename", 1, mode);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(state_)) {
      if (entry.path().filename() == "part-0-new.csv") {
        WriteTextFile(entry.path().string(), "not");  // of the same size
      }
    }
    EXPECT_EQ(RecoverNow().ValueOrDie(), Outcome::kUndone);
    EXPECT_EQ(ReadTree(folder_.path()), before);
  }
}

TEST_F(RecoveryTest, TheNextJobHealsFirst) {
  KillBefore("rename", 1, SaveMode::kAppend);
  ASSERT_THAT(RunJob(&store_, target_, OptionsFor(SaveMode::kAppend),
                     {{"year=2/part-0-next.csv", "next"}}),
              IsOk());
  EXPECT_THAT(Viewed(), ElementsAre("_SUCCESS", "year=1/part-0-new.csv",
                                    "year=1/part-0-old.csv", "year=2/part-0-next.csv"));
}

TEST_F(RecoveryTest, ADryRunTellsAndChangesNothing) {
  KillBefore("exchange", 1);
  const auto before = ReadTree(folder_.path());
  EXPECT_EQ(RecoverNow(true).ValueOrDie(), Outcome::kRedone);
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

TEST_F(RecoveryTest, ADryRunLeavesNoLockWhereThereWasNone) {
  WriteTextFile(state_ + "/manifest-9-of-a-dead-job", "x");
  const auto before = ReadTree(folder_.path());
  EXPECT_EQ(RecoverNow(true).ValueOrDie(), Outcome::kRemoved);
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

TEST_F(RecoveryTest, AStateFolderThatVanishesMeanwhileNeedsNothing) {
  target_ = folder_ / "first";
  auto live =
      *DatasetTransaction::Begin(&store_, target_, OptionsFor(SaveMode::kOverwrite));
  FaultyStore watched(&store_);
  watched.set_on_call([&](int64_t, std::string_view call) {
    if (call == "lock") {
      live.reset();
    }
  });
  PARTITA_TEST_ASSIGN(const auto report, Recover(&watched, target_, false));
  EXPECT_EQ(report.outcome, Outcome::kNothingToDo);
  EXPECT_FALSE(std::filesystem::exists(folder_ / ".first.partita"));
}

TEST_F(RecoveryTest, ALiveJobIsLeftAlone) {
  PARTITA_TEST_ASSIGN(
      const auto live,
      DatasetTransaction::Begin(&store_, target_, OptionsFor(SaveMode::kOverwrite)));
  EXPECT_THAT(Recover(&store_, target_, false),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("another job")));
  ASSERT_THAT(StageFiles(live.get(), kNew), IsOk());
  EXPECT_THAT(live->Commit(), IsOk());
}

TEST_F(RecoveryTest, AJobThatWaitsTakesItsTurn) {
  auto live =
      *DatasetTransaction::Begin(&store_, target_, OptionsFor(SaveMode::kOverwrite));
  FaultyStore watched(&store_);
  int num_tries = 0;
  watched.set_on_call([&](int64_t, std::string_view call) {
    if (call == "lock" && ++num_tries == 3) {
      live.reset();
    }
  });
  auto options = OptionsFor(SaveMode::kOverwrite);
  options.wait = std::chrono::minutes(1);
  EXPECT_THAT(RunJob(&watched, target_, options, kNew), IsOk());
  EXPECT_EQ(num_tries, 3);
  EXPECT_THAT(Viewed(), ElementsAre("_SUCCESS", "year=1/part-0-new.csv"));
}

TEST_F(RecoveryTest, WaitingEndsOnRequest) {
  PARTITA_TEST_ASSIGN(
      const auto live,
      DatasetTransaction::Begin(&store_, target_, OptionsFor(SaveMode::kOverwrite)));
  std::stop_source stop;
  stop.request_stop();
  auto options = OptionsFor(SaveMode::kOverwrite);
  options.wait = std::chrono::hours(1);
  options.stop = stop.get_token();
  EXPECT_THAT(RunJob(&store_, target_, options, kNew),
              FailsWith(ErrorCode::kCancelled, _));
}

TEST_F(RecoveryTest, StateOfANewerVersionOrDamagedIsRefusedNotGuessed) {
  auto text = ReadTree(state_).at("HEAD");
  WriteTextFile(state_ + "/HEAD", "partita head 2" + text.substr(text.find('\n')));
  const auto before = ReadTree(folder_.path());
  EXPECT_THAT(Recover(&store_, target_, false),
              FailsWith(ErrorCode::kCommitStateUnknown, HasSubstr("version 2")));
  EXPECT_THAT(RunJob(&store_, target_, OptionsFor(SaveMode::kOverwrite), kNew),
              FailsWith(ErrorCode::kCommitStateUnknown, HasSubstr("version 2")));
  EXPECT_THAT(ViewDataset(&store_, target_),
              FailsWith(ErrorCode::kCommitStateUnknown, _));
  EXPECT_EQ(ReadTree(folder_.path()), before);
  text[text.find("generation 1") + 11] = '7';
  WriteTextFile(state_ + "/HEAD", text);
  EXPECT_THAT(Recover(&store_, target_, false),
              FailsWith(ErrorCode::kCommitStateUnknown, HasSubstr("checksum")));
}

TEST_F(RecoveryTest, FoldersMadeAboveTheTargetGoWithTheDeadJob) {
  target_ = folder_ / "a/b/out";
  const auto before = ReadTree(folder_.path());
  KillBefore("close", 2);
  ASSERT_TRUE(std::filesystem::exists(folder_ / "a/b"));
  EXPECT_EQ(RecoverNow().ValueOrDie(), Outcome::kRemoved);
  EXPECT_EQ(ReadTree(folder_.path()), before);
}

}  // namespace
}  // namespace partita
