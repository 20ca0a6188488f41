#include "partita/spill/run_store.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <limits>
#include <map>
#include <random>
#include <thread>
#include <vector>

#include <sys/resource.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int64_t kKeepAll = std::numeric_limits<int64_t>::max();

// Rows in input order; the plain twin of a run.
using Rows = std::vector<std::pair<PartitionId, std::string>>;
using Texts = std::map<PartitionId, std::string>;

SortedRun RunOf(const Rows& rows) {
  std::map<PartitionId, std::vector<RowRef>> groups;
  std::string text;
  for (const auto& [partition, row] : rows) {
    groups[partition].push_back({.offset = static_cast<uint32_t>(text.size()),
                                 .length = static_cast<uint32_t>(row.size())});
    text += row + "\n";
  }
  SortedRun run;
  run.bytes = Buffer::Make(text.size()).ValueOrDie();
  std::memcpy(run.bytes.data(), text.data(), text.size());
  for (const auto& [partition, refs] : groups) {
    run.partitions.push_back(partition);
    run.begins.push_back(static_cast<uint32_t>(run.rows.size()));
    run.rows.insert(run.rows.end(), refs.begin(), refs.end());
  }
  run.begins.push_back(static_cast<uint32_t>(run.rows.size()));
  return run;
}

Rows RandomRows(std::mt19937* random, size_t num_rows, unsigned num_partitions) {
  Rows rows(num_rows);
  for (auto& [partition, row] : rows) {
    partition = static_cast<PartitionId>((*random)() % num_partitions);
    row.resize((*random)() % 50 == 0 ? (*random)() % 3000 : (*random)() % 300);
    std::ranges::generate(row, [&] { return static_cast<char>((*random)()); });
  }
  return rows;
}

std::vector<Rows> RandomRuns(std::mt19937* random, size_t num_runs, size_t most_rows,
                             unsigned num_partitions) {
  std::vector<Rows> runs(num_runs);
  for (Rows& rows : runs) {
    rows = RandomRows(random, 1 + (*random)() % most_rows, num_partitions);
  }
  return runs;
}

Texts TextsOf(const std::vector<Rows>& runs) {
  Texts texts;
  for (const Rows& rows : runs) {
    for (const auto& [partition, row] : rows) {
      texts[partition] += row + "\n";
    }
  }
  return texts;
}

// Makes a store of the runs, added in reverse order.
class Stored {
 public:
  Stored(const std::vector<Rows>& runs, int64_t budget_bytes) : budget(budget_bytes) {
    store = RunStore::Make({.temp_dir = ::testing::TempDir(), .budget = &budget})
                .ValueOrDie();
    for (size_t i = runs.size(); i-- > 0;) {
      EXPECT_THAT(store->Add(static_cast<int64_t>(i), RunOf(runs[i]), 0), IsOk());
    }
    EXPECT_THAT(store->Seal(), IsOk());
  }

  MemoryBudget budget;
  std::unique_ptr<RunStore> store;
};

std::string ReadPartition(RunStore::Reader* reader, PartitionId id) {
  std::string text;
  while (true) {
    const auto piece = reader->NextPiece(id);
    EXPECT_THAT(piece, IsOk());
    if (!piece.ok() || piece->empty()) {
      return text;
    }
    EXPECT_EQ(piece->back(), '\n');
    text += *piece;
  }
}

Texts ReadAll(RunStore* store, PartitionId num_partitions, size_t piece_size,
              PartitionId step) {
  Texts texts;
  const auto reader = store->NewReader(piece_size).ValueOrDie();
  for (PartitionId first = 0; first < num_partitions; first += step) {
    const PartitionId last = std::min(first + step, num_partitions);
    EXPECT_THAT(reader->OpenPartitions(first, last), IsOk());
    for (PartitionId id = first; id < last; ++id) {
      std::string text = ReadPartition(reader.get(), id);
      if (!text.empty()) {
        texts[id] = std::move(text);
      }
    }
  }
  return texts;
}

