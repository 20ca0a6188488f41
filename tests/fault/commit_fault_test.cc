// Breaks every single call of a commit, and of the recovery after it, on a store in memory:
// the data set must be the old or the new one, whole. A sample by default; all of them with
// PARTITA_FAULTS=all.
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/hash.h"
#include "partita/base/system.h"
#include "partita/commit/commit_state.h"
#include "partita/commit/dataset_transaction.h"
#include "partita/commit/dataset_view.h"
#include "partita/commit/recovery.h"
#include "partita/store/faulty_store.h"
#include "partita/store/memory_store.h"
#include "partita/store/path.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AnyOf;
using ::testing::Eq;

using Files = std::map<std::string, std::string>;

constexpr char kTarget[] = "/data/out";
constexpr char kState[] = "/data/.out.partita";
constexpr int kPartitions = 20;

enum class Old { kNone, kOurs, kSparks };

// What the target is before the job, and how the job writes to it.
struct Scenario {
  const char* name;
  SaveMode mode;
  Old old;
  bool can_exchange;
};

const Scenario kScenarios[] = {
    {"Swap", SaveMode::kOverwrite, Old::kOurs, true},
    {"SwapOverSpark", SaveMode::kOverwrite, Old::kSparks, true},
    {"Place", SaveMode::kErrorIfExists, Old::kNone, true},
    {"OverwriteByMerging", SaveMode::kOverwrite, Old::kOurs, false},
    {"Append", SaveMode::kAppend, Old::kOurs, true},
    {"AppendToSpark", SaveMode::kAppend, Old::kSparks, true},
    {"Partitions", SaveMode::kOverwritePartitions, Old::kOurs, true},
};

// One file per format and partition. The new data set leaves some old partitions out and has
// some of its own.
Files FilesOf(const std::string& job, int first_partition) {
  Files files;
  for (int i = first_partition; i < first_partition + kPartitions; ++i) {
    for (const char* format : {"csv", "json", "snappy.parquet"}) {
      files[fmt::format("year={}/make=A B {}/part-0-{}.{}", i / 4, i, job, format)] =
          fmt::format("rows of {} in {}", job, i);
    }
  }
  return files;
}

const Files& OldFiles() {
  static const Files files = FilesOf("old", 0);
  return files;
}

const Files& NewFiles() {
  static const Files files = FilesOf("new", 10);
  return files;
}

bool IsHidden(std::string_view path) {
  return path.front() == '.' || path.front() == '_' || path.find("/.") != path.npos;
}

std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

// The data set after the job, by a plain second way.
Files Expected(const Scenario& scenario) {
  Files files = NewFiles();
  if (scenario.mode == SaveMode::kAppend) {
    files.insert(OldFiles().begin(), OldFiles().end());
  }
  if (scenario.mode == SaveMode::kOverwritePartitions) {
    for (const auto& [path, text] : OldFiles()) {
      const bool is_touched = std::any_of(
          NewFiles().begin(), NewFiles().end(),
          [&](const auto& file) { return FolderOf(file.first) == FolderOf(path); });
      if (!is_touched) {
        files[path] = text;
      }
    }
  }
  return files;
}

arrow::Status Put(Store* store, const std::string& path, const std::string& text) {
  ARROW_ASSIGN_OR_RAISE(auto file, store->Create(path, {.make_parents = true}));
  ARROW_RETURN_NOT_OK(file->Write(text.data(), static_cast<int64_t>(text.size())));
  return file->Close();
}

