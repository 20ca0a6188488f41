#include "partita/scan/csv_scan.h"

#include <memory>
#include <string>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>

#include <benchmark/benchmark.h>

#include "partita/scan/quote_parity.h"

namespace partita {
namespace {

constexpr size_t kFileBytes = size_t{256} << 20;

const std::string& RegisterText() {
  static const std::string text = [] {
    const std::string row =
        "5YJ3E1EBXK,King,Seattle,WA,98178,2019,TESLA,MODEL 3,Battery Electric Vehicle "
        "(BEV),Clean Alternative Fuel Vehicle Eligible,220,0,37,477309682,POINT "
        "(-122.23825 47.49461),CITY OF SEATTLE - (WA)|CITY OF TACOMA - "
        "(WA),53033011902\n";
    const std::string quoted =
        "JN1AZ0CP4B,Okanogan,Mazama,WA,98833,2011,NISSAN,LEAF,Battery Electric Vehicle "
        "(BEV),Clean Alternative Fuel Vehicle Eligible,73,0,7,130744375,POINT "
        "(-120.43954 "
        "48.61333),\"OKANOGAN COUNTY ELEC COOP, INC\",53047970900\n";
    std::string rows;
    for (size_t i = 0; rows.size() < kFileBytes; ++i) {
      rows += i % 200 == 0 ? quoted : row;
    }
    return rows;
  }();
  return text;
}

CsvScan::Options RegisterOptions() {
  CsvScan::Options options;
  options.dialect.header = false;
  for (int i = 0; i < 17; ++i) {
    const bool is_long = i == 4 || i == 5 || (i >= 10 && i <= 13) || i == 16;
    options.schema.fields.push_back(
        {.name = "c" + std::to_string(i),
         .type = {.id = is_long ? TypeId::kLong : TypeId::kString}});
  }
  return options;
}

void ScanAll(benchmark::State& state, const CsvScan::Options& options) {
  const std::string& text = RegisterText();
  Buffer buffer;
  int64_t rows = 0;
  for (auto _ : state) {
    auto file = std::make_shared<arrow::io::BufferReader>(
        std::make_shared<arrow::Buffer>(reinterpret_cast<const uint8_t*>(text.data()),
                                        static_cast<int64_t>(text.size())));
    auto scan = CsvScan::Make({{.path = "register.csv",
                                .file = file,
                                .size = static_cast<int64_t>(text.size())}},
                              options)
                    .ValueOrDie();
    while (true) {
      auto segment = scan->NextSegment({}, &buffer, [](const RowBatch& batch) {
        benchmark::DoNotOptimize(batch.field_ends.data());
        return arrow::Status::OK();
      });
      if (!segment.ok()) {
        state.SkipWithError(segment.status().ToString().c_str());
        return;
      }
      if (segment->sequence < 0) {
        break;
      }
      rows += segment->num_rows;
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(text.size()) * state.iterations());
  state.counters["ns_per_row"] =
      benchmark::Counter(static_cast<double>(rows) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BM_ScanRegister(benchmark::State& state) {
  CsvScan::Options options = RegisterOptions();
  options.segment_size = static_cast<size_t>(state.range(0)) << 20;
  ScanAll(state, options);
}

BENCHMARK(BM_ScanRegister)->Arg(1)->Arg(4)->Arg(16)->Unit(benchmark::kMillisecond);

void BM_ScanRegisterUntyped(benchmark::State& state) {
  CsvScan::Options options = RegisterOptions();
  for (Field& field : options.schema.fields) {
    field.type.id = TypeId::kString;
  }
  ScanAll(state, options);
}

BENCHMARK(BM_ScanRegisterUntyped)->Unit(benchmark::kMillisecond);

void BM_ScanRegisterPlainSplit(benchmark::State& state) {
  CsvScan::Options options = RegisterOptions();
  options.plain_split = true;
  ScanAll(state, options);
}

BENCHMARK(BM_ScanRegisterPlainSplit)->Unit(benchmark::kMillisecond);

void BM_ScanRegisterWithBackslashEscapes(benchmark::State& state) {
  CsvScan::Options options = RegisterOptions();
  options.dialect.escape = '\\';
  ScanAll(state, options);
}

BENCHMARK(BM_ScanRegisterWithBackslashEscapes)->Unit(benchmark::kMillisecond);

void BM_QuoteParity(benchmark::State& state) {
  const std::string& text = RegisterText();
  for (auto _ : state) {
    benchmark::DoNotOptimize(HasOddQuotes(text));
  }
  state.SetBytesProcessed(static_cast<int64_t>(text.size()) * state.iterations());
}

BENCHMARK(BM_QuoteParity)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace partita
