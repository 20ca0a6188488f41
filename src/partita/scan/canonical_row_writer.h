#pragma once

#include <cstddef>
#include <string_view>

#include <arrow/status.h>

#include "partita/base/buffer.h"
#include "partita/model/data_type.h"
#include "partita/scan/csv_options.h"

namespace partita {

/// \brief Writes fields by RowFormat, one behind the other, into a buffer that grows.
///
/// Ownership:     borrows the dialect, which tells what means NULL, and the buffer.
/// Thread safety: one thread at a time.
/// Errors:        kStoreUnavailable when there is no memory.
class CanonicalRowWriter {
 public:
  CanonicalRowWriter(const CsvDialect& dialect, Buffer* out)
      : dialect_(dialect), out_(out) {}

  /// Bytes written.
  size_t size() const { return size_; }

  /// What a field stands for: itself, or the dialect's text for an empty one in quotes.
  std::string_view Meant(std::string_view field, bool is_quoted) const {
    return field.empty() && is_quoted ? std::string_view{dialect_.empty_value} : field;
  }

  bool IsNull(std::string_view field, bool is_quoted) const {
    const std::string_view meant = Meant(field, is_quoted);
    return meant.empty() ? !is_quoted : meant == dialect_.null_value;
  }

  /// Whether the empty string is read as NULL once written in a column of this type.
  bool IsEmptyNull(const DataType& type) const {
    return ScannedRowFormat(dialect_).quoted_empty_is_null || DropsEmpty(type);
  }

  /// Whether an empty string must be written as NULL: it is kept, and the type has none.
  bool DropsEmpty(const DataType& type) const {
    return dialect_.empty_strings == EmptyStrings::kKeep && type.id != TypeId::kString;
  }

  /// The field, and behind it `end`.
  arrow::Status Add(std::string_view field, bool is_quoted, char end);

  /// A value as it is, whatever it means.
  arrow::Status AddText(std::string_view value, char end);

  arrow::Status AddNull(char end);

 private:
  bool NeedsQuotes(std::string_view value) const;
  arrow::Status MakeRoomFor(size_t value_bytes);
  void Write(std::string_view value);

  void Put(char c) { out_->data()[size_++] = c; }

  const CsvDialect& dialect_;
  Buffer* out_;
  size_t size_ = 0;
};

}  // namespace partita
