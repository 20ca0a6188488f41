#include "partita/crawl/csv_dialect.h"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "partita/base/ascii.h"
#include "partita/base/error.h"
#include "partita/model/data_type.h"

namespace partita {
namespace {

using Parameters = std::map<std::string, std::string>;

std::optional<std::string> Find(const Parameters& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::nullopt : std::optional(found->second);
}

// Table parameters first, as Glue's reader looks there.
std::optional<std::string> FindAnywhere(const TableDefinition& table,
                                        const std::string& name) {
  for (const Parameters* parameters :
       {&table.parameters, &table.storage.parameters, &table.storage.serde.parameters}) {
    if (std::optional<std::string> value = Find(*parameters, name)) {
      return value;
    }
  }
  return std::nullopt;
}

// `\001` (octal) or `\u0001`.
std::optional<char> NumberedCharacter(std::string_view digits, int base) {
  unsigned code = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, base);
  if (error != std::errc() || end != digits.data() + digits.size() || code > 0x7F) {
    return std::nullopt;
  }
  return static_cast<char>(code);
}

std::optional<char> CharacterOf(std::string_view text) {
  if (text.size() == 1) {
    return text[0];
  }
  if (text == "\\t") {
    return '\t';
  }
  if (text == "\\\\") {
    return '\\';
  }
  if (text.size() == 6 && text.starts_with("\\u")) {
    return NumberedCharacter(text.substr(2), 16);
  }
  if (text.size() == 4 && text.starts_with("\\")) {
    return NumberedCharacter(text.substr(1), 8);
  }
  return std::nullopt;
}

arrow::Status TakeCharacter(const std::optional<std::string>& text, const char* name,
                            char* out) {
  if (!text.has_value()) {
    return arrow::Status::OK();
  }
  const std::optional<char> c = CharacterOf(*text);
  if (!c.has_value()) {
    return Error(ErrorCode::kInvalidConfig, "{} must be a single character: \"{}\"", name,
                 *text);
  }
  *out = *c;
  return arrow::Status::OK();
}

arrow::Status TakeHeader(const TableDefinition& table, bool* header) {
  const std::string count = FindAnywhere(table, "skip.header.line.count").value_or("0");
  if (count != "0" && count != "1") {
    return Error(ErrorCode::kInvalidConfig,
                 "skip.header.line.count must be 0 or 1: \"{}\"", count);
  }
  *header = count == "1";
  return arrow::Status::OK();
}

arrow::Status TakeOpenCsv(const Parameters& serde, CsvDialect* dialect) {
  dialect->escape = '\\';
  ARROW_RETURN_NOT_OK(
      TakeCharacter(Find(serde, "separatorChar"), "separatorChar", &dialect->separator));
  ARROW_RETURN_NOT_OK(
      TakeCharacter(Find(serde, "quoteChar"), "quoteChar", &dialect->quote));
  return TakeCharacter(Find(serde, "escapeChar"), "escapeChar", &dialect->escape);
}

arrow::Status TakeLazySimple(const TableDefinition& table, CsvDialect* dialect) {
  const Parameters& serde = table.storage.serde.parameters;
  std::optional<std::string> separator = Find(serde, "field.delim");
  if (!separator.has_value()) {
    separator = FindAnywhere(table, "delimiter");
  }
  ARROW_RETURN_NOT_OK(TakeCharacter(separator, "field.delim", &dialect->separator));
  dialect->null_value = Find(serde, "serialization.null.format").value_or("");
  return TakeCharacter(Find(serde, "escape.delim"), "escape.delim", &dialect->escape);
}

arrow::Result<CsvDialect> ReadDialect(const TableDefinition& table) {
  CsvDialect dialect;
  ARROW_RETURN_NOT_OK(TakeHeader(table, &dialect.header));
  const std::string serde = LowerAscii(table.storage.serde.serialization_library);
  if (serde.ends_with("opencsvserde")) {
    ARROW_RETURN_NOT_OK(TakeOpenCsv(table.storage.serde.parameters, &dialect));
  } else if (serde.ends_with("lazysimpleserde")) {
    ARROW_RETURN_NOT_OK(TakeLazySimple(table, &dialect));
  } else {
    return Error(ErrorCode::kInvalidConfig,
                 "its files are not CSV, which needs LazySimpleSerDe or OpenCSVSerde: "
                 "\"{}\"",
                 table.storage.serde.serialization_library);
  }
  return dialect;
}

}  // namespace

arrow::Result<CsvDialect> CsvDialectOf(const TableDefinition& table) {
  arrow::Result<CsvDialect> dialect = ReadDialect(table);
  if (!dialect.ok()) {
    return WithContext(dialect.status(),
                       fmt::format("table {}.{}", table.database, table.name));
  }
  return dialect;
}

}  // namespace partita
