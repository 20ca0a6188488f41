#include "partita/encode/parquet/encoder.h"

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <arrow/io/interfaces.h>
#include <fmt/core.h>

#include <benchmark/benchmark.h>

#include "partita/base/buffer.h"
#include "partita/model/row_indexer.h"

namespace partita {
namespace {

constexpr int kColumns = 17;
constexpr int kYear = 5;
constexpr int kMake = 6;

// Rows shaped as those of one partition of the electric vehicle register: few places are
// common, what belongs to the make is the same in most rows, one column is unique, one row
// in two hundred has quotes.
std::string RegisterRows(int64_t count) {
  std::mt19937_64 random(7);
  const auto skewed = [&random](int most) {
    const double even =
        static_cast<double>(random() >> 11) / static_cast<double>(uint64_t{1} << 53);
    return static_cast<int>(even * even * even * most);
  };
  std::string text;
  for (int64_t i = 0; i < count; ++i) {
    const int place = skewed(190);
    const int county = place < 120 ? 33 : place % 19;
    const int model = skewed(4);
    text += fmt::format("5YJ{}E{}EB{:X}K,County {},City of {},WA,{},2021,TESLA,MODEL {},",
                        model, model % 4, skewed(100), county, place / 2, 98001 + place,
                        model);
    text += "Battery Electric Vehicle (BEV),";
    text += model == 3 ? "Clean Alternative Fuel Vehicle Eligible,"
                       : "Eligibility unknown as battery range has not been researched,";
    text +=
        fmt::format("{},0,{},{},POINT (-122.{:05} 47.{:05}),", model * 11, 1 + place % 49,
                    100'000'000 + random() % 380'000'000, place * 71, place * 53);
    text += random() % 200 == 0
                ? "\"OKANOGAN COUNTY ELEC COOP, INC\""
                : fmt::format("PUGET SOUND ENERGY INC||CITY OF {} - (WA)", county);
    text += fmt::format(",53{:03}{:06}\n", county, 100 * place + random() % 4);
  }
  return text;
}

EncodeSchema RegisterSchema() {
  EncodeSchema schema;
  for (int i = 0; i < kColumns; ++i) {
    const bool is_number =
        i == 4 || i == kYear || (i >= 10 && i <= 13) || i == kColumns - 1;
    schema.columns.fields.push_back(
        {.name = "Column " + std::to_string(i),
         .type = {.id = is_number ? TypeId::kLong : TypeId::kString}});
    if (i != kYear && i != kMake) {
      schema.data_columns.push_back(i);
    }
  }
  return schema;
}

// Batches of `batch_rows` rows over one text.
struct Batches {
  std::string text;
  std::vector<RowBatch> batches;

  Batches(int64_t rows, size_t batch_rows) : text(RegisterRows(rows)) {
    const size_t size = text.size();
    text.resize(size + Buffer::kPadding);
    const RowIndexer indexer({}, kColumns);
    for (std::string_view left = std::string_view(text).substr(0, size); !left.empty();) {
      RowBatch& batch = batches.emplace_back();
      const RowIndexResult result = indexer.Index(left, true, batch_rows, &batch);
      left.remove_prefix(result.consumed);
    }
  }
};

// Counts what is written, so that no memory of the sink is measured.
class CountingSink : public arrow::io::OutputStream {
 public:
  CountingSink() { set_mode(arrow::io::FileMode::WRITE); }

  arrow::Status Close() override { return arrow::Status::OK(); }

  bool closed() const override { return false; }

  arrow::Result<int64_t> Tell() const override { return bytes_; }

  arrow::Status Write(const void* /*data*/, int64_t size) override {
    bytes_ += size;
    return arrow::Status::OK();
  }

  using arrow::io::OutputStream::Write;

 private:
  int64_t bytes_ = 0;
};

// One file after another of the same rows.
void WriteFiles(int64_t rows, benchmark::State* state) {
  const Batches batches(rows, 8192);
  auto encoder =
      MakeParquetEncoder({.format = "parquet", .options = {}}, RegisterSchema())
          .ValueOrDie();
  int64_t file_bytes = 0;
  for ([[maybe_unused]] auto _ : *state) {
    CountingSink sink;
    arrow::Status status = encoder->Open(&sink);
    for (const RowBatch& batch : batches.batches) {
      status &= encoder->Append(batch);
    }
    status &= encoder->Close().status();
    if (!status.ok()) {
      state->SkipWithError(status.ToString().c_str());
    }
    file_bytes = sink.Tell().ValueOrDie();
  }
  state->SetItemsProcessed(state->iterations() * rows);
  state->SetBytesProcessed(state->iterations() *
                           static_cast<int64_t>(batches.text.size()));
  state->counters["file_bytes"] = static_cast<double>(file_bytes);
}

void BM_ParquetLargeFile(benchmark::State& state) { WriteFiles(state.range(0), &state); }

BENCHMARK(BM_ParquetLargeFile)->Arg(200'000)->Unit(benchmark::kMillisecond);

void BM_ParquetSmallFile(benchmark::State& state) { WriteFiles(state.range(0), &state); }

BENCHMARK(BM_ParquetSmallFile)
    ->Arg(10)
    ->Arg(100)
    ->Arg(1000)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace partita
