#include "partita/partition/partition_router.h"

#include <random>

#include <benchmark/benchmark.h>

#include "partita/model/row_indexer.h"

namespace partita {
namespace {

constexpr int kColumns = 8;
constexpr size_t kRows = 200'000;
constexpr size_t kBatchRows = 2'000;

// Register-shaped rows whose columns 5 and 6 are the key; `row_bytes` long.
struct Input {
  std::string text;
  std::vector<RowBatch> batches;
  Schema schema;
};

Input MakeInput(size_t num_keys, size_t row_bytes) {
  Input input;
  std::mt19937 random(1);
  for (size_t i = 0; i < kRows; ++i) {
    const size_t key = random() % num_keys;
    std::string row = "5YJ3E1EBXK,King,Seattle,WA,98178," +
                      std::to_string(1900 + key % 150) + ",MAKE" +
                      std::to_string(key / 150) + ",";
    row.resize(std::max(row.size(), row_bytes - 1), 'x');
    input.text += row + "\n";
  }
  input.text.append(Buffer::kPadding, '\0');
  std::string_view rest(input.text.data(), input.text.size() - Buffer::kPadding);
  while (!rest.empty()) {
    RowBatch& batch = input.batches.emplace_back();
    rest.remove_prefix(
        IndexRowsPlainly({}, kColumns, rest, true, kBatchRows, &batch).consumed);
  }
  for (int i = 0; i < kColumns; ++i) {
    input.schema.fields.push_back({.name = "c" + std::to_string(i)});
  }
  input.schema.fields[5].type = {.id = TypeId::kLong};
  return input;
}

void RouteAll(benchmark::State& state, const std::vector<std::string>& names) {
  const Input input =
      MakeInput(static_cast<size_t>(state.range(0)), static_cast<size_t>(state.range(1)));
  const PartitionSpec spec = MakePartitionSpec(input.schema, names).ValueOrDie();
  MemoryBudget budget(0);
  const auto table = PartitionTable::Make(&budget);
  const auto router = PartitionRouter::Make(input.schema, {}, spec, table.get(), &budget);
  std::vector<PartitionId> ids;
  for (auto _ : state) {
    for (const RowBatch& batch : input.batches) {
      ids.clear();
      if (!router->Route(batch, &ids).ok()) {
        state.SkipWithError("a row could not be routed");
      }
      benchmark::DoNotOptimize(ids.data());
    }
  }
  const auto rows = static_cast<int64_t>(kRows) * state.iterations();
  state.SetItemsProcessed(rows);
  state.SetBytesProcessed(rows * state.range(1));
  state.counters["partitions"] = static_cast<double>(table->size());
}

void BM_RouteByNeighbouringColumns(benchmark::State& state) {
  RouteAll(state, {"c5", "c6"});
}

void BM_RouteByColumnsApart(benchmark::State& state) {
  RouteAll(state, {"c5", "c6", "c3"});
}

// One batch again and again, near at hand as it is when it has just been indexed.
void BM_RouteHotBatch(benchmark::State& state) {
  const Input input = MakeInput(229, static_cast<size_t>(state.range(0)));
  const PartitionSpec spec = MakePartitionSpec(input.schema, {"c5", "c6"}).ValueOrDie();
  MemoryBudget budget(0);
  const auto table = PartitionTable::Make(&budget);
  const auto router = PartitionRouter::Make(input.schema, {}, spec, table.get(), &budget);
  std::vector<PartitionId> ids;
  for (auto _ : state) {
    ids.clear();
    benchmark::DoNotOptimize(router->Route(input.batches[0], &ids).ok());
  }
  const auto rows = static_cast<int64_t>(kBatchRows) * state.iterations();
  state.SetItemsProcessed(rows);
  state.SetBytesProcessed(rows * state.range(0));
}

BENCHMARK(BM_RouteHotBatch)->Arg(64)->Arg(240)->Unit(benchmark::kMicrosecond);

// Rows of 64 bytes show the search, rows of 240 (the register's) the hash of the row too.
BENCHMARK(BM_RouteByNeighbouringColumns)
    ->ArgsProduct({{229, 10'000, 100'000}, {64, 240}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(BM_RouteByColumnsApart)
    ->ArgsProduct({{229, 100'000}, {64}})
    ->Unit(benchmark::kMillisecond);

void BM_RouteNewKeys(benchmark::State& state) {
  const Input input = MakeInput(static_cast<size_t>(state.range(0)), 64);
  const PartitionSpec spec = MakePartitionSpec(input.schema, {"c5", "c6"}).ValueOrDie();
  std::vector<PartitionId> ids;
  size_t num_partitions = 0;
  for (auto _ : state) {
    MemoryBudget budget(0);
    const auto table = PartitionTable::Make(&budget);
    const auto router =
        PartitionRouter::Make(input.schema, {}, spec, table.get(), &budget);
    for (const RowBatch& batch : input.batches) {
      ids.clear();
      benchmark::DoNotOptimize(router->Route(batch, &ids).ok());
    }
    num_partitions = table->size();
  }
  state.SetItemsProcessed(static_cast<int64_t>(num_partitions) * state.iterations());
  state.SetBytesProcessed(static_cast<int64_t>(kRows) * 64 * state.iterations());
}

BENCHMARK(BM_RouteNewKeys)->Arg(10'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace partita
