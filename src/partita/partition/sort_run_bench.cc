#include "partita/partition/sort_run.h"

#include <random>

#include <benchmark/benchmark.h>

namespace partita {
namespace {

constexpr size_t kRows = 280'000;  // of the register in 64 MiB

void BM_SortRun(benchmark::State& state) {
  const auto num_partitions = static_cast<size_t>(state.range(0));
  const auto num_rows = static_cast<size_t>(state.range(1));
  std::mt19937 random(1);
  std::vector<RowRef> rows;
  std::vector<PartitionId> ids;
  for (size_t i = 0; i < num_rows; ++i) {
    rows.push_back({.offset = static_cast<uint32_t>(i * 240), .length = 239});
    ids.push_back(static_cast<PartitionId>(random() % num_partitions));
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(SortRun(Buffer(), rows, ids, num_partitions));
  }
  const auto sorted = static_cast<int64_t>(num_rows) * state.iterations();
  state.SetItemsProcessed(sorted);
  state.SetBytesProcessed(sorted * static_cast<int64_t>(sizeof(RowRef)));
}

BENCHMARK(BM_SortRun)
    ->ArgsProduct({{229, 10'000, 100'000, 1'000'000}, {kRows}})
    ->ArgsProduct({{1'000'000}, {10'000, 40'000, 60'000, 80'000, 120'000}})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace partita
