#include "partita/job/memory_plan.h"

#include <gtest/gtest.h>

namespace partita {
namespace {

constexpr int64_t kMiB = int64_t{1} << 20;

TEST(MemoryPlanTest, LeavesAtLeastAQuarterOfTheBudgetForRuns) {
  for (const int64_t budget : {16 * kMiB, 64 * kMiB, 256 * kMiB, 4096 * kMiB}) {
    for (const int threads : {1, 2, 16, 64}) {
      const MemoryPlan plan = MakeMemoryPlan(budget, threads, 3);
      EXPECT_LE(plan.reserved, budget * 3 / 4)
          << budget << " bytes, " << threads << " threads";
      EXPECT_GE(plan.segment_size, static_cast<size_t>(kMiB));
    }
  }
}

TEST(MemoryPlanTest, LargeBudgetsGiveSparksRowGroups) {
  EXPECT_EQ(MakeMemoryPlan(int64_t{6} << 30, 2, 3).row_group_bytes, 128 * kMiB);
  EXPECT_EQ(MakeMemoryPlan(int64_t{6} << 30, 2, 3).segment_size,
            static_cast<size_t>(32 * kMiB));
}

}  // namespace
}  // namespace partita
