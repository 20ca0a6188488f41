#include "partita/job/encode_phase.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {

void PrintTo(const EncodeTask& task, std::ostream* out) {
  *out << task.first << "-" << task.last;
}

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<PartitionTotals> PartitionsOf(const std::vector<int64_t>& bytes) {
  std::vector<PartitionTotals> totals;
  for (const int64_t size : bytes) {
    totals.push_back({.num_rows = 1, .bytes = size});
  }
  return totals;
}

TEST(PlanEncodeTasksTest, NoPartitionsNeedNoTask) {
  EXPECT_THAT(PlanEncodeTasks({}, 100), IsEmpty());
}

TEST(PlanEncodeTasksTest, LargePartitionsComeFirstLargestAheadSmallOnesTogether) {
  EXPECT_THAT(PlanEncodeTasks(PartitionsOf({10, 200, 20, 30, 900, 5}), 100),
              ElementsAre(EncodeTask{4, 5}, EncodeTask{1, 2}, EncodeTask{0, 1},
                          EncodeTask{2, 4}, EncodeTask{5, 6}));
}

TEST(PlanEncodeTasksTest, ABatchHoldsItsBytesAndAThousandPartitionsAtMost) {
  EXPECT_THAT(PlanEncodeTasks(PartitionsOf({60, 40, 1, 99}), 100),
              ElementsAre(EncodeTask{0, 2}, EncodeTask{2, 4}));
  EXPECT_THAT(PlanEncodeTasks(PartitionsOf(std::vector<int64_t>(1500, 0)), 100),
              ElementsAre(EncodeTask{0, 1024}, EncodeTask{1024, 1500}));
}

}  // namespace
}  // namespace partita
