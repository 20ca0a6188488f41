#include "partita/model/row_batch.h"

namespace partita {

FieldValue ReadField(std::string_view raw, const RowFormat& format,
                     std::string* scratch) {
  if (raw.empty()) {
    return {.is_null = true, .text = {}};
  }
  if (raw.front() != '"') {
    return {.is_null = false, .text = raw};
  }
  const std::string_view inner = raw.substr(1, raw.size() - 2);
  if (inner.empty()) {
    return {.is_null = format.quoted_empty_is_null, .text = {}};
  }
  if (inner.find('"') == std::string_view::npos) {
    return {.is_null = false, .text = inner};
  }
  scratch->clear();
  for (size_t i = 0; i < inner.size(); ++i) {
    scratch->push_back(inner[i]);
    if (inner[i] == '"') {
      ++i;  // the second of a doubled pair
    }
  }
  return {.is_null = false, .text = *scratch};
}

}  // namespace partita
