#include "partita/encode/parquet/column/bytes_column.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "partita/base/hash.h"
#include "partita/encode/parquet/column/dictionary.h"
#include "partita/encode/parquet/column/value.h"

namespace partita {
namespace {

constexpr size_t kProbeSize = 2048;
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

class BytesColumn : public ParquetColumn {
 public:
  BytesColumn(const ColumnSettings& settings, PageWriter* writer)
      : settings_(settings),
        pages_(settings_.field, writer),
        is_fixed_(settings_.field.physical == ParquetType::kFixedBytes),
        page_rows_(static_cast<size_t>(settings_.options.page_rows)),
        page_bytes_(static_cast<size_t>(settings_.options.page_bytes)),
        dictionary_bytes_(static_cast<size_t>(settings_.options.dictionary_bytes)),
        is_dictionary_(settings_.options.use_dictionary) {}

  arrow::Status Append(const RowBatch& rows, size_t begin, size_t end) override {
    return ForEachField(rows, begin, end, settings_, this);
  }

  arrow::Status FinishChunk(ChunkSummary* chunk) override;

  int64_t open_bytes() const override {
    const auto code_bits = static_cast<size_t>(BitWidth(dictionary_.size()));
    return static_cast<int64_t>(dictionary_.plain().size() + plain_.size() +
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
    return is_fixed_ ? AddDecimal(text) : AddBytes(text);
  }

  // The value added last once more, if it has a code and does not end the open page.
  bool Repeat() {
    if (codes_.empty() || open_bytes_ + last_bytes_ > page_bytes_ ||
        !pages_.AddValueWithin(page_rows_)) {
      return false;
    }
    codes_.push_back(codes_.back());
    open_bytes_ += last_bytes_;
    return true;
  }

  const arrow::Status& error() const { return error_; }

 private:
  bool AddDecimal(std::string_view text) {
    if (!ReadFixedDecimal(settings_.field, text, &decimal_)) {
      error_ = NotOfType(settings_.field, text);
      return false;
    }
    TurnSign(&decimal_);
    return AddBytes(decimal_);
  }

  bool AddBytes(std::string_view value) {
    // A page may always turn out plain, so that size counts, as in parquet-mr.
    const size_t size = kLengthBytes + value.size();
    if (open_bytes_ > 0 && open_bytes_ + size > page_bytes_) {
      error_ = EndPage();
    }
    if (!is_dictionary_ || !AddCode(value)) {
      AddPlain(value);
    }
    open_bytes_ += size;
    last_bytes_ = size;
    pages_.AddValue();
    return EndPageIfFull() && error_.ok();
  }

  // False if the value has no code and gets none: it is to be stored plain.
  bool AddCode(std::string_view value) {
    const uint64_t hash = Hash64(value);
    const std::optional<uint32_t> code = dictionary_.Find(value, hash);
    if (code.has_value()) {
      codes_.push_back(*code);
      return true;
    }
    if (!HasRoom(value.size())) {
      return false;
    }
    codes_.push_back(dictionary_.Add(value, hash));
    return true;
  }

  void AddPlain(std::string_view value) {
    AppendPlain(value, &plain_);
    range_.Add(value);
  }

  bool EndPageIfFull() {
    if (pages_.num_rows() < page_rows_) {
      return true;
    }
    error_ = EndPage();
    return error_.ok();
  }

  bool HasRoom(size_t size);
  void TurnPlain();
  void AddCodesToRange();
  ParquetBounds BoundsOf(const BytesRange& range) const;
  arrow::Status EndPage();
  void ReleaseLargeMemory();

  ColumnSettings settings_;
  ColumnPages pages_;
  bool is_fixed_;
  size_t page_rows_;
  size_t page_bytes_;
  size_t dictionary_bytes_;
  bool is_dictionary_;  // values still get codes
  BytesDictionary dictionary_;
  std::vector<uint32_t> codes_;  // of the open page
  std::string plain_;            // values of the open page, where it has no codes
  size_t open_bytes_ = 0;        // of the open page, as if it were plain
  size_t last_bytes_ = 0;        // of the value added last, likewise
  std::vector<uint32_t> seen_;   // by code: the last page that has it, from 1
  uint32_t page_number_ = 0;
  BytesRange range_;  // of the open page; with codes only known at its end
  BytesRange chunk_range_;
  std::string decimal_;
  arrow::Status error_;
};

bool BytesColumn::HasRoom(size_t size) {
  const bool is_hopeless = pages_.is_first() && dictionary_.size() == kProbeSize &&
                           codes_.size() * 19 < kProbeSize * 20;
  if (is_hopeless) {
    TurnPlain();
    return false;
  }
  if (dictionary_.plain().size() + kLengthBytes + size <= dictionary_bytes_) {
    return true;
  }
  if (pages_.num_rows() > 0) {
    error_ = EndPage();
  }
  is_dictionary_ = false;
  return false;
}

// Gives up the dictionary before any page was written with it.
void BytesColumn::TurnPlain() {
  for (const uint32_t code : codes_) {
    AddPlain(dictionary_.value(code));
  }
  codes_.clear();
  dictionary_.Clear();
  is_dictionary_ = false;
}

// Looks at each distinct value of the page once.
void BytesColumn::AddCodesToRange() {
  if (pages_.is_first()) {
    for (uint32_t code = 0; code < dictionary_.size(); ++code) {
      range_.Add(dictionary_.value(code));
    }
    return;
  }
  seen_.resize(dictionary_.size());
  ++page_number_;
  for (const uint32_t code : codes_) {
    if (seen_[code] != page_number_) {
      seen_[code] = page_number_;
      range_.Add(dictionary_.value(code));
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

arrow::Status BytesColumn::EndPage() {
  const auto bits = static_cast<size_t>(BitWidth(std::max(dictionary_.size(), 1U) - 1));
  if (is_dictionary_ && pages_.is_first() &&
      dictionary_.plain().size() + codes_.size() * bits / 8 >= open_bytes_) {
    const bool may_use_dictionary = codes_.empty();
    TurnPlain();
    is_dictionary_ = may_use_dictionary;  // a page of NULLs tells nothing
  }
  std::string* body = pages_.BeginBody();
  const bool has_codes = is_dictionary_ && dictionary_.size() > 0;
  if (has_codes) {
    body->push_back(static_cast<char>(bits));
    AppendRle(codes_, static_cast<int>(bits), body);
    AddCodesToRange();
  } else if (is_fixed_) {
    AppendFixed(plain_, static_cast<size_t>(settings_.field.width), body);
  } else {
    body->append(plain_);
  }
  const auto value_bytes =
      static_cast<int64_t>(open_bytes_ - pages_.num_values() * kLengthBytes);
  chunk_range_.Add(range_);
  ARROW_RETURN_NOT_OK(pages_.EndPage(
      has_codes ? ParquetEncoding::kPlainDictionary : ParquetEncoding::kPlain,
      BoundsOf(range_), value_bytes));
  codes_.clear();
  plain_.clear();
  open_bytes_ = 0;
  range_.Clear();
  return arrow::Status::OK();
}

arrow::Status BytesColumn::FinishChunk(ChunkSummary* chunk) {
  if (pages_.num_rows() > 0) {
    ARROW_RETURN_NOT_OK(EndPage());
  }
  if (pages_.needs_dictionary() && is_fixed_) {
    std::string* body = pages_.NewBody();
    AppendFixed(dictionary_.plain(), static_cast<size_t>(settings_.field.width), body);
    ARROW_RETURN_NOT_OK(pages_.AddDictionary(*body, dictionary_.size()));
  } else if (pages_.needs_dictionary()) {
    ARROW_RETURN_NOT_OK(pages_.AddDictionary(dictionary_.plain(), dictionary_.size()));
  }
  pages_.Take(BoundsOf(chunk_range_), chunk);
  dictionary_.Clear();
  seen_.clear();
  page_number_ = 0;
  chunk_range_.Clear();
  is_dictionary_ = settings_.options.use_dictionary;
  ReleaseLargeMemory();
  return arrow::Status::OK();
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
