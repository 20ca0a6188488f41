#include "partita/crawl/type_inference.h"

#include <cstring>

namespace partita {
namespace {

bool IsSettled(uint8_t kinds) {
  constexpr uint8_t kNumbers = kSmallLong | kLargeLong | kDoubleValue;
  const bool is_mixed = (kinds & kBooleanValue) != 0 && (kinds & kNumbers) != 0;
  const bool is_lossy = (kinds & kLargeLong) != 0 && (kinds & kDoubleValue) != 0;
  return (kinds & kTextValue) != 0 || is_mixed || is_lossy;
}

TypeId TypeOfKinds(uint8_t kinds) {
  if (kinds == kNoValue || IsSettled(kinds)) {
    return TypeId::kString;
  }
  if (kinds == kBooleanValue) {
    return TypeId::kBoolean;
  }
  return (kinds & kDoubleValue) != 0 ? TypeId::kDouble : TypeId::kLong;
}

// Whether the lowest `length` (1 to 8) of the 8 bytes at `text` are all digits.
bool AreDigits(const char* text, size_t length) {
  uint64_t word = 0;
  std::memcpy(&word, text, sizeof(word));
  word <<= 64 - 8 * length;  // the first byte is the lowest: this drops those behind
  const uint64_t ones = ~uint64_t{0} << (64 - 8 * length);
  const uint64_t high = 0xF0F0F0F0F0F0F0F0U & ones;
  const uint64_t threes = 0x3030303030303030U & ones;
  return (word & high) == threes &&
         ((word + (0x0606060606060606U & ones)) & high) == threes;
}

// Integers of 1 to 15 digits without leading zero: nearly all there are. Reads up to 8
// bytes beyond the text, which the batch's padding allows.
bool IsPlainInteger(std::string_view raw) {
  if (raw.empty() || raw.size() > 15 || (raw[0] == '0' && raw.size() > 1)) {
    return false;
  }
  if (raw.size() <= 8) {
    return AreDigits(raw.data(), raw.size());
  }
  return AreDigits(raw.data(), 8) && AreDigits(raw.data() + 8, raw.size() - 8);
}

}  // namespace

TypeInference::TypeInference(RowFormat format, int num_columns, NumberRules rules)
    : format_(format), rules_(rules), kinds_(static_cast<size_t>(num_columns), kNoValue) {
  for (uint32_t column = 0; column < kinds_.size(); ++column) {
    open_columns_.push_back(column);
  }
}

void TypeInference::Observe(const RowBatch& batch, const FirstSight& on_first) {
  num_rows_ += static_cast<int64_t>(batch.num_rows());
  for (size_t row = 0; row < batch.num_rows() && !open_columns_.empty(); ++row) {
    bool is_one_settled = false;
    for (const uint32_t column : open_columns_) {
      const std::string_view raw = batch.raw_field(row, column);
      std::string_view text = raw;
      const ValueKind kind = IsPlainInteger(raw) ? kSmallLong : KindOfField(raw, &text);
      if ((kinds_[column] | kind) == kinds_[column]) {
        continue;
      }
      kinds_[column] |= kind;
      is_one_settled |= IsSettled(kinds_[column]);
      if (on_first) {
        on_first(column, kind, row, text);
      }
    }
    if (is_one_settled) {
      std::erase_if(open_columns_, [&](uint32_t c) { return IsSettled(kinds_[c]); });
    }
  }
}

ValueKind TypeInference::KindOfField(std::string_view raw, std::string_view* text) {
  if (raw.empty()) {
    return kNoValue;
  }
  if (raw[0] != '"') {
    return KindOfValue(raw, rules_);
  }
  const FieldValue value = ReadField(raw, format_, &scratch_);
  if (value.is_null) {
    return kNoValue;
  }
  *text = value.text;
  // A quoted empty text that is not NULL is a string.
  return value.text.empty() ? kTextValue : KindOfValue(value.text, rules_);
}

ValueKind TypeInference::ObserveText(size_t column, std::string_view text) {
  const ValueKind kind = KindOfValue(text, rules_);
  if ((kinds_[column] | kind) == kinds_[column]) {
    return kNoValue;
  }
  kinds_[column] |= kind;
  return kind;
}

bool TypeInference::Holds(size_t column, const DataType& type) const {
  const uint8_t kinds = kinds_[column];
  switch (type.id) {
    case TypeId::kString:
      return true;
    case TypeId::kLong:
      return (kinds & ~(kSmallLong | kLargeLong)) == 0;
    case TypeId::kDouble:
      return (kinds & ~(kSmallLong | kDoubleValue)) == 0;
    case TypeId::kBoolean:
      return (kinds & ~kBooleanValue) == 0;
    default:
      return kinds == kNoValue;
  }
}

void TypeInference::Merge(const TypeInference& other) {
  num_rows_ += other.num_rows_;
  for (size_t column = 0; column < kinds_.size(); ++column) {
    kinds_[column] |= other.kinds_[column];
  }
  std::erase_if(open_columns_, [&](uint32_t c) { return IsSettled(kinds_[c]); });
}

std::vector<DataType> TypeInference::Types() const {
  std::vector<DataType> types;
  types.reserve(kinds_.size());
  for (const uint8_t kinds : kinds_) {
    types.push_back(DataType{.id = TypeOfKinds(kinds)});
  }
  return types;
}

}  // namespace partita
