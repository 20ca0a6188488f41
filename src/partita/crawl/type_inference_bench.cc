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
// All digits that a double has, as programs write those they have computed.
constexpr const char* kLongDoubles =
    "0.1234567890123456,-122.23825123456789,47.494611234567891,1.4142135623730951\n";
constexpr const char* kDates = "2024-01-31,2024-02-29,1999-12-31,2000-01-01\n";
constexpr const char* kTimestamps =
    "2024-01-31 10:30:00,2024-02-29T10:30:00.000Z,1999-12-31 23:59:59.5\n";
constexpr const char* kBooleans = "true,false,TRUE,False,true,true,false,false\n";
// As a program writes that quotes every cell.
constexpr const char* kQuoted =
    "\"1\",\"4444\",\"-22.25\",\"0.001\",\"7777777\",\"true\",\"98178\",\"47.6\"\n";

// Infers types of indexed rows; the indexing is not counted.
void BM_TypeInference(benchmark::State& state, const char* row, int num_columns,
                      DateRules dates = DateRules::kText) {
  std::string text;
  while (text.size() < size_t{1} << 20) {
    text += row;
  }
  const size_t size = text.size();
  text.resize(size + 128);
  RowBatch batch;
  RowIndexer({}, num_columns)
      .Index(std::string_view(text).substr(0, size), true, size, &batch);
  TypeInference inference({}, num_columns, {.dates = dates});
  inference.Observe(batch);
  for (auto _ : state) {
    inference.Observe(batch);
  }
  state.SetBytesProcessed(static_cast<int64_t>(size) * state.iterations());
}

BENCHMARK_CAPTURE(BM_TypeInference, Register, kRegisterRow, 17);
BENCHMARK_CAPTURE(BM_TypeInference, RichRegister, kRegisterRow, 17, DateRules::kTyped);
BENCHMARK_CAPTURE(BM_TypeInference, Integers, kIntegers, 8);
BENCHMARK_CAPTURE(BM_TypeInference, Doubles, kDoubles, 8);
BENCHMARK_CAPTURE(BM_TypeInference, LongDoubles, kLongDoubles, 4);
BENCHMARK_CAPTURE(BM_TypeInference, Dates, kDates, 4, DateRules::kTyped);
BENCHMARK_CAPTURE(BM_TypeInference, Timestamps, kTimestamps, 3, DateRules::kTyped);
BENCHMARK_CAPTURE(BM_TypeInference, Booleans, kBooleans, 8);
BENCHMARK_CAPTURE(BM_TypeInference, Quoted, kQuoted, 8);

}  // namespace
}  // namespace partita
