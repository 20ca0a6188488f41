#include "partita/model/row_blocks.h"

#include <array>
#include <cstring>
#include <numeric>
#include <vector>

#if defined(__x86_64__)
#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 takes operands that its own header leaves undefined for a mistake (bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#endif

// The pass below is written once and inlined into one function per instruction set;
// only what reads the bytes, writes positions and sums up quotes differs.
#define PARTITA_INLINE inline __attribute__((always_inline))
#define PARTITA_AVX2 __attribute__((target("avx2,popcnt,bmi,bmi2")))
#define PARTITA_AVX512 \
  __attribute__((target("avx512f,avx512bw,avx512vbmi2,pclmul,popcnt,bmi,bmi2")))

namespace partita {
namespace {

constexpr size_t kBlockBytes = 64;

PARTITA_INLINE uint64_t WithoutLowest(uint64_t bits) { return bits & (bits - 1); }

PARTITA_INLINE uint64_t BelowLowest(uint64_t bits) { return ~bits & (bits - 1); }

// Takes those bits of `suspects` away that are a CR before an LF.
uint64_t WithoutLineEnds(uint64_t suspects, size_t base, const BlockState& s) {
  uint64_t left = suspects;
  for (uint64_t bits = suspects; bits != 0; bits = WithoutLowest(bits)) {
    const size_t i = base + static_cast<size_t>(std::countr_zero(bits));
    if (i + 1 < s.size && s.text[i] == '\r' && s.text[i + 1] == '\n') {
      left &= ~(bits & -bits);
    }
  }
  return left;
}

// Leaves in `m` the separators and line ends outside of quotes. The result has the bits
// of quotes that stand where RFC 4180 has none, or of what follows one wrongly; while
// there are none, the parity of quotes tells what lies within them.
template <typename Machine>
PARTITA_INLINE uint64_t ApplyQuotes(size_t base, BlockMasks* m, BlockState* s) {
  const uint64_t inside = Machine::Parity(m->quote) ^ s->in_quotes;
  const uint64_t opening = m->quote & inside;
  const uint64_t closing = m->quote & ~inside;
  uint64_t bad_follower =
      ((closing << 1) | s->after_quote) & ~(m->separator | m->line_end | m->quote);
  if (bad_follower != 0) {
    bad_follower = WithoutLineEnds(bad_follower, base, *s);
  }
  m->separator &= ~inside;
  m->line_end &= ~inside;
  const uint64_t before_opening = m->separator | m->line_end | closing;
  const uint64_t bad_opening = opening & ~((before_opening << 1) | s->may_open);
  s->in_quotes = static_cast<uint64_t>(static_cast<int64_t>(inside) >> 63);
  s->may_open = before_opening >> 63;
  s->after_quote = closing >> 63;
  return bad_opening | bad_follower;
}

// Closes the rows that end in this block. False ends the pass: `stop` says why.
PARTITA_INLINE bool EndRows(uint64_t line_ends, uint64_t structure, uint32_t base,
                            BlockState* s, BlockStop* stop) {
  for (uint64_t bits = line_ends; bits != 0; bits = WithoutLowest(bits)) {
    const size_t last =
        s->num_fields +
        static_cast<size_t>(__builtin_popcountll(structure & BelowLowest(bits)));
    if (last + 1 != (s->num_rows + 1) * s->num_columns) {
      *stop = BlockStop::kIrregular;
      return false;
    }
    const uint32_t end = base + static_cast<uint32_t>(std::countr_zero(bits));
    if (end > 0 && s->text[end - 1] == '\r') {
      s->field_ends[last] = end - 1;
    }
    s->row_begins[s->num_rows++] = s->row_begin;
    s->row_begin = end + 1;
    if (s->num_rows == s->max_rows) {
      *stop = BlockStop::kEnoughRows;
      return false;
    }
  }
  return true;
}

template <typename Machine>
PARTITA_INLINE bool TakeBlock(BlockMasks m, size_t block, BlockState* s,
                              BlockStop* stop) {
  const size_t base = block * kBlockBytes;
  if (m.care != 0 && AsksForCare(m.care, base, s->text, s->size)) {
    s->care |= uint64_t{1} << (block % 64);
  }
  uint64_t misplaced = 0;
  if ((m.quote | s->in_quotes | s->after_quote) != 0) {
    misplaced = ApplyQuotes<Machine>(base, &m, s);
  } else {
    s->may_open = (m.separator | m.line_end) >> 63;
  }
  uint64_t structure = m.separator | m.line_end;
  if (__builtin_expect(misplaced != 0, 0) != 0) {
    structure &= BelowLowest(misplaced);
  }
  const int count = __builtin_popcountll(structure);
  const auto offset = static_cast<uint32_t>(base);
  Machine::WritePositions(structure, offset, count, s->field_ends + s->num_fields);
  if (!EndRows(structure & m.line_end, structure, offset, s, stop)) {
    return false;
  }
  s->num_fields += static_cast<size_t>(count);
  if (__builtin_expect(misplaced != 0, 0) != 0) {
    *stop = BlockStop::kIrregular;
    return false;
  }
  return true;
}

// A copy of the text's last block, filled up with a byte that means nothing.
struct LastBlock {
  LastBlock(const BlockState& s, size_t block) {
    const size_t begin = block * kBlockBytes;
    std::memset(bytes, s.separator == 'x' ? 'y' : 'x', sizeof(bytes));
    std::memcpy(bytes, s.text + begin, s.size - begin);
  }