TEST(RunStoreTest, GivesEveryRowBackInInputOrderWhateverTheBudget) {
  std::mt19937 random(3);
  for (const unsigned num_partitions : {1U, 7U, 1'000U}) {
    const std::vector<Rows> runs = RandomRuns(&random, 9, 700, num_partitions);
    const Texts expected = TextsOf(runs);
    for (const int64_t budget : {int64_t{0}, int64_t{300'000}, kKeepAll}) {
      Stored stored(runs, budget);
      EXPECT_EQ(stored.store->bytes_spilled() > 0, budget != kKeepAll);
      for (const auto& [piece_size, step] :
           {std::pair<size_t, PartitionId>{1, 1000}, {500, 3}, {1 << 20, 64}}) {
        EXPECT_EQ(ReadAll(stored.store.get(), num_partitions, piece_size, step),
                  expected);
      }
    }
  }
}

TEST(RunStoreTest, KeepsTheFirstRunsAndHandsBackTheMemoryOfSpilledOnes) {
  MemoryBudget budget(10'000);
  PARTITA_TEST_ASSIGN(const auto store, RunStore::Make({.temp_dir = ::testing::TempDir(),
                                                        .budget = &budget}));
  const Rows rows = {{0, std::string(6'000, 'x')}};
  PARTITA_TEST_ASSIGN(const auto kept, store->Add(0, RunOf(rows), 0));
  EXPECT_FALSE(kept.has_value());
  EXPECT_EQ(store->bytes_spilled(), 0);
  PARTITA_TEST_ASSIGN(const auto spilled, store->Add(1, RunOf(rows), 0));
  ASSERT_TRUE(spilled.has_value());
  EXPECT_EQ(spilled->bytes.size(), 6'001U);
  EXPECT_TRUE(spilled->rows.empty());
  EXPECT_GT(store->bytes_spilled(), 6'000);
}

TEST(RunStoreTest, SpillsKeptRunsWhenOthersHaveTakenTheirMemory) {
  MemoryBudget budget(2'000'000);
  PARTITA_TEST_ASSIGN(const auto store, RunStore::Make({.temp_dir = ::testing::TempDir(),
                                                        .budget = &budget}));
  const std::vector<Rows> runs = {{{0, std::string(3'000'000, 'x')}},
                                  {{0, std::string(6'000, 'a')}},
                                  {{0, std::string(6'000, 'b')}},
                                  {{0, std::string(6'000, 'c')}}};
  for (size_t i = 0; i < 3; ++i) {
    ASSERT_THAT(store->Add(static_cast<int64_t>(i), RunOf(runs[i]), 0), IsOk());
  }
  const int64_t spilled_before = store->bytes_spilled();
  EXPECT_LT(spilled_before, 3'006'000);
  const int64_t taken = budget.limit() - budget.used() + 5'000;
  budget.Charge(taken);
  ASSERT_THAT(store->Add(3, RunOf(runs[3]), 0), IsOk());
  EXPECT_LE(budget.used(), budget.limit());
  EXPECT_GT(store->bytes_spilled(), spilled_before + 2 * 6'000);
  budget.Release(taken);
  ASSERT_THAT(store->Seal(), IsOk());
  EXPECT_EQ(ReadAll(store.get(), 1, 100, 1), TextsOf(runs));
}

TEST(RunStoreTest, PiecesHoldAsManyRowsAsFitAndAtLeastOne) {
  const Rows rows = {
      {0, "1234"}, {0, "1234"}, {0, std::string(40, 'x')}, {0, ""}, {0, "1"}};
  for (const int64_t budget : {int64_t{0}, kKeepAll}) {
    Stored stored({rows}, budget);
    const auto reader = stored.store->NewReader(10).ValueOrDie();
    ASSERT_THAT(reader->OpenPartitions(0, 1), IsOk());
    EXPECT_EQ(reader->NextPiece(0).ValueOrDie(), "1234\n1234\n");
    EXPECT_EQ(reader->NextPiece(0).ValueOrDie(), std::string(40, 'x') + "\n");
    EXPECT_EQ(reader->NextPiece(0).ValueOrDie(), "\n1\n");
    EXPECT_EQ(reader->NextPiece(0).ValueOrDie(), "");
    EXPECT_EQ(reader->NextPiece(0).ValueOrDie(), "");
  }
}

TEST(RunStoreTest, GivesNothingForPartitionsThatNoRunHolds) {
  for (const int64_t budget : {int64_t{0}, kKeepAll}) {
    Stored stored({{{5, "a"}}, {}, {{9, "b"}}}, budget);
    EXPECT_EQ(ReadAll(stored.store.get(), 12, 100, 12), (Texts{{5, "a\n"}, {9, "b\n"}}));
    EXPECT_EQ(ReadAll(stored.store.get(), 12, 100, 1), (Texts{{5, "a\n"}, {9, "b\n"}}));
  }
}

TEST(RunStoreTest, TakesNoRuns) {
  Stored stored({}, 0);
  EXPECT_EQ(ReadAll(stored.store.get(), 3, 100, 2), Texts());
}

TEST(RunStoreTest, PartitionsMayBeLeftOutOrLeftHalfRead) {
  Rows rows;
  for (PartitionId id = 0; id < 2'000; ++id) {
    rows.emplace_back(id, "first of " + std::to_string(id));
    rows.emplace_back(id, "second");
  }
  for (const int64_t budget : {int64_t{0}, kKeepAll}) {
    Stored stored({rows, rows}, budget);
    const auto reader = stored.store->NewReader(16).ValueOrDie();
    ASSERT_THAT(reader->OpenPartitions(0, 2'000), IsOk());
    for (PartitionId id = 0; id < 2'000; id += 300) {
      EXPECT_EQ(reader->NextPiece(id).ValueOrDie(),
                "first of " + std::to_string(id) + "\n");
    }
    ASSERT_THAT(reader->OpenPartitions(3, 4), IsOk());
    EXPECT_EQ(reader->NextPiece(3).ValueOrDie(), "first of 3\n");
  }
}

TEST(RunStoreTest, ServesAHundredThousandPartitionsInAnyOrderOfRanges) {
  constexpr PartitionId kPartitions = 100'000;
  std::mt19937 random(17);
  std::vector<Rows> runs(3);
  for (size_t i = 0; i < 150'000; ++i) {
    runs[i % 3].emplace_back(static_cast<PartitionId>(random() % kPartitions),
                             std::to_string(i));
  }
  const Texts expected = TextsOf(runs);
  for (const int64_t budget : {int64_t{0}, int64_t{1'500'000}, kKeepAll}) {
    Stored stored(runs, budget);
    EXPECT_EQ(ReadAll(stored.store.get(), kPartitions, 4096, 777), expected);
    const auto reader = stored.store->NewReader(4096).ValueOrDie();
    for (int i = 0; i < 2'000; ++i) {
      const auto id = static_cast<PartitionId>(random() % kPartitions);
      ASSERT_THAT(reader->OpenPartitions(id, id + 1), IsOk());
      const auto found = expected.find(id);
      ASSERT_EQ(ReadPartition(reader.get(), id),
                found == expected.end() ? "" : found->second);
    }
  }
}

TEST(RunStoreTest, ReadsPartitionsAndRowsLargerThanEveryBuffer) {
  const std::string huge(3'000'000, 'h');
  Rows rows;
  for (size_t i = 0; i < 30'000; ++i) {
    rows.emplace_back(1, "row " + std::to_string(i) + std::string(i % 200, '.'));
  }
  rows.emplace_back(0, "small");
  rows.insert(rows.begin() + 15'000, {1, huge});
  for (const int64_t budget : {int64_t{0}, kKeepAll}) {
    Stored stored({rows, {{1, huge}}, rows}, budget);
    EXPECT_EQ(ReadAll(stored.store.get(), 2, 64 << 10, 2),
              TextsOf({rows, {{1, huge}}, rows}));
  }
}

TEST(RunStoreTest, AThousandSpilledRunsAreReadWithLittleMemory) {
  std::mt19937 random(23);
  const std::vector<Rows> runs = RandomRuns(&random, 1'000, 40, 500);
  Stored stored(runs, 0);
  const int64_t before = stored.budget.used();
  constexpr size_t kPieceSize = 1 << 20;
  const auto reader = stored.store->NewReader(kPieceSize).ValueOrDie();
  EXPECT_LT(stored.budget.used() - before, 8 << 20);
  EXPECT_EQ(ReadAll(stored.store.get(), 500, kPieceSize, 100), TextsOf(runs));
}

TEST(RunStoreTest, ThreadsAddAndReadAtOnce) {
  constexpr size_t kThreads = 4;
  constexpr size_t kRunsEach = 12;
  std::mt19937 random(29);
  const std::vector<Rows> runs = RandomRuns(&random, kThreads * kRunsEach, 400, 40);
  MemoryBudget budget(1'000'000);
  PARTITA_TEST_ASSIGN(const auto store,
                      RunStore::Make({.temp_dir = ::testing::TempDir(),
                                      .budget = &budget,
                                      .num_slots = static_cast<int>(kThreads)}));
  {
    std::array<std::jthread, kThreads> threads;
    for (size_t slot = 0; slot < kThreads; ++slot) {
      threads[slot] = std::jthread([&, slot] {
        for (size_t i = slot; i < runs.size(); i += kThreads) {
          EXPECT_THAT(
              store->Add(static_cast<int64_t>(i), RunOf(runs[i]), static_cast<int>(slot)),
              IsOk());
        }
      });
    }
  }
  ASSERT_THAT(store->Seal(), IsOk());
  EXPECT_GT(store->bytes_spilled(), 0);
  const Texts expected = TextsOf(runs);
  std::array<std::jthread, kThreads> threads;
  for (PartitionId i = 0; i < kThreads; ++i) {
    threads[i] = std::jthread(
        [&, i] { EXPECT_EQ(ReadAll(store.get(), 40, 2'000, i + 1), expected); });
  }
}

TEST(RunStoreTest, GivesBackAllItChargedAndLeavesNoFiles) {
  const std::string folder = ::testing::TempDir() + "/partita_run_store_test";
  std::filesystem::create_directories(folder);
  MemoryBudget budget(100'000);
  {
    PARTITA_TEST_ASSIGN(const auto store,
                        RunStore::Make({.temp_dir = folder, .budget = &budget}));
    std::mt19937 random(31);
    for (int i = 0; i < 5; ++i) {
      ASSERT_THAT(store->Add(i, RunOf(RandomRows(&random, 300, 9)), 0), IsOk());
    }
    ASSERT_THAT(store->Seal(), IsOk());
    EXPECT_GT(store->bytes_spilled(), 0);
    EXPECT_TRUE(std::filesystem::is_empty(folder));
    EXPECT_THAT(store->NewReader(5'000), IsOk());
  }
  EXPECT_EQ(budget.used(), 0);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove(folder);
}

TEST(RunStoreTest, SaysWhichFolderCannotHoldTemporaryFiles) {
  MemoryBudget budget(0);
  PARTITA_TEST_ASSIGN(const auto store,
                      RunStore::Make({.temp_dir = "/nowhere/at/all", .budget = &budget}));
  EXPECT_THAT(store->Add(0, RunOf({{0, "a"}}), 0),
              FailsWith(ErrorCode::kStoreUnavailable,
                        AllOf(HasSubstr("/nowhere/at/all"), HasSubstr("--temp-dir"))));
}

// In a process of its own: no file may grow over 64 KiB, as on a full disk.
[[noreturn]] void SpillWithoutSpace() {
  signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{.rlim_cur = 65'536, .rlim_max = 65'536};
  setrlimit(RLIMIT_FSIZE, &limit);
  MemoryBudget budget(0);
  const auto store =
      RunStore::Make({.temp_dir = ::testing::TempDir(), .budget = &budget}).ValueOrDie();
  const Rows rows = {{0, std::string(100'000, 'x')}};
  const arrow::Status status = store->Add(0, RunOf(rows), 0).status();
  const bool is_right = !status.ok() && CodeOf(status) == ErrorCode::kStoreUnavailable &&
                        status.message().find("--temp-dir") != std::string::npos &&
                        status.message().find(::testing::TempDir()) != std::string::npos;
  _exit(is_right ? 0 : 1);
}

TEST(RunStoreTest, AFullDiskIsAnErrorThatNamesTheFolderAndTheWayOut) {
  EXPECT_EXIT(SpillWithoutSpace(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace partita
