#include "partita/encode/parquet/column/bytes_column.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "partita/base/hash.h"
#include "partita/encode/parquet/column/coded_column.h"
#include "partita/encode/parquet/column/dictionary.h"
#include "partita/encode/parquet/column/value.h"

namespace partita {
namespace {

constexpr size_t kLengthBytes = 4;

// The first eight bytes as a number that orders as they do.
uint64_t PrefixOf(std::string_view value) {
  uint64_t prefix = 0;
  if (!value.empty()) {  // which may have no address
    std::memcpy(&prefix, value.data(), std::min(value.size(), sizeof(prefix)));
  }
  return __builtin_bswap64(prefix);
}

// Smallest and largest of byte strings; keeps copies of these two alone.
class BytesRange {
 public:
  void Add(std::string_view value) {
    const uint64_t prefix = PrefixOf(value);
    if (is_empty_ || (prefix <= min_prefix_ && value < min_)) {
      min_.assign(value);
      min_prefix_ = prefix;
    }
    if (is_empty_ || (prefix >= max_prefix_ && value > max_)) {
      max_.assign(value);
      max_prefix_ = prefix;
    }
    is_empty_ = false;
  }

  void Add(const BytesRange& other) {
    if (!other.is_empty_) {
      Add(other.min_);
      Add(other.max_);
    }
  }

  void Clear() { is_empty_ = true; }

  ParquetBounds ToBounds() const {
    if (is_empty_) {
      return {};
    }
    return {.is_known = true, .min = min_, .max = max_};
  }

 private:
  std::string min_;
  std::string max_;
  uint64_t min_prefix_ = 0;
  uint64_t max_prefix_ = 0;
  bool is_empty_ = true;
};

// Two's complement orders as unsigned bytes once its sign bit is turned over; decimals
// are held so until they are written.
void TurnSign(std::string* value) {
  constexpr unsigned char kSign = 0x80;
  if (!value->empty()) {
    value->front() =
        static_cast<char>(static_cast<unsigned char>(value->front()) ^ kSign);
  }
}

// Appends values of fixed width from their form with lengths.
void AppendFixed(std::string_view plain, size_t width, std::string* out) {
  std::string value;
  for (size_t at = kLengthBytes; at < plain.size(); at += kLengthBytes + width) {
    value.assign(plain.substr(at, width));
    TurnSign(&value);
    out->append(value);
  }
}

class BytesColumn : public CodedColumn<BytesColumn, BytesDictionary> {
 public:
  BytesColumn(const ColumnSettings& settings, PageWriter* writer)
      : CodedColumn(settings, static_cast<size_t>(settings.options.page_rows), writer),
        is_fixed_(settings.field.physical == ParquetType::kFixedBytes),
        page_bytes_(static_cast<size_t>(settings.options.page_bytes)) {}

  int64_t open_bytes() const override {
    return static_cast<int64_t>(dictionary_page_bytes() + plain_.size()) + code_bytes();
  }

  bool Add(std::string_view text) {
    return is_fixed_ ? AddDecimal(text) : AddBytes(text);
  }

  // The value added last once more, if it has a code and does not end the open page.
  bool Repeat() {
    if (codes().empty() || open_bytes_ + last_bytes_ > page_bytes_ ||
        !pages().AddValueWithin(page_rows())) {
      return false;
    }
    RepeatCode();
    open_bytes_ += last_bytes_;
    return true;
  }

  // What CodedColumn and TypedColumn ask for.

  size_t dictionary_page_bytes() const { return dictionary().plain().size(); }

  void AddPlainOf(uint32_t code) { AddPlain(dictionary().value(code)); }

  void AppendPlainValues(std::string* body) const { AppendAsStored(plain_, body); }

  arrow::Status WritePage();
  arrow::Status WriteDictionary();

  ParquetBounds ChunkBounds() const { return BoundsOf(chunk_range_); }

  void ForgetChunk();

 private:
  bool AddDecimal(std::string_view text) {
    if (!ReadFixedDecimal(settings().field, text, &decimal_)) {
      return Fail(NotOfType(settings().field, text));
    }
    TurnSign(&decimal_);
    return AddBytes(decimal_);
  }