arrow::Status RunJob(Store* store, const std::string& job, SaveMode mode,
                     const Files& files) {
  DatasetTransaction::Options options;
  options.mode = mode;
  options.job_id = job;
  ARROW_ASSIGN_OR_RAISE(auto transaction,
                        DatasetTransaction::Begin(store, kTarget, options));
  DataFileList staged;
  for (const auto& [path, text] : files) {
    ARROW_ASSIGN_OR_RAISE(auto file, transaction->OpenDataFile(path));
    ARROW_RETURN_NOT_OK(file->Write(text.data(), static_cast<int64_t>(text.size())));
    ARROW_RETURN_NOT_OK(file->Close());
    staged.Add({path, 1, file->bytes_written(), file->checksum()});
  }
  ARROW_RETURN_NOT_OK(transaction->Stage(staged));
  return transaction->Commit();
}

std::unique_ptr<MemoryStore> MakeStore(const Scenario& scenario) {
  auto store = std::make_unique<MemoryStore>();
  EXPECT_THAT(store->MakeFolder("/data"), IsOk());
  store->set_can_exchange(scenario.can_exchange);
  if (scenario.old == Old::kOurs) {
    EXPECT_THAT(RunJob(store.get(), "old", SaveMode::kOverwrite, OldFiles()), IsOk());
  } else if (scenario.old == Old::kSparks) {
    for (const auto& [path, text] : OldFiles()) {
      EXPECT_THAT(Put(store.get(), JoinPath(kTarget, path), text), IsOk());
    }
    EXPECT_THAT(Put(store.get(), JoinPath(kTarget, "._SUCCESS.crc"), "crc"), IsOk());
  }
  EXPECT_THAT(store->SyncFileSystem("/"), IsOk());
  return store;
}

// What a reader that knows nothing of us finds.
Files PlainView(MemoryStore* store) {
  Files files;
  const auto info = store->Stat(kTarget);
  if (info->kind == EntryKind::kMissing) {
    return files;
  }
  EXPECT_THAT(
      WalkTree(store, kTarget,
               [&](const TreeEntry& entry) {
                 if (entry.info.kind == EntryKind::kFile && !IsHidden(entry.path)) {
                   files[entry.path] = *ReadFile(store, JoinPath(kTarget, entry.path));
                 }
                 return WalkNext::kInto;
               }),
      IsOk());
  return files;
}

// What our own readers find.
Files OwnView(MemoryStore* store) {
  Files files;
  const auto view = ViewDataset(store, kTarget);
  EXPECT_THAT(view, IsOk());
  if (view.ok()) {
    for (const ViewFile& file : view->files) {
      if (!IsHidden(file.path)) {
        files[file.path] = ReadFile(store, file.location).ValueOr("<missing>");
      }
    }
  }
  return files;
}

bool Includes(const Files& all, const Files& part) {
  return std::includes(all.begin(), all.end(), part.begin(), part.end());
}

// Names in the state folder; empty when there is none.
std::vector<std::string> Leavings(MemoryStore* store) {
  std::vector<std::string> names;
  const auto entries = store->List(kState);
  if (entries.ok()) {
    for (const Entry& entry : *entries) {
      const bool is_manifest = entry.name.starts_with("manifest-") &&
                               entry.name.find('.') == std::string::npos;
      if (entry.name != "HEAD" && !is_manifest) {
        names.push_back(entry.name);
      }
    }
    const auto head = store->Stat(JoinPath(kState, "HEAD"));
    if (entries->size() != (head->kind == EntryKind::kFile ? 2U : 0U) ||
        entries->empty()) {
      names.emplace_back("a state folder with too much or without need");
    }
  }
  for (const Entry& entry : *store->List("/data")) {
    if (JoinPath("/data", entry.name) != kTarget &&
        JoinPath("/data", entry.name) != kState) {
      names.push_back(entry.name);
    }
  }
  return names;
}

bool HasRecord(MemoryStore* store) {
  const auto entries = store->List(kState);
  return entries.ok() &&
         std::any_of(entries->begin(), entries->end(), [](const Entry& entry) {
           return entry.name.starts_with("record-");
         });
}

class CommitFaultTest : public ::testing::TestWithParam<Scenario> {
 protected:
  void SetUp() override {
    before_ = PlainView(start_.get());
    after_ = Expected(GetParam());
  }

