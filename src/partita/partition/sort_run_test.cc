#include "partita/partition/sort_run.h"

#include <algorithm>
#include <map>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The plain twin: rows' offsets by partition, in input order.
std::map<PartitionId, std::vector<uint32_t>> Grouped(
    const std::vector<RowRef>& rows, const std::vector<PartitionId>& ids) {
  std::map<PartitionId, std::vector<uint32_t>> groups;
  for (size_t i = 0; i < rows.size(); ++i) {
    groups[ids[i]].push_back(rows[i].offset);
  }
  return groups;
}

std::map<PartitionId, std::vector<uint32_t>> Ungrouped(const SortedRun& run) {
  std::map<PartitionId, std::vector<uint32_t>> groups;
  for (size_t i = 0; i < run.partitions.size(); ++i) {
    for (uint32_t row = run.begins[i]; row < run.begins[i + 1]; ++row) {
      groups[run.partitions[i]].push_back(run.rows[row].offset);
    }
  }
  return groups;
}

TEST(SortRunTest, GroupsRowsByPartitionInInputOrder) {
  const std::vector<RowRef> rows = {{0, 4}, {5, 1}, {7, 2}, {10, 3}};
  const SortedRun run = SortRun(Buffer(), rows, {3, 1, 3, 0}, 5);
  EXPECT_THAT(run.partitions, ElementsAre(0, 1, 3));
  EXPECT_THAT(run.begins, ElementsAre(0, 1, 2, 4));
  ASSERT_EQ(run.rows.size(), 4U);
  EXPECT_EQ(run.rows[2].offset, 0U);
  EXPECT_EQ(run.rows[2].length, 4U);
  EXPECT_EQ(run.rows[3].offset, 7U);
  EXPECT_EQ(run.rows[3].length, 2U);
}

TEST(SortRunTest, TakesNoRows) {
  for (const size_t num_partitions : {0, 1, 1'000'000}) {
    const SortedRun run = SortRun(Buffer(), {}, {}, num_partitions);
    EXPECT_THAT(run.partitions, IsEmpty());
    EXPECT_THAT(run.begins, ElementsAre(0));
  }
}

TEST(SortRunTest, KeepsTheBufferOfTheRows) {
  Buffer buffer = Buffer::Make(4096).ValueOrDie();
  const char* data = buffer.data();
  EXPECT_EQ(SortRun(std::move(buffer), {{0, 1}}, {0}, 1).bytes.data(), data);
}

TEST(SortRunTest, AgreesWithAPlainGroupingForFewAndManyPartitions) {
  std::mt19937 random(11);
  for (const size_t num_partitions : {1, 2, 229, 5'000, 200'000}) {
    for (const size_t num_rows : {1, 2, 63, 1'000, 9'999}) {
      std::vector<RowRef> rows;
      std::vector<PartitionId> ids;
      for (size_t i = 0; i < num_rows; ++i) {
        rows.push_back({.offset = static_cast<uint32_t>(i), .length = 7});
        ids.push_back(static_cast<PartitionId>(random() % num_partitions));
      }
      const SortedRun run = SortRun(Buffer(), rows, ids, num_partitions);
      EXPECT_TRUE(std::ranges::is_sorted(run.partitions));
      EXPECT_EQ(run.begins.size(), run.partitions.size() + 1);
      EXPECT_EQ(Ungrouped(run), Grouped(rows, ids));
    }
  }
}

}  // namespace
}  // namespace partita
