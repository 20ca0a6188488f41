#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

namespace partita {

/// \brief The name Hive and Spark give the partition of NULL.
inline constexpr std::string_view kNullPartitionName = "__HIVE_DEFAULT_PARTITION__";

/// \brief One `column=value` level of a partition path, unescaped; no value means NULL.
struct PartitionLevel {
  std::string column;
  std::optional<std::string> value;

  friend bool operator==(const PartitionLevel&, const PartitionLevel&) = default;
};

// The only place that builds or reads the text `key=value` and its percent escapes.
// All functions are pure and may be called from any thread.
// Source: Spark's ExternalCatalogUtils (escapePathName, unescapePathName).

/// \brief Escapes a column name or value as Spark does: `%` and two upper-case hex digits
/// for 0x01-0x1F, 0x7F and
/// `" # % ' * / : = ? \ { [ ] ^`; blanks and non-ASCII stay.
std::string EscapePathName(std::string_view name);

/// \brief The reverse: every `%XX` becomes its character; a `%` without two hex digits
/// stays.
///
/// Spark decodes each `%XX` to a character of that number; other writers percent-encode
/// UTF-8 bytes. Where the decoded bytes are valid UTF-8 they are taken as such, else each
/// byte over 0x7F becomes its Latin-1 character.
std::string UnescapePathName(std::string_view name);

/// \brief `column=value`; no value or an empty one gives
/// `column=__HIVE_DEFAULT_PARTITION__`.
std::string PartitionSegment(std::string_view column,
                             const std::optional<std::string>& value);

/// \brief Segments of all levels joined with `/`.
std::string PartitionPath(const std::vector<PartitionLevel>& levels);

/// \brief Reads `a=1/b=x`; nothing if a part has no `=`, or an empty name or value.
std::optional<std::vector<PartitionLevel>> ParsePartitionPath(std::string_view path);

}  // namespace partita
