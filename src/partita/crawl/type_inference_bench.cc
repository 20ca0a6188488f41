#include "partita/crawl/type_inference.h"

#include <string>

#include <benchmark/benchmark.h>

#include "partita/model/row_indexer.h"

namespace partita {
namespace {

// A register-like row: 17 columns, 7 of them integers.
constexpr const char* kRegisterRow =
    "5YJ3E1EBXK,King,Seattle,WA,98178,2019,TESLA,MODEL 3,Battery Electric Vehicle (BEV),"
    "Clean Alternative Fuel Vehicle Eligible,220,0,37,477309682,"
    "POINT (-122.23825 47.49461),CITY OF SEATTLE - (WA)|CITY OF TACOMA - (WA),"
    "53033011902\n";
constexpr const char* kIntegers = "1,22,333,4444,55555,666666,7777777,88888888\n";
constexpr const char* kDoubles = "1.5,-22.25,333.125,4444.5,0.001,-122.33561,47.6,9.75\n";

// Infers types of indexed rows; the indexing is not counted.
void BM_TypeInference(benchmark::State& state, const char* row, int num_columns) {
  std::string text;
  while (text.size() < size_t{1} << 20) {
    text += row;
  }
  const size_t size = text.size();
  text.resize(size + 128);
  RowBatch batch;
  RowIndexer({}, num_columns)
      .Index(std::string_view(text).substr(0, size), true, size, &batch);
  TypeInference inference({}, num_columns);
  inference.Observe(batch);
  for (auto _ : state) {
    inference.Observe(batch);
  }
  state.SetBytesProcessed(static_cast<int64_t>(size) * state.iterations());
}

BENCHMARK_CAPTURE(BM_TypeInference, Register, kRegisterRow, 17);
BENCHMARK_CAPTURE(BM_TypeInference, Integers, kIntegers, 8);
BENCHMARK_CAPTURE(BM_TypeInference, Doubles, kDoubles, 8);

}  // namespace
}  // namespace partita
