#include "partita/encode/parquet/column/number_column.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "partita/encode/parquet/column/dictionary.h"
#include "partita/encode/parquet/column/value.h"

namespace partita {
namespace {

// With so many distinct numbers at the start of a chunk, a dictionary is given up if
// hardly one of them came twice: it would only fill the caches.
constexpr size_t kProbeSize = 2048;

template <typename Value>
uint64_t KeyOf(Value value) {
  if constexpr (std::is_same_v<Value, float>) {
    return std::bit_cast<uint32_t>(value);
  } else if constexpr (std::is_same_v<Value, double>) {
    return std::bit_cast<uint64_t>(value);
  } else {
    return static_cast<uint64_t>(static_cast<int64_t>(value));
  }
}

template <typename Value>
Value ValueOf(uint64_t key) {
  if constexpr (std::is_same_v<Value, float>) {
    return std::bit_cast<float>(static_cast<uint32_t>(key));
  } else if constexpr (std::is_same_v<Value, double>) {
    return std::bit_cast<double>(key);
  } else {
    return static_cast<Value>(key);
  }
}

template <typename Value>
std::string PlainBytes(Value value) {
  std::string bytes(sizeof(Value), '\0');
  std::memcpy(bytes.data(), &value, sizeof(Value));
  return bytes;
}

// Smallest and largest of the values seen; NaN has no place in the order.
template <typename Value>
class NumberRange {
 public:
  void Add(Value value) {
    min_ = value < min_ ? value : min_;
    max_ = max_ < value ? value : max_;
    if constexpr (std::is_floating_point_v<Value>) {
      has_nan_ = has_nan_ || std::isnan(value);
    }
    is_empty_ = false;
  }

  void Add(const NumberRange& other) {
    min_ = std::min(min_, other.min_);
    max_ = std::max(max_, other.max_);
    has_nan_ = has_nan_ || other.has_nan_;
    is_empty_ = is_empty_ && other.is_empty_;
  }

  ParquetBounds ToBounds() const {
    if (is_empty_ || has_nan_) {
      return {};
    }
    Value min = min_;
    Value max = max_;
    if constexpr (std::is_floating_point_v<Value>) {
      // Both zeros are one number, so a bound takes the one that holds for the other too.
      min = min == 0 ? -Value{0} : min;
      max = max == 0 ? Value{0} : max;
    }
    return {.is_known = true, .min = PlainBytes(min), .max = PlainBytes(max)};
  }

 private:
  using Limits = std::numeric_limits<Value>;

  Value min_ = Limits::has_infinity ? Limits::infinity() : Limits::max();
  Value max_ = Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
  bool has_nan_ = false;
  bool is_empty_ = true;
};

template <typename Value>
using Reader = bool (*)(const ParquetField& field, std::string_view text, Value* out);

template <typename Value, Reader<Value> kRead>
class NumberColumn : public ParquetColumn {
 public:
  NumberColumn(const ColumnSettings& settings, PageWriter* writer)
      : settings_(settings),
        pages_(settings_.field, writer),
        width_(static_cast<size_t>(settings_.field.width)),
        page_rows_(static_cast<size_t>(
            std::clamp<int64_t>(settings_.options.page_bytes / settings_.field.width, 1,
                                settings_.options.page_rows))),
        is_dictionary_(settings_.options.use_dictionary) {}

  arrow::Status Append(const RowBatch& rows, size_t begin, size_t end) override {
    return ForEachField(rows, begin, end, settings_, this);
  }

  arrow::Status FinishChunk(ChunkSummary* chunk) override;

  int64_t open_bytes() const override {
    const auto code_bits = static_cast<size_t>(BitWidth(dictionary_.size()));
    return static_cast<int64_t>((dictionary_.size() + values_.size()) * width_ +
                                codes_.size() * code_bits / 8);
  }

  bool AddNull() {
    if (!settings_.field.is_optional) {
      error_ = UnexpectedNull(settings_.field);
      return false;
    }
    pages_.AddNull();
    return EndPageIfFull();
  }

  bool Add(std::string_view text) {
    Value value{};
    if (!kRead(settings_.field, text, &value)) {
      error_ = NotOfType(settings_.field, text);
      return false;
    }
    if (!is_dictionary_ || !AddCode(KeyOf(value))) {
      values_.push_back(value);
    }
    range_.Add(value);
    pages_.AddValue();
    return EndPageIfFull() && error_.ok();
  }

  // The value added last once more, if it is in the open page and does not end it.
  bool Repeat() {
    if (codes_.empty() && values_.empty()) {
      return false;
    }
    if (!pages_.AddValueWithin(page_rows_)) {
      return false;
    }
    if (codes_.empty()) {
      values_.push_back(values_.back());
    } else {
      codes_.push_back(codes_.back());
    }
    return true;
  }

  const arrow::Status& error() const { return error_; }

 private:
  // False if the value has no code and gets none: it is to be stored plain.
  bool AddCode(uint64_t key) {
    const std::optional<uint32_t> code = dictionary_.Find(key);
    if (code.has_value()) {
      codes_.push_back(*code);
      return true;
    }
    if (!HasRoom()) {
      return false;
    }
    codes_.push_back(dictionary_.Add(key));
    return true;
  }

  bool HasRoom();
  void TurnPlain();
  arrow::Status EndPage();

  bool EndPageIfFull() {
    if (pages_.num_rows() < page_rows_) {
      return true;
    }
    error_ = EndPage();
    return error_.ok();
  }

  void AppendNumber(Value value, std::string* out) const {
    if (settings_.field.physical == ParquetType::kInt96) {
      AppendInt96(static_cast<int64_t>(value), out);
    } else {
      out->append(PlainBytes(value));
    }
  }

