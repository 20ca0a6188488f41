#include "partita/generate/register_generator.h"

#include <benchmark/benchmark.h>

namespace partita {
namespace {

// Rows per second and bytes per second of making blocks, nothing written.
void BM_RegisterGenerator(benchmark::State& state) {
  constexpr int64_t kRows = 8192;
  const auto generator = *RegisterGenerator::Make(1, state.range(0));
  std::string block;
  int64_t row = 0;
  int64_t bytes = 0;
  for (auto _ : state) {
    block.clear();
    generator.AppendRows(row, row + kRows, &block);
    row += kRows;
    bytes += static_cast<int64_t>(block.size());
    benchmark::DoNotOptimize(block.data());
  }
  state.SetBytesProcessed(bytes);
  state.SetItemsProcessed(row);
}

BENCHMARK(BM_RegisterGenerator)->ArgName("partitions")->Arg(0)->Arg(100'000);

}  // namespace
}  // namespace partita
