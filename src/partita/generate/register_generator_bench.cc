#include "partita/generate/register_generator.h"

#include <benchmark/benchmark.h>

namespace partita {
namespace {

void BM_GenerateRegisterRows(benchmark::State& state) {
  const auto generator = RegisterGenerator::Make(1, state.range(0)).ValueOrDie();
  std::string out;
  int64_t bytes = 0;
  int64_t row = 0;
  for (auto _ : state) {
    out.clear();
    generator.AppendRows(row, row + 10'000, &out);
    row += 10'000;
    bytes += static_cast<int64_t>(out.size());
  }
  state.SetBytesProcessed(bytes);
  state.SetItemsProcessed(row);
}

BENCHMARK(BM_GenerateRegisterRows)->Arg(0)->Arg(100'000);

}  // namespace
}  // namespace partita