  bool AddBytes(std::string_view value) {
    // A page may always turn out plain, so that size counts, as in parquet-mr.
    const size_t size = kLengthBytes + value.size();
    if (open_bytes_ > 0 && open_bytes_ + size > page_bytes_ && !EndPage()) {
      return false;
    }
    if (!AddCode(value, size)) {
      AddPlain(value);
    }
    open_bytes_ += size;
    last_bytes_ = size;
    pages().AddValue();
    return EndPageIfFull() && error().ok();
  }

  bool AddCode(std::string_view value, size_t size) {
    return is_dictionary() && CodedColumn::AddCode(size, value, Hash64(value));
  }

  void AddPlain(std::string_view value) {
    AppendPlain(value, &plain_);
    range_.Add(value);
  }

  // Appends values from their form with lengths.
  void AppendAsStored(std::string_view plain, std::string* body) const {
    if (is_fixed_) {
      AppendFixed(plain, static_cast<size_t>(settings().field.width), body);
    } else {
      body->append(plain);
    }
  }

  void AddCodesToRange();
  ParquetBounds BoundsOf(const BytesRange& range) const;
  void ReleaseLargeMemory();

  bool is_fixed_;
  size_t page_bytes_;
  std::string plain_;           // values of the open page, where it has no codes
  size_t open_bytes_ = 0;       // of the open page, as if it were plain
  size_t last_bytes_ = 0;       // of the value added last, likewise
  std::vector<uint32_t> seen_;  // by code: the last page that has it, from 1
  uint32_t page_number_ = 0;
  BytesRange range_;  // of the open page; with codes only known at its end
  BytesRange chunk_range_;
  std::string decimal_;
};

// Looks at each distinct value of the page once.
void BytesColumn::AddCodesToRange() {
  if (pages().is_first()) {
    for (uint32_t code = 0; code < dictionary().size(); ++code) {
      range_.Add(dictionary().value(code));
    }
    return;
  }
  seen_.resize(dictionary().size());
  ++page_number_;
  for (const uint32_t code : codes()) {
    if (seen_[code] != page_number_) {
      seen_[code] = page_number_;
      range_.Add(dictionary().value(code));
    }
  }
}

ParquetBounds BytesColumn::BoundsOf(const BytesRange& range) const {
  ParquetBounds bounds = range.ToBounds();
  if (is_fixed_) {
    TurnSign(&bounds.min);
    TurnSign(&bounds.max);
  }
  return bounds;
}

arrow::Status BytesColumn::WritePage() {
  const ParquetEncoding encoding = AppendValues(open_bytes_);
  if (encoding == ParquetEncoding::kPlainDictionary) {
    AddCodesToRange();
  }
  const auto value_bytes =
      static_cast<int64_t>(open_bytes_ - pages().num_values() * kLengthBytes);
  chunk_range_.Add(range_);
  ARROW_RETURN_NOT_OK(pages().EndPage(encoding, BoundsOf(range_), value_bytes));
  ForgetCodes();
  plain_.clear();
  open_bytes_ = 0;
  range_.Clear();
  return arrow::Status::OK();
}

arrow::Status BytesColumn::WriteDictionary() {
  if (!is_fixed_) {
    return pages().AddDictionary(dictionary().plain(), dictionary().size());
  }
  std::string* body = pages().NewBody();
  AppendAsStored(dictionary().plain(), body);
  return pages().AddDictionary(*body, dictionary().size());
}

void BytesColumn::ForgetChunk() {
  ForgetDictionary();
  seen_.clear();
  page_number_ = 0;
  chunk_range_.Clear();
  ReleaseLargeMemory();
}

// One huge value must not be held in memory for good.
void BytesColumn::ReleaseLargeMemory() {
  if (plain_.capacity() > 4 * page_bytes_) {
    plain_ = {};
    range_ = {};
    chunk_range_ = {};
  }
}

}  // namespace

std::unique_ptr<ParquetColumn> MakeBytesColumn(const ColumnSettings& settings,
                                               PageWriter* writer) {
  return std::make_unique<BytesColumn>(settings, writer);
}

}  // namespace partita
