#include "partita/encode/parquet/column/number_column.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "partita/encode/parquet/column/coded_column.h"
#include "partita/encode/parquet/column/dictionary.h"
#include "partita/encode/parquet/column/value.h"

namespace partita {
namespace {

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
class NumberColumn : public CodedColumn<NumberColumn<Value, kRead>, NumberDictionary> {
  using Base = CodedColumn<NumberColumn, NumberDictionary>;
  using Base::codes;
  using Base::dictionary;
  using Base::pages;

 public:
  NumberColumn(const ColumnSettings& settings, PageWriter* writer)
      : Base(settings,
             static_cast<size_t>(
                 std::clamp<int64_t>(settings.options.page_bytes / settings.field.width,
                                     1, settings.options.page_rows)),
             writer),
        width_(static_cast<size_t>(settings.field.width)) {}

  int64_t open_bytes() const override {
    return static_cast<int64_t>(dictionary_page_bytes() + values_.size() * width_) +
           this->code_bytes();
  }

  // Reads all numbers before it adds the first: the places of those to come can then be
  // fetched while one is looked up.
  arrow::Status Append(const RowBatch& rows, size_t begin, size_t end) override {
    std::string_view wrong;
    const size_t num_read = ReadNumbers(rows, begin, end, &wrong);
    for (size_t i = 0; i < num_read; ++i) {
      if (this->is_dictionary() && i + kFetchedAhead < num_read) {
        dictionary().Prefetch(KeyOf(read_[i + kFetchedAhead].value));
      }
      if (!AddRead(i)) {
        return this->error();
      }
    }
    if (num_read < end - begin) {
      this->Fail(NotOfType(this->settings().field, wrong));
    }
    return this->error();
  }

  bool Add(std::string_view text) {
    Value value{};
    if (!kRead(this->settings().field, text, &value)) {
      return this->Fail(NotOfType(this->settings().field, text));
    }
    return AddValue(value);
  }

  // The value added last once more, if it is in the open page and does not end it.
  bool Repeat() {
    if (codes().empty() && values_.empty()) {
      return false;
    }
    if (!pages().AddValueWithin(this->page_rows())) {
      return false;
    }
    if (codes().empty()) {
      values_.push_back(values_.back());
    } else {
      this->RepeatCode();
    }
    return true;
  }

  // What CodedColumn and TypedColumn ask for.

  size_t dictionary_page_bytes() const { return dictionary().size() * width_; }

  void AddPlainOf(uint32_t code) {
    values_.push_back(ValueOf<Value>(dictionary().values()[code]));
  }

  void AppendPlainValues(std::string* body) const;
  arrow::Status WritePage();
  arrow::Status WriteDictionary();

  ParquetBounds ChunkBounds() const { return BoundsOf(chunk_range_); }

  void ForgetChunk() {
    this->ForgetDictionary();
    chunk_range_ = {};
  }

 private:
  static constexpr size_t kFetchedAhead = 8;

  struct Cell {
    Value value;
    bool is_null;
  };

  // Reads the column's fields into `read_` and tells how many: all, or those before one
  // that is no number, which is `*wrong`.
  size_t ReadNumbers(const RowBatch& rows, size_t begin, size_t end,
                     std::string_view* wrong) {
    const size_t num_rows = end - begin;
    read_.resize(std::max(read_.size(), num_rows));
    FieldCursor fields(rows, begin, this->settings().index);
    for (size_t i = 0; i < num_rows; ++i) {
      const std::string_view raw = fields.Next();
      FieldValue field{.is_null = raw.empty(), .text = raw};
      if (!field.is_null && raw.front() == '"') {
        field = ReadField(raw, this->settings().row_format, &unquoted_);
      }
      Cell& cell = read_[i];
      cell.is_null = field.is_null;
      if (!field.is_null && !kRead(this->settings().field, field.text, &cell.value)) {
        *wrong = field.text;
        return i;
      }
    }
    return num_rows;
  }

  bool AddRead(size_t i) {
    const Cell cell = read_[i];
    if (cell.is_null) {
      return this->AddNull();
    }
    if (i > 0 && KeyOf(read_[i - 1].value) == KeyOf(cell.value) &&
        !read_[i - 1].is_null && Repeat()) {
      return true;
    }
    return AddValue(cell.value);
  }

  bool AddValue(Value value) {
    if (!this->is_dictionary() || !this->AddCode(width_, KeyOf(value))) {
      values_.push_back(value);
    }
    range_.Add(value);
    pages().AddValue();
    return this->EndPageIfFull() && this->error().ok();
  }

  void AppendNumber(Value value, std::string* body) const {
    if (this->settings().field.physical == ParquetType::kInt96) {
      AppendInt96(static_cast<int64_t>(value), body);
    } else {
      body->append(PlainBytes(value));
    }
  }

  // INT96 has no order.
  ParquetBounds BoundsOf(const NumberRange<Value>& range) const {
    return this->settings().field.physical == ParquetType::kInt96 ? ParquetBounds{}
                                                                  : range.ToBounds();
  }

  size_t width_;
  std::vector<Value> values_;  // of the open page, where it has no codes
  NumberRange<Value> range_;   // of the open page
  NumberRange<Value> chunk_range_;
  std::vector<Cell> read_;  // of the rows at hand; longer than they may be
  std::string unquoted_;
};

template <typename Value, Reader<Value> kRead>
void NumberColumn<Value, kRead>::AppendPlainValues(std::string* body) const {
  if (this->settings().field.physical == ParquetType::kInt96) {
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
arrow::Status NumberColumn<Value, kRead>::WritePage() {
  const ParquetEncoding encoding = this->AppendValues(codes().size() * width_);
  chunk_range_.Add(range_);
  ARROW_RETURN_NOT_OK(pages().EndPage(encoding, BoundsOf(range_), 0));
  this->ForgetCodes();
  values_.clear();
  range_ = {};
  return arrow::Status::OK();
}

template <typename Value, Reader<Value> kRead>
arrow::Status NumberColumn<Value, kRead>::WriteDictionary() {
  std::string* body = pages().NewBody();
  for (const uint64_t key : dictionary().values()) {
    AppendNumber(ValueOf<Value>(key), body);
  }
  return pages().AddDictionary(*body, dictionary().size());
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