  char bytes[kBlockBytes] = {};
};

// Takes a block that the text's end cuts short, or in which a row is to begin.
template <typename Machine>
bool TakeOddBlock(size_t block, BlockState* s, BlockStop* stop) {
  const size_t base = block * kBlockBytes;
  BlockMasks m = base + kBlockBytes <= s->size
                     ? Machine::Read(s->text + base, s->separator)
                     : Machine::Read(LastBlock(*s, block).bytes, s->separator);
  if (s->row_begin > base) {
    const uint64_t finished_rows = (uint64_t{1} << (s->row_begin - base)) - 1;
    m.quote &= ~finished_rows;
    m.separator &= ~finished_rows;
    m.line_end &= ~finished_rows;
  }
  return TakeBlock<Machine>(m, block, s, stop);
}

template <typename Machine>
PARTITA_INLINE BlockStop PassBlocks(size_t first, size_t last, BlockState* state) {
  BlockStop stop = BlockStop::kEndOfBlocks;
  size_t block = first;
  if (!TakeOddBlock<Machine>(block++, state, &stop)) {
    return stop;
  }
  BlockState s = *state;
  const size_t whole = s.size / kBlockBytes;
  bool goes_on = true;
  for (; goes_on && block < last && block < whole; ++block) {
    goes_on = TakeBlock<Machine>(Machine::Read(s.text + block * kBlockBytes, s.separator),
                                 block, &s, &stop);
  }
  *state = s;
  if (goes_on && block < last) {
    TakeOddBlock<Machine>(block, state, &stop);
  }
  return stop;
}

// One bit per byte of `word` that is zero.
uint64_t ZeroBytes(uint64_t word) {
  constexpr uint64_t kLow7 = 0x7F7F7F7F7F7F7F7F;
  const uint64_t high_bits = ~(((word & kLow7) + kLow7) | word | kLow7);
  return (high_bits >> 7) * 0x0102040810204080 >> 56;
}

// One bit per byte that is a control (DEL included), a quote, a backslash or not ASCII,
// an LF excepted.
uint64_t CareBytes(const char* bytes) {
  uint64_t mask = 0;
  for (int i = 0; i < 8; ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    const bool asks = (c < 0x20 && c != '\n') || c >= 0x7F || c == '"' || c == '\\';
    mask |= uint64_t{asks} << i;
  }
  return mask;
}

// A machine reads 64 bytes, writes the offsets of set bits (with spare entries behind them
// that hold nonsense), and tells for each bit whether the number of bits up to it is odd.
struct WordMachine {
  static BlockMasks Read(const char* bytes, char separator);