  // Every point, or a sample that differs from fault to fault but not from run to run.
  static bool IsChosen(int64_t point, int64_t one_in, Fault fault) {
    const bool is_all = Environment("PARTITA_FAULTS") == "all";
    const auto salt = static_cast<uint64_t>(fault);
    return is_all || (static_cast<uint64_t>(point) * 2654435761U + salt) %
                             static_cast<uint64_t>(one_in) ==
                         0;
  }

  void CheckWhole(MemoryStore* store) const {
    EXPECT_THAT(OwnView(store), AnyOf(Eq(before_), Eq(after_)));
    const Files plain = PlainView(store);
    EXPECT_TRUE(Includes(plain, before_) || Includes(plain, after_));
    Files both = before_;
    both.insert(after_.begin(), after_.end());
    EXPECT_TRUE(Includes(both, plain));
  }

  void Heal(MemoryStore* store) const {
    const auto report = Recover(store, kTarget, false);
    if (before_.empty() && PlainView(store).empty() && Leavings(store).empty()) {
      // The first job on a target was taken back, or had made nothing yet.
      EXPECT_TRUE(report.ok() || CodeOf(report.status()) == ErrorCode::kNotFound);
      return;
    }
    ASSERT_THAT(report, IsOk());
    EXPECT_THAT(report->warnings, ::testing::IsEmpty());
  }

  // After recovery: old or new, for everyone, and nothing else.
  void CheckHealed(MemoryStore* store) const {
    const Files plain = PlainView(store);
    EXPECT_THAT(plain, AnyOf(Eq(before_), Eq(after_)));
    EXPECT_EQ(OwnView(store), plain);
    EXPECT_THAT(Leavings(store), ::testing::IsEmpty());
  }

  // Runs the job with one call broken; false when the job has fewer calls.
  bool Break(MemoryStore* store, Fault fault, int64_t point) {
    FaultyStore faulty(store);
    faulty.SetFault(fault, point);
    status_ = RunJob(&faulty, "new", GetParam().mode, NewFiles());
    return faulty.num_calls() >= point;
  }

  // While files are being staged one crash is like the next, so a few recoveries do. From
  // the record on, all crashes together break the recovery at each call: each of them at
  // every fifth, in turn, as all pairs would be a million and more.
  // `power_seed` 0: the recovery's process dies; else the power is lost.
  void CheckRecoveryBroken(const MemoryStore& crashed, uint64_t power_seed) {
    const bool is_all = Environment("PARTITA_FAULTS") == "all";
    const bool is_staging = !HasRecord(crashed.Clone().get());
    const int64_t turn = num_crashes_++;
    for (int64_t point = 1;; ++point) {
      if (is_staging ? point % 37 != 0 : (point + turn) % (is_all ? 5 : 17) != 0) {
        continue;
      }
      const auto store = crashed.Clone();
      FaultyStore faulty(store.get());
      faulty.SetFault(Fault::kDie, point);
      const auto broken = Recover(&faulty, kTarget, false);
      if (faulty.num_calls() < point) {
        return;
      }
      if (power_seed != 0) {
        store->LosePower(power_seed + static_cast<uint64_t>(point));
      }
      ++num_points_;
      CheckWhole(store.get());
      Heal(store.get());
      CheckHealed(store.get());
    }
  }

  // What is left when the power goes, in several ways, and then again during recovery.
  void CheckPowerLoss(const MemoryStore& at_loss, int64_t point, bool is_committed) {
    for (uint64_t seed = 0; seed < 4; ++seed) {
      SCOPED_TRACE(fmt::format("seed {}", seed));
      const auto store = at_loss.Clone();
      store->LosePower(seed == 0 ? 0 : seed + 100 * static_cast<uint64_t>(point));
      ++num_points_;
      CheckWhole(store.get());
      if (seed < 2) {
        CheckRecoveryBroken(*store, 1 + seed);
      }
      Heal(store.get());
      CheckHealed(store.get());
      EXPECT_TRUE(!is_committed || PlainView(store.get()) == after_);
    }
  }

