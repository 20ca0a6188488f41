#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace partita {

/// \brief Why a pass over blocks stopped.
enum class BlockStop {
  kEndOfBlocks,  ///< all blocks asked for were taken
  kEnoughRows,   ///< max_rows rows are there
  kIrregular,    ///< the row at row_begin needs the plain machine: a quote that stands
                 ///< against RFC 4180, or a number of fields other than num_columns
};

/// \brief The state of RowIndexer's fast pass between two blocks of 64 bytes.
///
/// A plain value that the pass keeps in registers; row_indexer.cc makes it, a BlockPass
/// moves it on. Ownership:     borrows the text and the arrays, which must have room for
/// 64 more entries per block to come.
/// Thread safety: as any value.
struct BlockState {
  const char* text = nullptr;
  size_t size = 0;  ///< of text
  char separator = ',';
  size_t num_columns = 0;
  size_t max_rows = 0;

  uint32_t* field_ends = nullptr;
  uint32_t* row_begins = nullptr;
  size_t num_fields = 0;  ///< entries of field_ends, those of the unfinished row included
  size_t num_rows = 0;    ///< finished rows
  uint32_t row_begin = 0;  ///< of the unfinished row

  uint64_t in_quotes = 0;  ///< all ones if the next block begins within quotes
  uint64_t may_open = 1;   ///< bit 0: a quote that begins the next block begins a field,
                           ///< or is the second of a doubled pair
  uint64_t after_quote = 0;  ///< bit 0: the last block ended with a closing quote
  uint64_t care = 0;         ///< care bits of the blocks taken, as in RowBatch::care
};

/// \brief What a block of 64 bytes holds, a bit per byte, lowest first.
struct BlockMasks {
  uint64_t quote = 0;
  uint64_t separator = 0;
  uint64_t line_end = 0;
  uint64_t care = 0;  ///< a byte that asks for care, or a CR
};

/// \brief Takes the blocks `first` ≤ block < `last` (≤ 64, all in one word of care bits).
///
/// The last block may be cut short by the end of the text; nothing is read beyond it.
/// Thread safety: pure but for `state`.
using BlockPass = BlockStop (*)(size_t first, size_t last, BlockState* state);

/// \brief The passes that this machine can run, the fastest first: AVX-512, AVX2, 64-bit words. The last is there on
/// every machine. Thread safety: any thread.
std::span<const BlockPass> BlockPasses();

/// \brief True if a byte of `candidates` (bits of the block at `base`) is no CR before an
/// LF. Thread safety: pure.
bool AsksForCare(uint64_t candidates, size_t base, const char* text, size_t size);

}  // namespace partita
