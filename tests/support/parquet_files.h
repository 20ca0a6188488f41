#pragma once

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <fmt/core.h>
#include <parquet/api/reader.h>
#include <parquet/arrow/reader.h>

#include "support/encoded_rows.h"
#include "support/status_matchers.h"
#include "support/text_rows.h"

namespace partita {

using ParquetTestOptions = std::map<std::string, std::string>;

/// \brief The type called `id`; precision and scale for decimals.
inline DataType TypeOf(TypeId id, int precision = 0, int scale = 0) {
  return {.id = id, .precision = precision, .scale = scale};
}

/// \brief Every type that Parquet holds and whose values Arrow shows as they are written
/// in RandomTypedRows().
inline std::vector<DataType> PlainlyShownTypes() {
  return {TypeOf(TypeId::kBoolean),        TypeOf(TypeId::kByte),
          TypeOf(TypeId::kShort),          TypeOf(TypeId::kInteger),
          TypeOf(TypeId::kLong),           TypeOf(TypeId::kFloat),
          TypeOf(TypeId::kDouble),         TypeOf(TypeId::kDecimal, 9, 2),
          TypeOf(TypeId::kDecimal, 18, 4), TypeOf(TypeId::kDecimal, 38, 3),
          TypeOf(TypeId::kString),         TypeOf(TypeId::kDate),
          TypeOf(TypeId::kTimestampNtz)};
}

/// \brief `value` with the decimal point before its last `scale` digits.
inline std::string WithPoint(int64_t value, size_t scale) {
  std::string digits = std::to_string(std::abs(value));
  digits.insert(0, digits.size() <= scale ? scale + 1 - digits.size() : 0, '0');
  digits.insert(digits.size() - scale, ".");
  return (value < 0 ? "-" : "") + digits;
}

/// \brief Random rows of PlainlyShownTypes() with a NULL in seven values; a small `range`
/// makes them repeat.
inline std::vector<TextRow> RandomTypedRows(size_t count, int64_t range, uint32_t seed) {
  std::mt19937_64 random(seed);
  const auto pick = [&](int64_t least, int64_t most) {
    const auto span = static_cast<uint64_t>(std::min(most - least, range)) + 1;
    return least + static_cast<int64_t>(random() % span);
  };
  std::vector<TextRow> rows;
  for (size_t i = 0; i < count; ++i) {
    TextRow row = {
        pick(0, 1) == 1 ? "true" : "false",
        std::to_string(pick(-128, 127)),
        std::to_string(pick(-32768, 32767)),
        std::to_string(pick(-5'000'000, 5'000'000)),
        std::to_string(pick(-5'000'000'000, 5'000'000'000)),
        WithPoint(pick(-1000, 1000) * 10 + 5, 1),
        WithPoint(pick(-100'000, 100'000) * 10 + 5, 1),
        WithPoint(pick(-999'999'999, 999'999'999), 2),
        WithPoint(pick(-999'999'999'999'999, 999'999'999'999'999), 4),
        WithPoint(pick(-999'999'999'999'999, 999'999'999'999'999), 3),
        "påå " + std::to_string(pick(0, 1'000'000)) + ", \"q\"",
        fmt::format("19{:02}-{:02}-{:02}", pick(0, 99), pick(1, 12), pick(1, 28)),
        fmt::format("20{:02}-01-02 03:04:05.{:06}", pick(0, 99), pick(0, 999'999)),
    };
    for (auto& value : row) {
      if (random() % 7 == 0) {
        value.reset();
      }
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// \brief A Parquet file of the rows, appended `batch_rows` at a time.
inline arrow::Result<std::shared_ptr<arrow::Buffer>> WriteParquet(
    const EncodeSchema& schema, const std::vector<TextRow>& rows,
    const ParquetTestOptions& options = {}, size_t batch_rows = 1000) {
  ARROW_ASSIGN_OR_RAISE(
      auto encoder, MakeFileEncoder({.format = "parquet", .options = options}, schema));
  std::vector<std::unique_ptr<IndexedText>> texts;
  std::vector<const RowBatch*> batches;
  for (size_t begin = 0; begin < rows.size(); begin += batch_rows) {
    const size_t end = std::min(begin + batch_rows, rows.size());
    texts.push_back(std::make_unique<IndexedText>(
        schema, TextOf({rows.begin() + static_cast<ptrdiff_t>(begin),
                        rows.begin() + static_cast<ptrdiff_t>(end)})));
    batches.push_back(&texts.back()->batch());
  }
  ARROW_ASSIGN_OR_RAISE(std::string bytes, EncodeFile(encoder.get(), batches));
  return arrow::Buffer::FromString(std::move(bytes));
}

/// \brief Arrow's reader of a file, which verifies the pages' checksums.
inline std::unique_ptr<parquet::ParquetFileReader> OpenParquet(
    const std::shared_ptr<arrow::Buffer>& file) {
  parquet::ReaderProperties properties;
  properties.set_page_checksum_verification(true);
  return parquet::ParquetFileReader::Open(std::make_shared<arrow::io::BufferReader>(file),
                                          properties);
}

/// \brief The whole file as Arrow reads it.
inline arrow::Result<std::shared_ptr<arrow::Table>> ReadParquet(
    const std::shared_ptr<arrow::Buffer>& file) {
  ARROW_ASSIGN_OR_RAISE(
      auto reader,
      parquet::arrow::FileReader::Make(arrow::default_memory_pool(), OpenParquet(file)));
  ARROW_ASSIGN_OR_RAISE(auto table, reader->ReadTable());
  ARROW_RETURN_NOT_OK(table->ValidateFull());
  return table;
}

/// \brief The table's values as Arrow shows them.
inline std::vector<TextRow> RowsOf(const arrow::Table& table) {
  std::vector<TextRow> rows(static_cast<size_t>(table.num_rows()));
  for (const auto& column : table.columns()) {
    size_t row = 0;
    for (const auto& chunk : column->chunks()) {
      for (int64_t i = 0; i < chunk->length(); ++i, ++row) {
        const auto scalar = chunk->GetScalar(i).ValueOrDie();
        rows[row].push_back(scalar->is_valid ? std::optional(scalar->ToString())
                                             : std::nullopt);
      }
    }
  }
  return rows;
}

/// \brief The values of a Parquet file as Arrow shows them.
inline std::vector<TextRow> ReadBack(const std::shared_ptr<arrow::Buffer>& file) {
  const auto table = ReadParquet(file);
  EXPECT_THAT(table, IsOk());
  return table.ok() ? RowsOf(**table) : std::vector<TextRow>{};
}

}  // namespace partita