  // How many positions are written without a look at their number: a block of the
  // register has 4 or 5, and a wrong guess of a loop's end costs more than some spare
  // stores.
  static constexpr int kPositionsAtOnce = 8;

  static PARTITA_INLINE void WritePositions(uint64_t bits, uint32_t base, int count,
                                            uint32_t* out) {
    int written = 0;
    do {
      for (int i = 0; i < kPositionsAtOnce; ++i) {
        out[written + i] = base + static_cast<uint32_t>(std::countr_zero(bits));
        bits = WithoutLowest(bits);
      }
      written += kPositionsAtOnce;
    } while (__builtin_expect(written < count, 0) != 0);
  }

  static PARTITA_INLINE uint64_t Parity(uint64_t bits) {
    for (int shift = 1; shift < 64; shift *= 2) {
      bits ^= bits << shift;
    }
    return bits;
  }
};

BlockMasks WordMachine::Read(const char* bytes, char separator) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  BlockMasks masks;
  for (size_t i = 0; i < 8; ++i) {
    uint64_t word = 0;
    std::memcpy(&word, bytes + 8 * i, sizeof(word));
    const size_t shift = 8 * i;
    masks.quote |= ZeroBytes(word ^ (kOnes * '"')) << shift;
    masks.separator |= ZeroBytes(word ^ (kOnes * static_cast<unsigned char>(separator)))
                       << shift;
    masks.line_end |= ZeroBytes(word ^ (kOnes * '\n')) << shift;
    masks.care |= CareBytes(bytes + 8 * i) << shift;
  }
  return masks;
}

#if defined(__x86_64__)
PARTITA_AVX2 PARTITA_INLINE uint64_t Join(__m256i low, __m256i high) {
  return static_cast<uint32_t>(_mm256_movemask_epi8(low)) |
         static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(high))) << 32;
}

PARTITA_AVX2 PARTITA_INLINE __m256i Care(__m256i bytes, __m256i quotes,
                                         __m256i line_ends) {
  // One more than the byte: then controls, DEL and all over 0x7F are, signed, < 0x21.
  const __m256i more = _mm256_add_epi8(bytes, _mm256_set1_epi8(1));
  const __m256i odd = _mm256_cmpgt_epi8(_mm256_set1_epi8(0x21), more);
  const __m256i backslash = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'));
  return _mm256_or_si256(_mm256_andnot_si256(line_ends, odd),
                         _mm256_or_si256(backslash, quotes));
}

struct Avx2Machine : WordMachine {
  PARTITA_AVX2 static BlockMasks Read(const char* bytes, char separator);
};

PARTITA_AVX2 BlockMasks Avx2Machine::Read(const char* bytes, char separator) {
  const auto* vectors = reinterpret_cast<const __m256i*>(bytes);
  const __m256i low = _mm256_loadu_si256(vectors);
  const __m256i high = _mm256_loadu_si256(vectors + 1);
  const __m256i quote = _mm256_set1_epi8('"');
  const __m256i line_end = _mm256_set1_epi8('\n');
  const __m256i field_end = _mm256_set1_epi8(separator);
  const __m256i low_quotes = _mm256_cmpeq_epi8(low, quote);
  const __m256i high_quotes = _mm256_cmpeq_epi8(high, quote);
  const __m256i low_ends = _mm256_cmpeq_epi8(low, line_end);
  const __m256i high_ends = _mm256_cmpeq_epi8(high, line_end);
  BlockMasks masks;
  masks.quote = Join(low_quotes, high_quotes);
  masks.line_end = Join(low_ends, high_ends);
  masks.separator =
      Join(_mm256_cmpeq_epi8(low, field_end), _mm256_cmpeq_epi8(high, field_end));
  masks.care = Join(Care(low, low_quotes, low_ends), Care(high, high_quotes, high_ends));
  return masks;
}

