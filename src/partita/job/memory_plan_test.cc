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
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("--memory 25MiB")));
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
  EXPECT_EQ(plan.encode_workers, 8);
}

MemoryDemand WithObjects(int64_t budget, int threads) {
  return {.budget = budget,
          .threads = threads,
          .num_outputs = 3,
          .num_parquet_outputs = 1,
          .num_object_outputs = 2,
          .part_bytes = 8 * kMiB};
}

TEST(MemoryPlanTest, SetsAPartAsideForEveryOpenObjectAndSomeForThoseUnderWay) {
  for (const int64_t budget : {64 * kMiB, 256 * kMiB, 1024 * kMiB, 8192 * kMiB}) {
    for (const int threads : {1, 2, 16}) {
      PARTITA_TEST_ASSIGN(const MemoryPlan plan,
                          MakeMemoryPlan(WithObjects(budget, threads)));
      EXPECT_LE(plan.reserved, budget * 3 / 4) << budget << " bytes, " << threads;
      EXPECT_GE(plan.upload_bytes, 8 * kMiB);
      EXPECT_LE(plan.upload_bytes, 16 * 8 * kMiB);
      EXPECT_GE(plan.reserved, plan.upload_bytes + plan.encode_workers * 2 * 8 * kMiB);
    }
  }
}

TEST(MemoryPlanTest, TheLeastForObjectsIsNamedAndIsEnough) {
  MemoryDemand demand = WithObjects(16 * kMiB, 1);
  EXPECT_THAT(MakeMemoryPlan(demand),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("--memory 46MiB")));
  demand.budget = 46 * kMiB;
  EXPECT_THAT(MakeMemoryPlan(demand), IsOk());
  demand.num_outputs = demand.num_object_outputs = 20;
  EXPECT_THAT(MakeMemoryPlan(demand),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("--memory 282MiB")));
  demand.budget = 282 * kMiB;
  EXPECT_THAT(MakeMemoryPlan(demand), IsOk());
}

TEST(MemoryPlanTest, ObjectsAreScannedByMoreThreadsWithinTheSameMemory) {
  for (const int64_t budget : {16 * kMiB, 256 * kMiB, 4096 * kMiB}) {
    PARTITA_TEST_ASSIGN(const MemoryPlan plan,
                        MakeMemoryPlan({.budget = budget, .threads = 2}));
    EXPECT_GE(plan.remote_readers, plan.threads);
    EXPECT_LE(plan.remote_readers, 4 * plan.threads);
    EXPECT_LE(plan.remote_segment_size, plan.segment_size);
    EXPECT_LE(plan.remote_readers * static_cast<int64_t>(plan.remote_segment_size) * 2,
              plan.reserved);
  }
}

TEST(MemoryPlanTest, LargeBudgetsGiveSparksRowGroups) {
  PARTITA_TEST_ASSIGN(const MemoryPlan plan, MakeMemoryPlan({.budget = int64_t{6} << 30,
                                                             .threads = 2,
                                                             .num_outputs = 3,
                                                             .num_parquet_outputs = 1}));
  EXPECT_EQ(plan.row_group_bytes, 128 * kMiB);
  EXPECT_EQ(plan.segment_size, static_cast<size_t>(16 * kMiB));
  EXPECT_EQ(plan.threads, 2);
}

}  // namespace
}  // namespace partita
