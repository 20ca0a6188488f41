#include "partita/encode/parquet/column/boolean_column.h"

#include "partita/model/scalar_text.h"

namespace partita {
namespace {

class BooleanColumn : public ParquetColumn {
 public:
  BooleanColumn(const ColumnSettings& settings, PageWriter* writer)
      : settings_(settings),
        pages_(settings_.field, writer),
        page_rows_(static_cast<size_t>(settings_.options.page_rows)) {}

  arrow::Status Append(const RowBatch& rows, size_t begin, size_t end) override {
    return ForEachField(rows, begin, end, settings_, this);
  }

  arrow::Status FinishChunk(ChunkSummary* chunk) override {
    if (pages_.num_rows() > 0) {
      ARROW_RETURN_NOT_OK(EndPage());
    }
    pages_.Take(BoundsOf(chunk_has_), chunk);
    chunk_has_ = {};
    return arrow::Status::OK();
  }

  int64_t open_bytes() const override { return static_cast<int64_t>(bits_.size() / 8); }

  bool AddNull() {
    if (!settings_.field.is_optional) {
      error_ = UnexpectedNull(settings_.field);
      return false;
    }
    pages_.AddNull();
    return EndPageIfFull();
  }

  bool Add(std::string_view text) {
    const std::optional<bool> value = ParseBoolean(text);
    if (!value.has_value()) {
      error_ = NotOfType(settings_.field, text);
      return false;
    }
    bits_.push_back(static_cast<uint8_t>(*value));
    pages_.AddValue();
    return EndPageIfFull();
  }

  bool Repeat() {
    if (bits_.empty() || !pages_.AddValueWithin(page_rows_)) {
      return false;
    }
    bits_.push_back(bits_.back());
    return true;
  }

  const arrow::Status& error() const { return error_; }

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

  bool EndPageIfFull() {
    if (pages_.num_rows() < page_rows_) {
      return true;
    }
    error_ = EndPage();
    return error_.ok();
  }

  arrow::Status EndPage() {
    Has page_has;
    std::string* body = pages_.BeginBody();
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
    return pages_.EndPage(ParquetEncoding::kPlain, BoundsOf(page_has), 0);
  }

  ColumnSettings settings_;
  ColumnPages pages_;
  size_t page_rows_;
  std::vector<uint8_t> bits_;  // a byte each, of the open page
  Has chunk_has_;
  arrow::Status error_;
};

}  // namespace

std::unique_ptr<ParquetColumn> MakeBooleanColumn(const ColumnSettings& settings,
                                                 PageWriter* writer) {
  return std::make_unique<BooleanColumn>(settings, writer);
}

}  // namespace partita