// Flattened: the block reader cannot be inlined before the pass is, whose own target is
// the plain one.
__attribute__((flatten)) PARTITA_AVX2 BlockStop PassBlocksAvx2(size_t first, size_t last,
                                                               BlockState* state) {
  return PassBlocks<Avx2Machine>(first, last, state);
}

struct Avx512Machine {
  PARTITA_AVX512 static BlockMasks Read(const char* bytes, char separator) {
    const __m512i block = _mm512_loadu_si512(bytes);
    BlockMasks masks;
    masks.quote = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('"'));
    masks.line_end = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\n'));
    masks.separator = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(separator));
    // As Care() of AVX2.
    const uint64_t odd = _mm512_cmplt_epi8_mask(
        _mm512_add_epi8(block, _mm512_set1_epi8(1)), _mm512_set1_epi8(0x21));
    const uint64_t backslash = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\\'));
    masks.care = (odd & ~masks.line_end) | backslash | masks.quote;
    return masks;
  }

  PARTITA_AVX512 static void WritePositions(uint64_t bits, uint32_t base, int count,
                                            uint32_t* out) {
    constexpr int kPositionsAtOnce = 16;
    alignas(64) static constexpr std::array<uint8_t, kBlockBytes> kOffsets = [] {
      std::array<uint8_t, kBlockBytes> offsets{};
      std::iota(offsets.begin(), offsets.end(), uint8_t{0});
      return offsets;
    }();
    const __m512i begin = _mm512_set1_epi32(static_cast<int>(base));
    __m512i places = _mm512_maskz_compress_epi8(bits, _mm512_load_si512(kOffsets.data()));
    int written = 0;
    while (true) {
      const __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(places));
      _mm512_storeu_si512(out + written, _mm512_add_epi32(wide, begin));
      written += kPositionsAtOnce;
      if (__builtin_expect(written >= count, 1) != 0) {
        return;
      }
      // The next 16 places become the first.
      places = _mm512_shuffle_i64x2(places, places, _MM_SHUFFLE(0, 3, 2, 1));
    }
  }

  PARTITA_AVX512 static uint64_t Parity(uint64_t bits) {
    const __m128i all = _mm_set1_epi8(-1);
    const __m128i word = _mm_cvtsi64_si128(static_cast<int64_t>(bits));
    return static_cast<uint64_t>(_mm_cvtsi128_si64(_mm_clmulepi64_si128(word, all, 0)));
  }
};

__attribute__((flatten)) PARTITA_AVX512 BlockStop PassBlocksAvx512(size_t first,
                                                                   size_t last,
                                                                   BlockState* state) {
  return PassBlocks<Avx512Machine>(first, last, state);
}
#endif

}  // namespace

bool AsksForCare(uint64_t candidates, size_t base, const char* text, size_t size) {
  for (uint64_t bits = candidates; bits != 0; bits = WithoutLowest(bits)) {
    const size_t i = base + static_cast<size_t>(std::countr_zero(bits));
    if (text[i] != '\r' || i + 1 == size || text[i + 1] != '\n') {
      return true;
    }
  }
  return false;
}

std::span<const BlockPass> BlockPasses() {
  static const std::vector<BlockPass> passes = [] {
    std::vector<BlockPass> found;
#if defined(__x86_64__)
    const bool has_bits = __builtin_cpu_supports("popcnt") != 0 &&
                          __builtin_cpu_supports("bmi") != 0 &&
                          __builtin_cpu_supports("bmi2") != 0;
    if (has_bits && __builtin_cpu_supports("avx512bw") != 0 &&
        __builtin_cpu_supports("avx512vbmi2") != 0 &&
        __builtin_cpu_supports("pclmul") != 0) {
      found.push_back(PassBlocksAvx512);
    }
    if (has_bits && __builtin_cpu_supports("avx2") != 0) {
      found.push_back(PassBlocksAvx2);
    }
#endif
    found.push_back(PassBlocks<WordMachine>);
    return found;
  }();
  return passes;
}

}  // namespace partita
