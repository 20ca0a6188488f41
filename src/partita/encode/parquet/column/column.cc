#include "partita/encode/parquet/column/column.h"

#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "partita/base/error.h"
#include "partita/encode/parquet/column/boolean_column.h"
#include "partita/encode/parquet/column/bytes_column.h"
#include "partita/encode/parquet/column/number_column.h"

namespace partita {
namespace {

// Levels with their length before them, as flat columns have theirs.
void AppendLevels(const std::vector<uint32_t>& levels, uint32_t max, std::string* body) {
  if (max == 0) {
    return;
  }
  const size_t begin = body->size();
  body->resize(begin + sizeof(uint32_t));
  AppendRle(levels, BitWidth(max), body);
  const auto length = static_cast<uint32_t>(body->size() - begin - sizeof(uint32_t));
  std::memcpy(body->data() + begin, &length, sizeof(length));
}

}  // namespace

std::unique_ptr<ParquetColumn> MakeParquetColumn(const ColumnSettings& settings,
                                                 PageWriter* writer) {
  switch (settings.field.physical) {
    case ParquetType::kBoolean:
      return MakeBooleanColumn(settings, writer);
    case ParquetType::kByteArray:
    case ParquetType::kFixedBytes:
      return MakeBytesColumn(settings, writer);
    default:
      return MakeNumberColumn(settings, writer);
  }
}

arrow::Status NotOfType(const ParquetField& field, std::string_view text) {
  constexpr size_t kMostShown = 100;
  return Error(ErrorCode::kBadInput,
               "a value is not of its column's type: column {}, type {}, value \"{}\"",
               fmt::join(field.path, "."), PrintSchemaName(field.type),
               text.substr(0, kMostShown));
}

arrow::Status UnexpectedNull(const ParquetField& field) {
  return Error(ErrorCode::kBadInput,
               "NULL in a column that is declared without NULLs: column {}",
               fmt::join(field.path, "."));
}

std::string* ColumnPages::BeginBody() {
  std::string* body = writer_->NewBody();
  if (is_nested()) {
    AppendLevels(repetitions_, field_->max_repetition, body);
    AppendLevels(definitions_, field_->max_definition, body);
    return body;
  }
  if (!field_->is_optional) {
    return body;
  }
  body->resize(sizeof(uint32_t));  // the levels' length, known last
  if (levels_.empty()) {
    AppendRleOnes(static_cast<uint32_t>(num_rows_), body);
  } else {
    AppendRleLevels(levels_, body);
  }
  const auto length = static_cast<uint32_t>(body->size() - sizeof(uint32_t));
  std::memcpy(body->data(), &length, sizeof(length));
  return body;
}

arrow::Status ColumnPages::EndPage(ParquetEncoding encoding, const ParquetBounds& bounds,
                                   int64_t value_bytes) {
  const PageShape shape{.encoding = encoding,
                        .has_levels = field_->max_definition > 0,
                        .has_repetitions = field_->max_repetition > 0,
                        .num_values = static_cast<int64_t>(num_rows_)};
  ARROW_ASSIGN_OR_RAISE(const StoredPage page, writer_->Write(shape, writer_->body()));
  const bool is_text = field_->type.id == TypeId::kString;
  const bool may_cut = field_->physical == ParquetType::kByteArray;
  chunk_.pages.push_back({.page = page,
                          .bytes = static_cast<int64_t>(page.bytes.size()),
                          .first_row = first_row_,
                          .num_values = static_cast<int64_t>(num_rows_),
                          .num_nulls = static_cast<int64_t>(num_nulls_),
                          .value_bytes = value_bytes,
                          .bounds = may_cut ? CutBounds(bounds, is_text) : bounds});
  if (encoding == ParquetEncoding::kPlain) {
    ++chunk_.plain_pages;
  } else {
    ++chunk_.dictionary_coded_pages;
  }
  // A page of values without bounds (NaN, INT96) leaves the chunk without an index.
  if (!bounds.is_known && num_values() > 0) {
    chunk_.has_column_index = false;
  }
  first_row_ += is_nested() ? num_begun_rows_ : static_cast<int64_t>(num_rows_);
  num_rows_ = 0;
  num_nulls_ = 0;
  levels_.clear();
  repetitions_.clear();
  definitions_.clear();
  num_begun_rows_ = 0;
  return arrow::Status::OK();
}

arrow::Status ColumnPages::AddDictionary(std::string_view body, size_t num_values) {
  const PageShape shape{.is_dictionary = true,
                        .encoding = ParquetEncoding::kPlainDictionary,
                        .num_values = static_cast<int64_t>(num_values)};
  ARROW_ASSIGN_OR_RAISE(chunk_.dictionary, writer_->Write(shape, body));
  chunk_.has_dictionary = true;
  return arrow::Status::OK();
}

void ColumnPages::Take(const ParquetBounds& bounds, ChunkSummary* chunk) {
  chunk_.bounds = bounds;
  std::swap(*chunk, chunk_);
  chunk_.Clear();
  first_row_ = 0;
}

}  // namespace partita
