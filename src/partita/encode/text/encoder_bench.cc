#include <string>

#include <arrow/io/memory.h>

#include <benchmark/benchmark.h>

#include "partita/base/buffer.h"
#include "partita/encode/file_encoder.h"
#include "partita/model/row_indexer.h"

namespace partita {
namespace {

// Rows like the register's: 17 columns, about 240 bytes; every n-th row needs care.
std::string RegisterText(size_t num_rows, size_t care_each) {
  const std::string row =
      "5YJ3E1EBXK,King,Seattle,WA,98178,2019,TESLA,MODEL 3,Battery Electric Vehicle "
      "(BEV),Clean Alternative Fuel Vehicle Eligible,220,0,37,477309682,POINT "
      "(-122.23825 47.49461),CITY OF SEATTLE - (WA)|CITY OF TACOMA - (WA),53033011902\n";
  const std::string careful =
      "JN1AZ0CP4B,Okanogan,Mazama,WA,98833,2011,NISSAN,LEAF,Battery Electric Vehicle "
      "(BEV),Clean Alternative Fuel Vehicle Eligible,73,0,7,130744375,POINT (-120.43954 "
      "48.61333),\"OKANOGAN COUNTY ELEC COOP, INC\",53047970900\n";
  std::string text;
  for (size_t i = 0; i < num_rows; ++i) {
    text += i % care_each == 0 ? careful : row;
  }
  return text;
}

// The register's schema, partitioned by model year and make.
EncodeSchema RegisterSchema() {
  const char* const names[] = {"VIN (1-10)",
                               "County",
                               "City",
                               "State",
                               "Postal Code",
                               "Model Year",
                               "Make",
                               "Model",
                               "Electric Vehicle Type",
                               "Clean Alternative Fuel Vehicle (CAFV) Eligibility",
                               "Electric Range",
                               "Base MSRP",
                               "Legislative District",
                               "DOL Vehicle ID",
                               "Vehicle Location",
                               "Electric Utility",
                               "2020 Census Tract"};
  EncodeSchema schema;
  for (const char* name : names) {
    const int index = static_cast<int>(schema.columns.fields.size());
    const bool is_long =
        index == 4 || index == 5 || (index >= 10 && index <= 13) || index == 16;
    schema.columns.fields.push_back(
        {.name = name, .type = {.id = is_long ? TypeId::kLong : TypeId::kString}});
    if (index != 5 && index != 6) {
      schema.data_columns.push_back(index);
    }
  }
  return schema;
}

// A piece as job/ hands it on: small enough for the cache.
constexpr size_t kRows = 1024;

void EncodeRegister(benchmark::State& state, const FormatOptions& options) {
  const EncodeSchema schema = RegisterSchema();
  std::string text = RegisterText(kRows, static_cast<size_t>(state.range(0)));
  const size_t size = text.size();
  text.append(Buffer::kPadding, '\0');
  RowBatch rows;
  IndexRowsPlainly(schema.row_format, 17, std::string_view(text).substr(0, size), true,
                   kRows, &rows);
  auto encoder = MakeFileEncoder(options, schema).ValueOrDie();
  arrow::io::MockOutputStream sink;
  bool is_ok = encoder->Open(&sink).ok();
  for (auto _ : state) {
    is_ok = encoder->Append(rows).ok() && is_ok;
  }
  if (!is_ok) {
    state.SkipWithError("encoding failed");
  }
  const int64_t num_rows = encoder->Close().ValueOrDie();
  state.SetBytesProcessed(sink.GetExtentBytesWritten());
  state.counters["ns_per_row"] =
      benchmark::Counter(static_cast<double>(num_rows) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BM_EncodeCsv(benchmark::State& state) { EncodeRegister(state, {.format = "csv"}); }

void BM_EncodeCsvAsSpark(benchmark::State& state) {
  EncodeRegister(state, {.format = "csv", .spark_compatible = true});
}

void BM_EncodeJson(benchmark::State& state) { EncodeRegister(state, {.format = "json"}); }

void BM_EncodeCsvFieldByField(benchmark::State& state) {
  EncodeRegister(state, {.format = "csv", .options = {{"sep", "|"}}});
}

BENCHMARK(BM_EncodeCsv)->Arg(1 << 20)->Arg(250)->Arg(1);
BENCHMARK(BM_EncodeCsvAsSpark)->Arg(1 << 20);
BENCHMARK(BM_EncodeJson)->Arg(1 << 20)->Arg(250)->Arg(1);
BENCHMARK(BM_EncodeCsvFieldByField)->Arg(250);

}  // namespace
}  // namespace partita
