#include "partita/catalog/catalog_name.h"

#include <algorithm>

#include <arrow/util/utf8.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/model/data_type.h"

namespace partita {
namespace {

constexpr int64_t kMaxCharacters = 255;

bool IsControl(char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }

int64_t NumCharacters(std::string_view utf8) {
  return std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
}

}  // namespace

arrow::Result<std::string> CatalogName(std::string_view what, std::string_view name) {
  arrow::util::InitializeUTF8();  // runs once
  if (!arrow::util::ValidateUTF8(name)) {
    return Error(ErrorCode::kInvalidConfig, "the name of a {} must be UTF-8", what);
  }
  if (std::any_of(name.begin(), name.end(), IsControl)) {
    return Error(ErrorCode::kInvalidConfig,
                 "the name of a {} must be one line without control characters", what);
  }
  const int64_t num_characters = NumCharacters(name);
  if (num_characters == 0 || num_characters > kMaxCharacters) {
    return Error(ErrorCode::kInvalidConfig,
                 "the name of a {} must have 1 to 255 characters, not {}: \"{}\"", what,
                 num_characters, name);
  }
  return LowerAscii(name);
}

arrow::Result<std::string> NewDatabaseName(std::string_view name) {
  if (name.find('.') != std::string_view::npos) {
    return Error(
        ErrorCode::kInvalidConfig,
        "the name of a database must have no dot, which stands before the table's "
        "name in DATABASE.TABLE: \"{}\"",
        name);
  }
  return CatalogName("database", name);
}

}  // namespace partita
