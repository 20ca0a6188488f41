// Rows by RowFormat: the passes over blocks find what the byte-by-byte machine finds, and read nothing behind the text.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <tuple>
#include <vector>

#include "partita/model/row_blocks.h"
#include "partita/model/row_indexer.h"

namespace {

using namespace partita;  // NOLINT(google-build-using-namespace)

constexpr size_t kOptionBytes = 3;

void Require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

struct Found {
  RowIndexResult result;
  RowBatch batch;
};

bool Agree(const Found& a, const Found& b) {
  const auto parts = [](const Found& found) {
    const RowIndexResult& result = found.result;
    const RowBatch& batch = found.batch;
    return std::tie(result.consumed, result.fault, result.fault_row_begin,
                    result.fault_column, result.has_stray_quotes, batch.row_begins,
                    batch.field_ends, batch.care, batch.bytes);
  };
  return parts(a) == parts(b);
}

// Of the first 64 blocks, which are one word of care bits.
struct Passed {
  BlockStop stop = BlockStop::kEndOfBlocks;
  size_t num_rows = 0;
  uint32_t row_begin = 0;
  uint64_t care = 0;
  std::vector<uint32_t> field_ends;

  friend bool operator==(const Passed&, const Passed&) = default;
};

Passed Pass(BlockPass pass, std::string_view text, char separator, size_t num_columns) {
  const size_t num_blocks = std::min<size_t>((text.size() + 63) / 64, 64);
  std::vector<uint32_t> ends((num_blocks + 1) * 64);
  std::vector<uint32_t> begins(ends.size());
  BlockState state;
  state.text = text.data();
  state.size = text.size();
  state.separator = separator;
  state.num_columns = num_columns;
  state.max_rows = text.size() + 1;
  state.field_ends = ends.data();
  state.row_begins = begins.data();
  const BlockStop stop = pass(0, num_blocks, &state);
  ends.resize(state.num_rows * num_columns);
  return {.stop = stop,
          .num_rows = state.num_rows,
          .row_begin = state.row_begin,
          .care = state.care,
          .field_ends = std::move(ends)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < kOptionBytes) {
    return 0;
  }
  const auto separator = static_cast<char>(data[0]);
  if (separator == '"' || separator == '\n' || separator == '\r' || separator == '\0' ||
      data[0] >= 0x80) {
    return 0;
  }
  const int num_columns = 1 + data[1] % 8;
  const bool is_final = data[1] >= 0x80;
  const size_t max_rows = data[2] == 0xFF ? size : data[2];
  // Memory of exactly that size, whose end AddressSanitizer guards.
  const size_t text_size = size - kOptionBytes;
  const auto copy = std::make_unique<char[]>(text_size);
  std::copy_n(data + kOptionBytes, text_size, copy.get());
  const std::string_view text(copy.get(), text_size);

  const RowFormat format{.separator = separator};
  Found fast;
  fast.result =
      RowIndexer(format, num_columns).Index(text, is_final, max_rows, &fast.batch);
  Found plain;
  plain.result =
      IndexRowsPlainly(format, num_columns, text, is_final, max_rows, &plain.batch);
  Require(Agree(fast, plain));
  const auto columns = static_cast<size_t>(num_columns);
  Require(text.empty() || Pass(FastestBlockPass(), text, separator, columns) ==
                              Pass(PassBlocksByWords, text, separator, columns));
  return 0;
}
