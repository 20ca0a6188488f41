#pragma once

#include <string_view>

namespace partita {

/// \brief The formats that a crawl tells apart.
enum class FileFormat { kCsv, kJson, kParquet };

/// \brief `csv`, `json` or `parquet`: a crawler's classification.
std::string_view ClassificationOf(FileFormat format);

/// \brief The format that a file's first bytes show; what is neither Parquet nor JSON is taken to be CSV, which
/// SniffCsv() makes sure of.
///
/// Thread safety: pure.
FileFormat FormatOfHead(std::string_view head);

/// \brief Whether a text begins as JSON does and CSV hardly could: `{"`, `{}`, `[{`, `[[`, `[]`, blanks apart.
///
/// Thread safety: pure.
bool LooksLikeJson(std::string_view text);

/// \brief `text` without the byte-order mark of UTF-8. Thread safety: pure.
std::string_view WithoutByteOrderMark(std::string_view text);

}  // namespace partita