  void AppendValues(std::string* body) const;

  ColumnSettings settings_;
  ColumnPages pages_;
  size_t width_;
  size_t page_rows_;
  bool is_dictionary_;  // values still get codes
  NumberDictionary dictionary_;
  std::vector<uint32_t> codes_;  // of the open page
  std::vector<Value> values_;    // of the open page, where it has no codes
  NumberRange<Value> range_;     // of the open page
  NumberRange<Value> chunk_range_;
  arrow::Status error_;
};

template <typename Value, Reader<Value> kRead>
bool NumberColumn<Value, kRead>::HasRoom() {
  const bool is_hopeless = pages_.is_first() && dictionary_.size() == kProbeSize &&
                           codes_.size() * 19 < kProbeSize * 20;
  if (is_hopeless) {
    TurnPlain();
    return false;
  }
  const auto most = static_cast<size_t>(settings_.options.dictionary_bytes);
  if ((dictionary_.size() + 1) * width_ <= most) {
    return true;
  }
  if (pages_.num_rows() > 0) {
    error_ = EndPage();
  }
  is_dictionary_ = false;
  return false;
}

// Gives up the dictionary before any page was written with it.
template <typename Value, Reader<Value> kRead>
void NumberColumn<Value, kRead>::TurnPlain() {
  for (const uint32_t code : codes_) {
    values_.push_back(ValueOf<Value>(dictionary_.values()[code]));
  }
  codes_.clear();
  dictionary_.Clear();
  is_dictionary_ = false;
}

template <typename Value, Reader<Value> kRead>
void NumberColumn<Value, kRead>::AppendValues(std::string* body) const {
  if (settings_.field.physical == ParquetType::kInt96) {
    for (const Value value : values_) {
      AppendNumber(value, body);
    }
  } else if (!values_.empty()) {
    const size_t begin = body->size();
    body->resize(begin + values_.size() * sizeof(Value));
    std::memcpy(body->data() + begin, values_.data(), values_.size() * sizeof(Value));
  }
}

template <typename Value, Reader<Value> kRead>
arrow::Status NumberColumn<Value, kRead>::EndPage() {
  const auto bits = static_cast<size_t>(BitWidth(std::max(dictionary_.size(), 1U) - 1));
  if (is_dictionary_ && pages_.is_first() &&
      dictionary_.size() * width_ + codes_.size() * bits / 8 >= codes_.size() * width_) {
    const bool may_use_dictionary = codes_.empty();
    TurnPlain();
    is_dictionary_ = may_use_dictionary;  // a page of NULLs tells nothing
  }
  std::string* body = pages_.BeginBody();
  const bool has_codes = is_dictionary_ && dictionary_.size() > 0;
  if (has_codes) {
    body->push_back(static_cast<char>(bits));
    AppendRle(codes_, static_cast<int>(bits), body);
  } else {
    AppendValues(body);
  }
  const bool has_order = settings_.field.physical != ParquetType::kInt96;
  chunk_range_.Add(range_);
  ARROW_RETURN_NOT_OK(pages_.EndPage(
      has_codes ? ParquetEncoding::kPlainDictionary : ParquetEncoding::kPlain,
      has_order ? range_.ToBounds() : ParquetBounds{}, 0));
  codes_.clear();
  values_.clear();
  range_ = {};
  return arrow::Status::OK();
}

template <typename Value, Reader<Value> kRead>
arrow::Status NumberColumn<Value, kRead>::FinishChunk(ChunkSummary* chunk) {
  if (pages_.num_rows() > 0) {
    ARROW_RETURN_NOT_OK(EndPage());
  }
  if (pages_.needs_dictionary()) {
    std::string* body = pages_.NewBody();
    for (const uint64_t key : dictionary_.values()) {
      AppendNumber(ValueOf<Value>(key), body);
    }
    ARROW_RETURN_NOT_OK(pages_.AddDictionary(*body, dictionary_.size()));
  }
  const bool has_order = settings_.field.physical != ParquetType::kInt96;
  pages_.Take(has_order ? chunk_range_.ToBounds() : ParquetBounds{}, chunk);
  dictionary_.Clear();
  chunk_range_ = {};
  is_dictionary_ = settings_.options.use_dictionary;
  return arrow::Status::OK();
}

inline bool ReadLongField(const ParquetField& /*field*/, std::string_view text,
                          int64_t* out) {
  return ReadLong(text, out);
}

bool ReadFloatField(const ParquetField& /*field*/, std::string_view text, float* out) {
  return ReadFloat(text, out);
}

bool ReadDoubleField(const ParquetField& /*field*/, std::string_view text, double* out) {
  return ReadDouble(text, out);
}

}  // namespace

std::unique_ptr<ParquetColumn> MakeNumberColumn(const ColumnSettings& settings,
                                                PageWriter* writer) {
  switch (settings.field.physical) {
    case ParquetType::kInt32:
      return std::make_unique<NumberColumn<int32_t, ReadInt32>>(settings, writer);
    case ParquetType::kFloat:
      return std::make_unique<NumberColumn<float, ReadFloatField>>(settings, writer);
    case ParquetType::kDouble:
      return std::make_unique<NumberColumn<double, ReadDoubleField>>(settings, writer);
    default:
      break;
  }
  if (settings.field.type.id == TypeId::kLong) {
    return std::make_unique<NumberColumn<int64_t, ReadLongField>>(settings, writer);
  }
  return std::make_unique<NumberColumn<int64_t, ReadInt64>>(settings, writer);
}

}  // namespace partita
