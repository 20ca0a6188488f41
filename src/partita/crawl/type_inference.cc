#include "partita/crawl/type_inference.h"

#include <bit>
#include <optional>

#include "partita/crawl/plain_value.h"
#include "partita/model/row_fields.h"

namespace partita {
namespace {

constexpr uint16_t kNumbers = kSmallLong | kLargeLong | kDoubleValue;

// Whether no further value can make another type than string of it.
bool IsSettled(uint16_t kinds) {
  const int num_sorts = std::popcount(static_cast<uint16_t>(kinds & ~kNumbers)) +
                        ((kinds & kNumbers) != 0 ? 1 : 0);
  const bool is_lossy = (kinds & kLargeLong) != 0 && (kinds & kDoubleValue) != 0;
  return (kinds & kTextValue) != 0 || num_sorts > 1 || is_lossy;
}

TypeId TypeOfKinds(uint16_t kinds) {
  if (kinds == kNoValue || IsSettled(kinds)) {
    return TypeId::kString;
  }
  if (kinds == kBooleanValue) {
    return TypeId::kBoolean;
  }
  if (const std::optional<DataType> temporal = TypeOfFormats(FormatsOf(kinds))) {
    return temporal->id;
  }
  return (kinds & kDoubleValue) != 0 ? TypeId::kDouble : TypeId::kLong;
}

}  // namespace

TypeInference::TypeInference(RowFormat format, int num_columns, const ValueRules& rules)
    : format_(format), rules_(rules), kinds_(static_cast<size_t>(num_columns), kNoValue) {
  for (uint32_t column = 0; column < kinds_.size(); ++column) {
    open_columns_.push_back(column);
  }
}

void TypeInference::Observe(const RowBatch& batch, const FirstSight& on_first) {
  num_rows_ += static_cast<int64_t>(batch.num_rows());
  for (size_t row = 0; row < batch.num_rows() && !open_columns_.empty(); ++row) {
    const RowFields fields(batch, row);
    bool is_one_settled = false;
    for (const uint32_t column : open_columns_) {
      std::string_view text = fields.text(column);
      if (text.empty()) {
        continue;
      }
      // A batch's padding lets plain values be looked at beyond their end.
      ValueKind kind = PlainValue::KindOf(text.data(), text.size());
      if (kind == kNoValue) {
        kind = KindOfField(&text);
      }
      if (!AddKind(column, kind)) {
        continue;
      }
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

ValueKind TypeInference::KindOfField(std::string_view* text) {
  const std::string_view raw = *text;
  if (raw[0] != '"') {
    return KindOfValue(raw, rules_);
  }
  if (raw.size() > 2 && raw.back() == '"') {
    // With a quote within it is no plain value.
    const std::string_view inner = raw.substr(1, raw.size() - 2);
    const ValueKind plain = PlainValue::KindOf(inner.data(), inner.size());
    if (plain != kNoValue) {
      *text = inner;
      return plain;
    }
  }
  const FieldValue value = ReadField(raw, format_, &scratch_);
  if (value.is_null) {
    return kNoValue;
  }
  *text = value.text;
  // A quoted empty text that is not NULL is a string.
  return value.text.empty() ? kTextValue : KindOfValue(value.text, rules_);
}

bool TypeInference::AddKind(size_t column, ValueKind kind) {
  const auto kinds = static_cast<uint16_t>(kinds_[column] | kind);
  const bool is_new = kinds != kinds_[column];
  kinds_[column] = kinds;
  return is_new;
}

ValueKind TypeInference::ObserveText(size_t column, std::string_view text) {
  const ValueKind kind = KindOfValue(text, rules_);
  return AddKind(column, kind) ? kind : kNoValue;
}

bool TypeInference::Holds(size_t column, const DataType& type) const {
  const uint16_t kinds = kinds_[column];
  switch (type.id) {
    case TypeId::kString:
      return true;
    case TypeId::kLong:
      return (kinds & ~(kSmallLong | kLargeLong)) == 0;
    case TypeId::kDouble:
      return (kinds & ~(kSmallLong | kDoubleValue)) == 0;
    case TypeId::kBoolean:
      return (kinds & ~kBooleanValue) == 0;
    case TypeId::kDate:
    case TypeId::kTimestamp:
      return kinds == kNoValue || TypeOfKinds(kinds) == type.id;
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
  for (const uint16_t kinds : kinds_) {
    types.push_back(DataType{.id = TypeOfKinds(kinds)});
  }
  return types;
}

}  // namespace partita
