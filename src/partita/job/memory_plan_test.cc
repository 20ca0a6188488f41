#include "partita/job/memory_plan.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kMiB = int64_t{1} << 20;

TEST(MemoryPlanTest, LeavesAtLeastAQuarterOfTheBudgetForRuns) {
  for (const int64_t budget : {16 * kMiB, 64 * kMiB, 256 * kMiB, 4096 * kMiB}) {
    for (const int threads : {1, 2, 16, 64}) {
      PARTITA_TEST_ASSIGN(const MemoryPlan plan,
                          MakeMemoryPlan({.budget = budget,
                                          .threads = threads,
                                          .num_outputs = 3,
                                          .num_parquet_outputs = 1}));
      EXPECT_LE(plan.reserved, budget * 3 / 4) << budget << " bytes, " << threads;
      EXPECT_GE(plan.segment_size, static_cast<size_t>(kMiB));
      EXPECT_GE(plan.threads, 1);
    }
  }
}

TEST(MemoryPlanTest, ASmallBudgetFeedsFewerThreads) {
  PARTITA_TEST_ASSIGN(const MemoryPlan plan,
                      MakeMemoryPlan({.budget = 16 * kMiB, .threads = 64}));
  EXPECT_LT(plan.threads, 8);
}

TEST(MemoryPlanTest, ABudgetThatFeedsNoThreadIsRefusedWithTheLeast) {
  EXPECT_THAT(MakeMemoryPlan({.budget = kMiB}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("--memory 16MiB")));
  EXPECT_THAT(MakeMemoryPlan({.budget = 16 * kMiB}), IsOk());
  const MemoryDemand many{
      .budget = 16 * kMiB, .num_outputs = 4, .num_parquet_outputs = 4};
  EXPECT_THAT(MakeMemoryPlan(many),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("--memory 24MiB")));
}

TEST(MemoryPlanTest, WorkersThatWaitForDevicesLeaveHalfOfTheBudgetForRuns) {
  for (const int64_t budget : {64 * kMiB, 256 * kMiB, 1024 * kMiB, 4096 * kMiB}) {
    PARTITA_TEST_ASSIGN(const MemoryPlan plan,
                        MakeMemoryPlan({.budget = budget,
                                        .threads = 2,
                                        .num_outputs = 3,
                                        .num_parquet_outputs = 1}));
    EXPECT_GE(plan.encode_workers, plan.threads);
    if (plan.encode_workers > plan.threads) {
      EXPECT_LE(plan.reserved, budget / 2);
    }
  }
  PARTITA_TEST_ASSIGN(const MemoryPlan plan,
                      MakeMemoryPlan({.budget = int64_t{6} << 30, .threads = 2}));
  EXPECT_EQ(plan.encode_workers, 4);
}

TEST(MemoryPlanTest, LargeBudgetsGiveSparksRowGroups) {
  PARTITA_TEST_ASSIGN(const MemoryPlan plan, MakeMemoryPlan({.budget = int64_t{6} << 30,
                                                             .threads = 2,
                                                             .num_outputs = 3,
                                                             .num_parquet_outputs = 1}));
  EXPECT_EQ(plan.row_group_bytes, 128 * kMiB);
  EXPECT_EQ(plan.segment_size, static_cast<size_t>(32 * kMiB));
  EXPECT_EQ(plan.threads, 2);
}

}  // namespace
}  // namespace partita
