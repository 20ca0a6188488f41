#include "partita/model/row_indexer.h"

#include <string>

#include <benchmark/benchmark.h>

namespace partita {
namespace {

// Rows like the register's: 17 columns, about 240 bytes; every n-th row has a quoted
// field.
std::string RegisterRows(size_t num_rows, size_t quoted_each) {
  const std::string row =
      "5YJ3E1EBXK,King,Seattle,WA,98178,2019,TESLA,MODEL 3,Battery Electric Vehicle "
      "(BEV),Clean Alternative Fuel Vehicle Eligible,220,0,37,477309682,POINT "
      "(-122.23825 "
      "47.49461),CITY OF SEATTLE - (WA)|CITY OF TACOMA - (WA),53033011902\n";
  const std::string quoted =
      "JN1AZ0CP4B,Okanogan,Mazama,WA,98833,2011,NISSAN,LEAF,Battery Electric Vehicle "
      "(BEV),Clean Alternative Fuel Vehicle Eligible,73,0,7,130744375,POINT (-120.43954 "
      "48.61333),\"OKANOGAN COUNTY ELEC COOP, INC\",53047970900\n";
  std::string text;
  for (size_t i = 0; i < num_rows; ++i) {
    text += i % quoted_each == 0 ? quoted : row;
  }
  return text;
}

void SetCounters(benchmark::State& state, size_t bytes, size_t rows) {
  state.SetBytesProcessed(static_cast<int64_t>(bytes) * state.iterations());
  state.counters["ns_per_row"] = benchmark::Counter(
      static_cast<double>(rows) * static_cast<double>(state.iterations()) * 1e-9,
      benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BM_IndexRegisterRows(benchmark::State& state) {
  const auto rows = static_cast<size_t>(state.range(0));
  const std::string text = RegisterRows(rows, static_cast<size_t>(state.range(1)));
  const RowIndexer indexer(RowFormat{}, 17);
  RowBatch batch;
  for (auto _ : state) {
    indexer.Index(text, true, rows, &batch);
    benchmark::DoNotOptimize(batch.field_ends.data());
  }
  SetCounters(state, text.size(), rows);
}

BENCHMARK(BM_IndexRegisterRows)
    ->Args({256, 200})
    ->Args({4096, 200})
    ->Args({65536, 200})
    ->Args({4096, 3});

void BM_IndexRegisterRowsPlainly(benchmark::State& state) {
  constexpr size_t kRows = 4096;
  const std::string text = RegisterRows(kRows, 200);
  RowBatch batch;
  for (auto _ : state) {
    IndexRowsPlainly(RowFormat{}, 17, text, true, kRows, &batch);
    benchmark::DoNotOptimize(batch.field_ends.data());
  }
  SetCounters(state, text.size(), kRows);
}

BENCHMARK(BM_IndexRegisterRowsPlainly);

}  // namespace
}  // namespace partita
