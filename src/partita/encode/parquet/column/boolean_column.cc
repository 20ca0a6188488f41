#include "partita/encode/parquet/column/boolean_column.h"

#include "partita/encode/parquet/column/typed_column.h"
#include "partita/model/scalar_text.h"

namespace partita {
namespace {

class BooleanColumn : public TypedColumn<BooleanColumn> {
 public:
  BooleanColumn(const ColumnSettings& settings, PageWriter* writer)
      : TypedColumn(settings, static_cast<size_t>(settings.options.page_rows), writer) {}

  int64_t open_bytes() const override { return static_cast<int64_t>(bits_.size() / 8); }

  bool Add(std::string_view text) {
    const std::optional<bool> value = ParseBoolean(text);
    if (!value.has_value()) {
      return Fail(NotOfType(settings().field, text));
    }
    bits_.push_back(static_cast<uint8_t>(*value));
    pages().AddValue();
    return EndPageIfFull();
  }

  bool Repeat() {
    if (bits_.empty() || !pages().AddValueWithin(page_rows())) {
      return false;
    }
    bits_.push_back(bits_.back());
    return true;
  }

  arrow::Status WritePage() {
    Has page_has;
    std::string* body = pages().BeginBody();
    const size_t begin = body->size();
    body->resize(begin + (bits_.size() + 7) / 8);
    for (size_t i = 0; i < bits_.size(); ++i) {
      char& byte = (*body)[begin + i / 8];
      byte = static_cast<char>(byte | bits_[i] << (i % 8));
      (bits_[i] != 0 ? page_has.yes : page_has.no) = true;
    }
    chunk_has_ = {.yes = chunk_has_.yes || page_has.yes,
                  .no = chunk_has_.no || page_has.no};
    bits_.clear();
    return pages().EndPage(ParquetEncoding::kPlain, BoundsOf(page_has), 0);
  }

  // Two values need none.
  static arrow::Status WriteDictionary() { return arrow::Status::OK(); }

  ParquetBounds ChunkBounds() const { return BoundsOf(chunk_has_); }

  void ForgetChunk() { chunk_has_ = {}; }

 private:
  struct Has {
    bool yes = false;
    bool no = false;
  };

  static ParquetBounds BoundsOf(Has has) {
    if (!has.yes && !has.no) {
      return {};
    }
    return {.is_known = true,
            .min = std::string(1, has.no ? '\0' : '\1'),
            .max = std::string(1, has.yes ? '\1' : '\0')};
  }

  std::vector<uint8_t> bits_;  // a byte each, of the open page
  Has chunk_has_;
};

}  // namespace

std::unique_ptr<ParquetColumn> MakeBooleanColumn(const ColumnSettings& settings,
                                                 PageWriter* writer) {
  return std::make_unique<BooleanColumn>(settings, writer);
}

}  // namespace partita
