#include "partita/partition/partition_table.h"

#include <array>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

std::string PathOf(int number) { return "Model Year=" + std::to_string(number); }

TEST(PartitionTableTest, NumbersPathsInOrderOfFirstSight) {
  MemoryBudget budget(0);
  const auto table = PartitionTable::Make(&budget);
  EXPECT_EQ(table->FindOrAdd("a=1"), 0U);
  EXPECT_EQ(table->FindOrAdd("a=2"), 1U);
  EXPECT_EQ(table->FindOrAdd("a=1"), 0U);
  EXPECT_EQ(table->FindOrAdd(""), 2U);
  EXPECT_EQ(table->size(), 3U);
  EXPECT_EQ(table->path(0), "a=1");
  EXPECT_EQ(table->path(1), "a=2");
  EXPECT_EQ(table->path(2), "");
}

TEST(PartitionTableTest, FindsEachOfAHundredThousandPaths) {
  MemoryBudget budget(0);
  const auto table = PartitionTable::Make(&budget);
  for (int pass = 0; pass < 2; ++pass) {
    for (int i = 0; i < 100'000; ++i) {
      ASSERT_EQ(table->FindOrAdd(PathOf(i)), static_cast<PartitionId>(i));
    }
  }
  EXPECT_EQ(table->size(), 100'000U);
  EXPECT_EQ(table->path(77'777), "Model Year=77777");
}

TEST(PartitionTableTest, KeepsPathsLongerThanAnyChunk) {
  MemoryBudget budget(0);
  const auto table = PartitionTable::Make(&budget);
  const std::string path(1'000'000, 'x');
  table->FindOrAdd("first");
  EXPECT_EQ(table->FindOrAdd(path), 1U);
  EXPECT_EQ(table->FindOrAdd("last"), 2U);
  EXPECT_EQ(table->path(1), path);
  EXPECT_EQ(table->path(2), "last");
}

TEST(PartitionTableTest, ThreadsAgreeOnIds) {
  MemoryBudget budget(0);
  const auto table = PartitionTable::Make(&budget);
  std::array<std::vector<PartitionId>, 4> ids;
  {
    std::array<std::jthread, 4> threads;
    for (size_t t = 0; t < ids.size(); ++t) {
      threads[t] = std::jthread([&, t] {
        for (int i = 0; i < 5'000; ++i) {
          ids[t].push_back(table->FindOrAdd(PathOf(t % 2 == 0 ? i : 4'999 - i)));
          EXPECT_LT(ids[t].back(), table->size());
        }
      });
    }
  }
  ASSERT_EQ(table->size(), 5'000U);
  for (size_t t = 0; t < ids.size(); ++t) {
    for (size_t i = 0; i < ids[t].size(); ++i) {
      const int number = static_cast<int>(t % 2 == 0 ? i : 4'999 - i);
      EXPECT_EQ(table->path(ids[t][i]), PathOf(number));
    }
  }
}

TEST(PartitionTableTest, ChargesItsMemoryAndGivesItBack) {
  MemoryBudget budget(0);
  {
    const auto table = PartitionTable::Make(&budget);
    for (int i = 0; i < 100'000; ++i) {
      table->FindOrAdd(PathOf(i));
    }
    EXPECT_GT(budget.used(), 100'000 * 20);
    EXPECT_LT(budget.used(), 100'000 * 70);
    const int64_t own = budget.used();
    const auto with_files = PartitionTable::Make(&budget, 1000);
    for (int i = 0; i < 100'000; ++i) {
      with_files->FindOrAdd(PathOf(i));
    }
    EXPECT_EQ(budget.used(), 2 * own + 100'000 * 1000);
  }
  EXPECT_EQ(budget.used(), 0);
}

}  // namespace
}  // namespace partita