  void TearDown() override {
    std::cout << "crash points: " << num_points_ << "\n";
    EXPECT_GT(num_points_, 0);
  }

  const std::unique_ptr<MemoryStore> start_ = MakeStore(GetParam());
  Files before_;
  Files after_;
  arrow::Status status_;
  int64_t num_points_ = 0;
  int64_t num_crashes_ = 0;  // after which the recovery was broken
};

TEST_P(CommitFaultTest, AProcessThatDiesAnywhereLeavesOldOrNew) {
  for (int64_t point = 1;; ++point) {
    if (!IsChosen(point, 31, Fault::kDie)) {
      continue;
    }
    SCOPED_TRACE(fmt::format("dies at call {}", point));
    const auto store = start_->Clone();
    if (!Break(store.get(), Fault::kDie, point)) {
      ASSERT_THAT(status_, IsOk());
      break;
    }
    ++num_points_;
    CheckWhole(store.get());
    CheckRecoveryBroken(*store, 0);
    CheckRecoveryBroken(*store, 1);
    Heal(store.get());
    CheckHealed(store.get());
    if (HasFailure()) {
      break;
    }
  }
}

TEST_P(CommitFaultTest, APowerLossAnywhereLeavesOldOrNew) {
  for (int64_t point = 1;; ++point) {
    if (!IsChosen(point, 31, Fault::kNone)) {
      continue;
    }
    SCOPED_TRACE(fmt::format("power is lost at call {}", point));
    const auto store = start_->Clone();
    const bool is_broken = Break(store.get(), Fault::kDie, point);
    CheckPowerLoss(*store, point, status_.ok());
    if (HasFailure() || !is_broken) {
      break;
    }
  }
}

class CommitCallFaultTest : public CommitFaultTest {
 protected:
  // One call goes wrong, the process lives on and says what has happened.
  void BreakEverywhere(Fault fault) {
    for (int64_t point = 1;; ++point) {
      if (!IsChosen(point, 17, fault)) {
        continue;
      }
      SCOPED_TRACE(fmt::format("call {} goes wrong", point));
      const auto store = start_->Clone();
      if (!Break(store.get(), fault, point)) {
        break;
      }
      ++num_points_;
      CheckWhole(store.get());
      CheckTold(store.get());
      Heal(store.get());
      CheckTold(store.get());
      CheckHealed(store.get());
      if (HasFailure()) {
        break;
      }
    }
  }

  // What the job said must be so.
  void CheckTold(MemoryStore* store) const {
    if (status_.ok()) {
      EXPECT_EQ(OwnView(store), after_);
    } else if (CodeOf(status_) != ErrorCode::kCommitStateUnknown) {
      EXPECT_EQ(OwnView(store), before_) << status_.ToString();
      EXPECT_EQ(PlainView(store), before_) << status_.ToString();
    }
  }
};

TEST_P(CommitCallFaultTest, AFailingCallLeavesWhatTheJobSays) {
  BreakEverywhere(Fault::kFail);
}

TEST_P(CommitCallFaultTest, ALostAnswerLeavesWhatTheJobSays) {
  BreakEverywhere(Fault::kLoseAnswer);
}

TEST_P(CommitCallFaultTest, AShortWriteLeavesWhatTheJobSays) {
  BreakEverywhere(Fault::kTruncate);
}

INSTANTIATE_TEST_SUITE_P(AllModes, CommitFaultTest, ::testing::ValuesIn(kScenarios),
                         [](const auto& scenario) { return scenario.param.name; });
INSTANTIATE_TEST_SUITE_P(AllModes, CommitCallFaultTest, ::testing::ValuesIn(kScenarios),
                         [](const auto& scenario) { return scenario.param.name; });

}  // namespace
}  // namespace partita
