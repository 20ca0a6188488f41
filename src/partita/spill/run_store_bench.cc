#include "partita/spill/run_store.h"

#include <cstring>
#include <limits>
#include <random>

#include <benchmark/benchmark.h>

#include "partita/base/system.h"

namespace partita {
namespace {

constexpr size_t kRunBytes = size_t{64} << 20;
constexpr uint32_t kRowBytes = 240;  // with the line end
constexpr size_t kRows = kRunBytes / kRowBytes;
constexpr size_t kPieceSize = size_t{1} << 20;
constexpr PartitionId kRangePartitions = 1024;

// A run of register-sized rows spread evenly over the partitions.
SortedRun MakeRun(PartitionId num_partitions) {
  std::mt19937 random(1);
  std::vector<std::vector<RowRef>> groups(num_partitions);
  for (size_t i = 0; i < kRows; ++i) {
    groups[random() % num_partitions].push_back(
        {.offset = static_cast<uint32_t>(i * kRowBytes), .length = kRowBytes - 1});
  }
  SortedRun run;
  run.bytes = Buffer::Make(kRunBytes).ValueOrDie();
  std::memset(run.bytes.data(), 'x', run.bytes.size());
  for (PartitionId id = 0; id < num_partitions; ++id) {
    if (!groups[id].empty()) {
      run.partitions.push_back(id);
      run.begins.push_back(static_cast<uint32_t>(run.rows.size()));
      run.rows.insert(run.rows.end(), groups[id].begin(), groups[id].end());
    }
  }
  run.begins.push_back(static_cast<uint32_t>(run.rows.size()));
  return run;
}

std::string TempFolder() {
  const std::string folder = Environment("TMPDIR");
  return folder.empty() ? "/tmp" : folder;
}

size_t ReadEverything(RunStore* store, PartitionId num_partitions) {
  const auto reader = store->NewReader(kPieceSize).ValueOrDie();
  size_t bytes = 0;
  for (PartitionId first = 0; first < num_partitions; first += kRangePartitions) {
    const PartitionId last = std::min(first + kRangePartitions, num_partitions);
    benchmark::DoNotOptimize(reader->OpenPartitions(first, last).ok());
    for (PartitionId id = first; id < last; ++id) {
      std::string_view piece;
      do {
        piece = reader->NextPiece(id).ValueOrDie();
        bytes += piece.size();
      } while (!piece.empty());
    }
  }
  return bytes;
}

void ReadBack(benchmark::State& state, int64_t budget_bytes) {
  const auto num_partitions = static_cast<PartitionId>(state.range(0));
  MemoryBudget budget(budget_bytes);
  const auto store =
      RunStore::Make({.temp_dir = TempFolder(), .budget = &budget}).ValueOrDie();
  for (int64_t i = 0; i < state.range(1); ++i) {
    benchmark::DoNotOptimize(store->Add(i, MakeRun(num_partitions), 0).ok());
  }
  benchmark::DoNotOptimize(store->Seal().ok());
  size_t bytes = 0;
  for (auto _ : state) {
    bytes += ReadEverything(store.get(), num_partitions);
  }
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
  state.SetItemsProcessed(static_cast<int64_t>(bytes / kRowBytes));
}

void BM_GatherKept(benchmark::State& state) {
  ReadBack(state, std::numeric_limits<int64_t>::max());
}

void BM_ReadSpilled(benchmark::State& state) { ReadBack(state, 0); }

void BM_Spill(benchmark::State& state) {
  const auto num_partitions = static_cast<PartitionId>(state.range(0));
  MemoryBudget budget(0);
  SortedRun run = MakeRun(num_partitions);
  for (auto _ : state) {
    state.PauseTiming();  // a store, and the run that the last one emptied
    const auto store =
        RunStore::Make({.temp_dir = TempFolder(), .budget = &budget}).ValueOrDie();
    SortedRun added = std::move(run);
    state.ResumeTiming();
    run = *store->Add(0, std::move(added), 0).ValueOrDie();
    state.PauseTiming();
    run = MakeRun(num_partitions);
    state.ResumeTiming();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(kRunBytes));
}

BENCHMARK(BM_GatherKept)
    ->ArgsProduct({{229, 10'000, 100'000}, {4}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ReadSpilled)
    ->ArgsProduct({{229, 10'000, 100'000}, {4}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Spill)->Arg(229)->Arg(100'000)->Unit(benchmark::kMillisecond)->Iterations(8);

}  // namespace
}  // namespace partita
