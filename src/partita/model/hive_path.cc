#include "partita/model/hive_path.h"

#include <cstdint>

#include <arrow/util/utf8.h>

namespace partita {
namespace {

constexpr char kHexDigits[] = "0123456789ABCDEF";

bool NeedsEscape(unsigned char byte) {
  constexpr std::string_view kSpecial = "\"#%'*/:=?\\{[]^";
  return (byte >= 0x01 && byte <= 0x1F) || byte == 0x7F ||
         kSpecial.find(static_cast<char>(byte)) != std::string_view::npos;
}

int HexValue(char digit) {
  if (digit >= '0' && digit <= '9') {
    return digit - '0';
  }
  const char lower = static_cast<char>(digit | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The byte that `%XX` at `at` stands for; -1 where none stands there.
int EscapedByte(std::string_view name, size_t at) {
  if (at + 2 >= name.size() || name[at] != '%') {
    return -1;
  }
  const int high = HexValue(name[at + 1]);
  const int low = HexValue(name[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

// Appends bytes over 0x7F that stood next to each other as escapes: other writers mean
// UTF-8 by them, Spark means Latin-1.
void AppendEscapedBytes(const std::string& bytes, std::string* out) {
  arrow::util::InitializeUTF8();  // runs once
  if (arrow::util::ValidateUTF8(bytes)) {
    out->append(bytes);
    return;
  }
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out->push_back(static_cast<char>(0xC0 | (byte >> 6)));
    out->push_back(static_cast<char>(0x80 | (byte & 0x3F)));
  }
}

std::optional<PartitionLevel> ParseLevel(std::string_view part) {
  const size_t equals = part.find('=');
  if (equals == 0 || equals == std::string_view::npos || equals + 1 == part.size()) {
    return std::nullopt;
  }
  PartitionLevel level{.column = UnescapePathName(part.substr(0, equals)), .value = {}};
  const std::string_view value = part.substr(equals + 1);
  if (value != kNullPartitionName) {
    level.value = UnescapePathName(value);
  }
  return level;
}

}  // namespace

std::string EscapePathName(std::string_view name) {
  std::string escaped;
  escaped.reserve(name.size());
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (NeedsEscape(byte)) {
      escaped.append({'%', kHexDigits[byte >> 4], kHexDigits[byte & 15]});
    } else {
      escaped.push_back(c);
    }
  }
  return escaped;
}

std::string UnescapePathName(std::string_view name) {
  std::string text;
  text.reserve(name.size());
  std::string high_bytes;  // escaped bytes over 0x7F since the last other character
  for (size_t i = 0; i < name.size(); ++i) {
    const int byte = EscapedByte(name, i);
    if (byte > 0x7F) {
      high_bytes.push_back(static_cast<char>(byte));
      i += 2;
      continue;
    }
    AppendEscapedBytes(high_bytes, &text);
    high_bytes.clear();
    text.push_back(byte < 0 ? name[i] : static_cast<char>(byte));
    i += byte < 0 ? 0 : 2;
  }
  AppendEscapedBytes(high_bytes, &text);
  return text;
}

std::string PartitionSegment(std::string_view column,
                             const std::optional<std::string>& value) {
  std::string segment = EscapePathName(column);
  segment.push_back('=');
  if (value.has_value() && !value->empty()) {
    segment.append(EscapePathName(*value));
  } else {
    segment.append(kNullPartitionName);
  }
  return segment;
}

std::string PartitionPath(const std::vector<PartitionLevel>& levels) {
  std::string path;
  for (const PartitionLevel& level : levels) {
    if (!path.empty()) {
      path.push_back('/');
    }
    path.append(PartitionSegment(level.column, level.value));
  }
  return path;
}

std::optional<std::vector<PartitionLevel>> ParsePartitionPath(std::string_view path) {
  std::vector<PartitionLevel> levels;
  while (!path.empty()) {
    const size_t slash = path.find('/');
    std::optional<PartitionLevel> level = ParseLevel(path.substr(0, slash));
    if (!level.has_value() || slash + 1 == path.size()) {
      return std::nullopt;
    }
    levels.push_back(*std::move(level));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return levels;
}

}  // namespace partita
