#include "partita/encode/parquet/bounds.h"

#include <cstdint>
#include <cstring>

namespace partita {
namespace {

template <typename T>
T Load(std::string_view plain) {
  T value{};
  std::memcpy(&value, plain.data(), sizeof(T));
  return value;
}

template <typename T>
int Compare(T left, T right) {
  return left < right ? -1 : static_cast<int>(right < left);
}

// Two's complement, most significant byte first: only the sign bit is out of place.
int CompareSignedBytes(std::string_view left, std::string_view right) {
  const auto left_head = static_cast<signed char>(left.front());
  const auto right_head = static_cast<signed char>(right.front());
  if (left_head != right_head) {
    return Compare(left_head, right_head);
  }
  return left.compare(right);
}

bool IsContinuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// The last place at or before `size` where a character of `text` starts.
size_t CharacterStart(std::string_view text, size_t size) {
  constexpr size_t kLongestTail = 3;
  for (size_t back = 0; back <= kLongestTail && back <= size; ++back) {
    if (!IsContinuation(text[size - back])) {
      return size - back;
    }
  }
  return size;  // no UTF-8: cut anywhere
}

// Makes the prefix larger than anything that starts with it; false if that cannot be.
bool RaiseLast(bool is_text, std::string* prefix) {
  const unsigned char top = is_text ? 0x7F : 0xFF;
  for (size_t end = prefix->size(); end > 0; --end) {
    const auto byte = static_cast<unsigned char>((*prefix)[end - 1]);
    // In text only ASCII is raised: the byte after it may be no whole character.
    if (byte < top) {
      prefix->resize(end);
      prefix->back() = static_cast<char>(byte + 1);
      return true;
    }
  }
  return false;
}

}  // namespace

ParquetBounds CutBounds(ParquetBounds bounds, bool is_text) {
  if (bounds.min.size() > kIndexBytes) {
    bounds.min.resize(is_text ? CharacterStart(bounds.min, kIndexBytes) : kIndexBytes);
  }
  if (bounds.max.size() > kIndexBytes) {
    std::string prefix = bounds.max.substr(
        0, is_text ? CharacterStart(bounds.max, kIndexBytes) : kIndexBytes);
    if (RaiseLast(is_text, &prefix)) {
      bounds.max = std::move(prefix);
    }
  }
  return bounds;
}

int ComparePlain(const ParquetField& field, std::string_view left,
                 std::string_view right) {
  switch (field.physical) {
    case ParquetType::kBoolean:
    case ParquetType::kByteArray:
    case ParquetType::kInt96:
      break;
    case ParquetType::kInt32:
      return Compare(Load<int32_t>(left), Load<int32_t>(right));
    case ParquetType::kInt64:
      return Compare(Load<int64_t>(left), Load<int64_t>(right));
    case ParquetType::kFloat:
      return Compare(Load<float>(left), Load<float>(right));
    case ParquetType::kDouble:
      return Compare(Load<double>(left), Load<double>(right));
    case ParquetType::kFixedBytes:
      return CompareSignedBytes(left, right);
  }
  return left.compare(right);
}

BoundaryOrder OrderOfPages(const ParquetField& field,
                           const std::vector<const ParquetBounds*>& pages) {
  bool is_ascending = true;
  bool is_descending = true;
  const ParquetBounds* before = nullptr;
  for (const ParquetBounds* page : pages) {
    if (!page->is_known) {
      continue;
    }
    if (before != nullptr) {
      const int min = ComparePlain(field, before->min, page->min);
      const int max = ComparePlain(field, before->max, page->max);
      is_ascending = is_ascending && min <= 0 && max <= 0;
      is_descending = is_descending && min >= 0 && max >= 0;
    }
    before = page;
  }
  if (is_ascending) {
    return BoundaryOrder::kAscending;
  }
  return is_descending ? BoundaryOrder::kDescending : BoundaryOrder::kUnordered;
}

}  // namespace partita
