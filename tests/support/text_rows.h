#pragma once

#include <optional>
#include <string>
#include <vector>

#include "partita/model/row_format.h"

namespace partita {

/// \brief A row's fields; no value is NULL.
using TextRow = std::vector<std::optional<std::string>>;

/// \brief The rows as text by RowFormat; quotes where a field needs them, and around the
/// empty string.
inline std::string TextOf(const std::vector<TextRow>& rows, char separator = ',') {
  const std::string special = std::string("\"\r\n") + separator;
  std::string text;
  for (const TextRow& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      text += i == 0 ? "" : std::string(1, separator);
      const std::string value = row[i].value_or("");
      const bool is_quoted =
          row[i].has_value() &&
          (value.empty() || value.find_first_of(special) != value.npos);
      text += is_quoted ? "\"" : "";
      for (const char byte : value) {
        text += byte == '"' ? "\"\"" : std::string(1, byte);
      }
      text += is_quoted ? "\"" : "";
    }
    text += '\n';
  }
  return text;
}

}  // namespace partita
