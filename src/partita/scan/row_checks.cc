#include "partita/scan/row_checks.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include <fmt/core.h>

#include "partita/model/scalar_text.h"

namespace partita {
namespace {

constexpr size_t kBlockBytes = 64;

unsigned char ByteAt(std::string_view text, size_t i) {
  return static_cast<unsigned char>(text[i]);
}

// Length of the UTF-8 character at `i`, 0 if there is none.
size_t CharacterLength(std::string_view text, size_t i) {
  const unsigned char lead = ByteAt(text, i);
  if (lead < 0x80) {
    return 1;
  }
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - i < length) {
    return 0;
  }
  // Bounds of the second byte: no overlong forms, no surrogates, nothing over U+10FFFF.
  const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (ByteAt(text, i + 1) < low || ByteAt(text, i + 1) > high) {
    return 0;
  }
  for (size_t j = i + 2; j < i + length; ++j) {
    if ((ByteAt(text, j) & 0xC0) != 0x80) {
      return 0;
    }
  }
  return length;
}

// True if the 8 bytes are all digits.
bool AreDigits(uint64_t bytes) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  return (((bytes + 0x4646464646464646) | (bytes - 0x3030303030303030)) & kHighBits) == 0;
}

uint64_t Load(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

// 8 readable bytes follow the text: Buffer's padding.
bool IsDigits(std::string_view text) {
  if (text.size() < 8) {
    const int unused = static_cast<int>(8 * (8 - text.size()));
    return !text.empty() && AreDigits((Load(text.data()) << unused) |
                                      (0x3030303030303030 >> (64 - unused)));
  }
  for (size_t i = 0; i + 8 < text.size(); i += 8) {
    if (!AreDigits(Load(text.data() + i))) {
      return false;
    }
  }
  return AreDigits(Load(text.data() + text.size() - 8));
}

size_t MaxDigits(TypeId id) {
  switch (id) {
    case TypeId::kByte:
      return 2;
    case TypeId::kShort:
      return 4;
    case TypeId::kInteger:
      return 9;
    case TypeId::kLong:
      return 18;
    default:
      return 0;
  }
}

// Offset of the first byte of the batch that is not UTF-8. A run of blocks that need care
// lies between blocks of ASCII, so that no character crosses its ends.
size_t FindInvalidUtf8In(const RowBatch& batch) {
  const size_t num_blocks = (batch.bytes.size() + kBlockBytes - 1) / kBlockBytes;
  const auto needs_care = [&](size_t block) {
    return (batch.care[block / 64] >> (block % 64) & 1) != 0;
  };
  size_t block = 0;
  while (block < num_blocks) {
    if (block % 64 == 0 && batch.care[block / 64] == 0) {
      block += 64;
      continue;
    }
    size_t end = block;
    while (end < num_blocks && needs_care(end)) {
      ++end;
    }
    const size_t begin = block * kBlockBytes;
    const size_t invalid =
        FindInvalidUtf8(batch.bytes.substr(begin, (end - block) * kBlockBytes));
    if (invalid != std::string_view::npos) {
      return begin + invalid;
    }
    block = end + 1;
  }
  return std::string_view::npos;
}

RowProblem NotUtf8(const RowBatch& batch, size_t offset) {
  const auto at = static_cast<uint32_t>(offset);
  const auto after =
      std::upper_bound(batch.row_begins.begin(), batch.row_begins.end(), at);
  RowProblem problem;
  problem.row = static_cast<size_t>(after - batch.row_begins.begin()) - 1;
  const auto ends =
      batch.field_ends.begin() + static_cast<ptrdiff_t>(problem.row) * batch.num_columns;
  problem.column =
      static_cast<int>(std::upper_bound(ends, ends + batch.num_columns - 1, at) - ends);
  const std::string_view raw =
      batch.raw_field(problem.row, static_cast<size_t>(problem.column));
  problem.what = fmt::format(
      "not UTF-8: \"{}\"; convert the file to UTF-8, or name its encoding "
      "with the read option encoding",
      QuotableText(raw));
  return problem;
}

}  // namespace

RowChecks::RowChecks(const Schema& schema, const RowFormat& format)
    : schema_(schema), format_(format) {
  for (size_t i = 0; i < schema_.fields.size(); ++i) {
    const TypeId id = schema_.fields[i].type.id;
    if (id != TypeId::kString) {
      typed_columns_.push_back({.index = i, .max_digits = MaxDigits(id)});
    }
  }
}

std::optional<RowProblem> RowChecks::Check(const RowBatch& batch) const {
  std::optional<RowProblem> problem;
  size_t num_rows = batch.num_rows();
  const size_t invalid = FindInvalidUtf8In(batch);
  if (invalid != std::string_view::npos) {
    problem = NotUtf8(batch, invalid);
    num_rows = problem->row;
  }
  std::string scratch;
  for (const TypedColumn& column : typed_columns_) {
    for (size_t row = 0; row < num_rows; ++row) {
      const std::string_view raw = batch.raw_field(row, column.index);
      if (raw.empty() || (raw.size() <= column.max_digits && IsDigits(raw)) ||
          Fits(raw, column.index, &scratch)) {
        continue;
      }
      problem = Mismatch(batch, row, column.index);
      num_rows = row;  // only rows before it are still of interest
    }
  }
  return problem;
}

bool RowChecks::Fits(std::string_view raw, size_t column, std::string* scratch) const {
  const FieldValue value = ReadField(raw, format_, scratch);
  return value.is_null || FitsType(value.text, schema_.fields[column].type);
}

RowProblem RowChecks::Mismatch(const RowBatch& batch, size_t row, size_t column) const {
  std::string scratch;
  const FieldValue value = ReadField(batch.raw_field(row, column), format_, &scratch);
  return {.row = row,
          .column = static_cast<int>(column),
          .what = fmt::format(
              "not a {}: \"{}\"; correct the value, crawl the table again, or "
              "read the file itself with --read-option inferSchema=false",
              HiveTypeName(schema_.fields[column].type), QuotableText(value.text))};
}

size_t FindInvalidUtf8(std::string_view text) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  size_t i = 0;
  while (i < text.size()) {
    if (text.size() - i >= 8 && (Load(text.data() + i) & kHighBits) == 0) {
      i += 8;
      continue;
    }
    const size_t length = CharacterLength(text, i);
    if (length == 0) {
      return i;
    }
    i += length;
  }
  return std::string_view::npos;
}

std::string QuotableText(std::string_view text, size_t max_size) {
  std::string quotable;
  for (size_t i = 0; i < text.size();) {
    const size_t length = CharacterLength(text, i);
    if (i + std::max<size_t>(length, 1) > max_size) {
      return quotable + "…";
    }
    const unsigned char c = ByteAt(text, i);
    if (length == 0 || c < 0x20 || c == 0x7F) {
      quotable += fmt::format("\\x{:02X}", c);
      ++i;
    } else {
      quotable += text.substr(i, length);
      i += length;
    }
  }
  return quotable;
}

}  // namespace partita
