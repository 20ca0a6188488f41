// Kills real processes with SIGKILL on a real file system, and lets two of them race. A
// sample by default; all with PARTITA_FAULTS=all.
#include <csignal>
#include <filesystem>
#include <iostream>
#include <map>
#include <random>
#include <string>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/system.h"
#include "partita/commit/dataset_view.h"
#include "partita/commit/recovery.h"
#include "partita/store/faulty_store.h"
#include "partita/store/local_store.h"

#include "support/child_process.h"
#include "support/dataset_jobs.h"
#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::IsEmpty;

bool IsAll() { return Environment("PARTITA_FAULTS") == "all"; }

DatasetFiles FilesOf(const std::string& job, int num_partitions) {
  DatasetFiles files;
  for (int i = 0; i < num_partitions; ++i) {
    for (const char* format : {"csv", "json", "snappy.parquet"}) {
      files[fmt::format("year={}/make={}/part-0-{}.{}", i / 4, i, job, format)] =
          fmt::format("rows of {} in {}", job, i);
    }
  }
  return files;
}

DatasetTransaction::Options OptionsFor(SaveMode mode) {
  DatasetTransaction::Options options;
  options.mode = mode;
  options.durability = Durability::kFast;
  return options;
}

// The data files of a tree as ReadTree() gives it.
DatasetFiles DataFilesOf(const std::map<std::string, std::string>& tree) {
  DatasetFiles files;
  for (const auto& [path, text] : tree) {
    if (path.back() != '/' && path.find("part-") != std::string::npos &&
        path.front() != '.') {
      files[path] = text;
    }
  }
  return files;
}

class ProcessFaultTest : public ::testing::TestWithParam<SaveMode> {
 protected:
  DatasetFiles OwnView() {
    DatasetFiles files;
    const auto view = ViewDataset(&store_, target_);
    EXPECT_THAT(view, IsOk());
    for (const ViewFile& file : view->files) {
      if (file.path != "_SUCCESS") {
        files[file.path] = ReadFile(&store_, file.location).ValueOr("<missing>");
      }
    }
    return files;
  }

  // Runs the job in a process that is killed before its n-th store call; false when it has
  // ended before.
  bool KillAt(int64_t point) {
    const int status = RunInChild([&] {
      FaultyStore dying(&store_);
      dying.set_on_call([&](int64_t number, std::string_view) {
        if (number == point) {
          kill(getpid(), SIGKILL);
        }
      });
      return ExitCodeOf(RunJob(&dying, target_, OptionsFor(GetParam()), new_));
    });
    EXPECT_TRUE(status == 0 || WIFSIGNALED(status)) << status;
    return WIFSIGNALED(status);
  }

  TempFolder folder_;
  LocalStore store_;
  std::string target_ = folder_ / "out";
  const DatasetFiles old_ = FilesOf("old", 20);
  const DatasetFiles new_ = FilesOf("new", 20);
};

TEST_P(ProcessFaultTest, KilledAtAnyCallItLeavesOldOrNew) {
  DatasetFiles after = new_;
  if (GetParam() == SaveMode::kAppend) {
    after.insert(old_.begin(), old_.end());
  }
  int64_t num_points = 0;
  const int64_t step = IsAll() ? 1 : 97;
  for (int64_t point = 1;; point += step) {
    SCOPED_TRACE(fmt::format("killed before call {}", point));
    std::filesystem::remove_all(target_);
    std::filesystem::remove_all(folder_ / ".out.partita");
    ASSERT_THAT(RunJob(&store_, target_, OptionsFor(SaveMode::kOverwrite), old_), IsOk());
    const bool is_killed = KillAt(point);
    ASSERT_THAT(OwnView(), AnyOf(Eq(old_), Eq(after)));
    ASSERT_THAT(Recover(&store_, target_, false), IsOk());
    const DatasetFiles plain = DataFilesOf(ReadTree(target_));
    ASSERT_THAT(plain, AnyOf(Eq(old_), Eq(after)));
    ASSERT_EQ(ReadTree(folder_ / ".out.partita").size(), 2);
    if (!is_killed) {
      break;
    }
    ++num_points;
  }
  std::cout << "crash points: " << num_points << "\n";
  EXPECT_GT(num_points, 5);
}

INSTANTIATE_TEST_SUITE_P(Modes, ProcessFaultTest,
                         ::testing::Values(SaveMode::kOverwrite, SaveMode::kAppend,
                                           SaveMode::kOverwritePartitions));

// Waits for both; how many of them said that they have committed.
int CountWinners(pid_t first, pid_t second) {
  int winners = 0;
  for (const pid_t writer : {first, second}) {
    int status = -1;
    EXPECT_EQ(waitpid(writer, &status, 0), writer);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_THAT(WEXITSTATUS(status), AnyOf(0, 5)) << "neither done nor a conflict";
    winners += WEXITSTATUS(status) == 0 ? 1 : 0;
  }
  return winners;
}

// A writer that starts after some turns of a loop, so that the two meet anywhere.
pid_t StartWriter(const std::string& target, const DatasetFiles& files, int64_t turns) {
  const pid_t writer = fork();
  if (writer != 0) {
    return writer;
  }
  volatile int64_t turn = 0;
  while (turn < turns) {
    turn = turn + 1;
  }
  LocalStore store;
  const arrow::Status status =
      RunJob(&store, target, OptionsFor(SaveMode::kOverwrite), files);
  if (!status.ok() && CodeOf(status) != ErrorCode::kCommitConflict) {
    std::cout << status.ToString() << std::endl;
  }
  _exit(status.ok() ? 0 : CodeOf(status) == ErrorCode::kCommitConflict ? 5 : 1);
}

TEST(TwoWritersTest, OneWinsTheOtherIsToldAndNothingIsMixed) {
  constexpr int kSeed = 4;
  std::mt19937_64 random(kSeed);
  const TempFolder folder;
  LocalStore store;
  const std::string target = folder / "out";
  const DatasetFiles a = FilesOf("a", 6);
  const DatasetFiles b = FilesOf("b", 6);
  int64_t generation = 0;
  int num_conflicts = 0;
  const int num_rounds = IsAll() ? 200 : 20;
  for (int round = 0; round < num_rounds; ++round) {
    const pid_t first =
        StartWriter(target, a, static_cast<int64_t>(random() % 60'000'000));
    const pid_t second =
        StartWriter(target, b, static_cast<int64_t>(random() % 60'000'000));
    const int num_winners = CountWinners(first, second);
    ASSERT_GE(num_winners, 1) << "round " << round;
    num_conflicts += 2 - num_winners;
    generation += num_winners;
    ASSERT_THAT(DataFilesOf(ReadTree(target)), AnyOf(Eq(a), Eq(b))) << "round " << round;
    PARTITA_TEST_ASSIGN(const auto view, ViewDataset(&store, target));
    ASSERT_EQ(view.generation, generation) << "an update is lost in round " << round;
    ASSERT_EQ(ReadTree(folder / ".out.partita").size(), 2);
  }
  std::cout << "rounds: " << num_rounds << ", conflicts: " << num_conflicts << "\n";
}

}  // namespace
}  // namespace partita
