#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "partita/base/buffer.h"
#include "partita/model/row_batch.h"
#include "partita/model/row_indexer.h"

namespace partita {

/// \brief A row's fields; no value is NULL.
using TextRow = std::vector<std::optional<std::string>>;

/// \brief Rows as text by RowFormat with their index, padded as RowBatch wants it.
///
/// Quotes a field that needs it, and the empty string always. Movable, not copyable: the
/// batch points into the text.
class TextRows {
 public:
  explicit TextRows(const std::vector<TextRow>& rows, RowFormat format = {}) {
    const size_t columns = rows.empty() ? 1 : rows.front().size();
    for (const TextRow& row : rows) {
      for (size_t i = 0; i < row.size(); ++i) {
        text_ += i == 0 ? "" : std::string(1, format.separator);
        AppendField(row[i], format);
      }
      text_ += '\n';
    }
    const size_t size = text_.size();
    text_.resize(size + Buffer::kPadding);
    IndexRowsPlainly(format, static_cast<int>(columns),
                     std::string_view(text_).substr(0, size), true, rows.size() + 1,
                     &batch_);
    batch_.num_columns = static_cast<int>(columns);
  }

  TextRows(const TextRows&) = delete;
  TextRows& operator=(const TextRows&) = delete;

  const RowBatch& batch() const { return batch_; }

 private:
  void AppendField(const std::optional<std::string>& value, RowFormat format) {
    if (!value.has_value()) {
      return;
    }
    const std::string special = std::string("\"\r\n") + format.separator;
    if (!value->empty() && value->find_first_of(special) == std::string::npos) {
      text_ += *value;
      return;
    }
    text_ += '"';
    for (const char byte : *value) {
      text_ += byte == '"' ? "\"\"" : std::string(1, byte);
    }
    text_ += '"';
  }

  std::string text_;
  RowBatch batch_;
};

}  // namespace partita
