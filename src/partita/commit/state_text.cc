#include "partita/commit/state_text.h"

#include <charconv>

#include "partita/base/error.h"
#include "partita/base/hash.h"

namespace partita {
namespace {

constexpr std::string_view kVersion = "1";
constexpr std::string_view kChecksumKey = "checksum ";
constexpr size_t kChecksumLineBytes = kChecksumKey.size() + 16 + 1;

arrow::Status Damaged(std::string_view kind, std::string_view what) {
  return Error(ErrorCode::kCommitStateUnknown, "the {} file is damaged: {}", kind, what);
}

void AppendEscaped(std::string_view field, std::string* out) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : field) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x21 || byte == 0x7F || byte == '%') {
      *out += '%';
      *out += kDigits[byte >> 4];
      *out += kDigits[byte & 15];
    } else {
      *out += c;
    }
  }
}

bool Unescape(std::string_view text, std::string* out) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      *out += text[i];
      continue;
    }
    unsigned value = 0;
    const char* digits = text.data() + i + 1;
    if (i + 2 >= text.size() ||
        std::from_chars(digits, digits + 2, value, 16).ptr != digits + 2) {
      return false;
    }
    *out += static_cast<char>(value);
    i += 2;
  }
  return true;
}

bool ParseLine(std::string_view text, StateLine* line) {
  const size_t space = text.find(' ');
  if (space == std::string_view::npos) {
    return false;
  }
  line->key = text.substr(0, space);
  text.remove_prefix(space + 1);
  while (true) {
    const size_t tab = text.find('\t');
    if (!Unescape(text.substr(0, tab), &line->fields.emplace_back())) {
      return false;
    }
    if (tab == std::string_view::npos) {
      return true;
    }
    text.remove_prefix(tab + 1);
  }
}

// Checks and takes off the last line.
bool TakeChecksum(std::string_view* text) {
  if (text->size() < kChecksumLineBytes) {
    return false;
  }
  const std::string_view body = text->substr(0, text->size() - kChecksumLineBytes);
  const std::string expected = fmt::format("{}{:016x}\n", kChecksumKey, Hash64(body));
  const bool matches = text->substr(body.size()) == expected;
  *text = body;
  return matches;
}

}  // namespace

StateTextWriter::StateTextWriter(std::string_view kind) : kind_(kind) {
  shards_.push_back(fmt::format("partita {} {}\n", kind_, kVersion));
}

void StateTextWriter::Fields(std::string_view key,
                             std::span<const std::string_view> fields) {
  if (shards_.back().size() >= kShardBytes) {
    shards_.push_back(fmt::format("partita {} {}\n", kind_, kVersion));
  }
  std::string& text = shards_.back();
  text += key;
  char separator = ' ';
  for (const std::string_view field : fields) {
    text += separator;
    AppendEscaped(field, &text);
    separator = '\t';
  }
  text += '\n';
}

std::vector<std::string> StateTextWriter::Finish() && {
  if (shards_.size() > 1) {
    shards_.front() += fmt::format("shards {}\n", shards_.size());
  }
  for (std::string& text : shards_) {
    text += fmt::format("{}{:016x}\n", kChecksumKey, Hash64(text));
  }
  return std::move(shards_);
}

arrow::Result<std::vector<StateLine>> ParseStateText(std::string_view kind,
                                                     std::string_view text) {
  // The version comes first: another one may have another checksum.
  const std::string start = fmt::format("partita {} ", kind);
  const size_t end = text.find('\n');
  if (!text.starts_with(start) || end == std::string_view::npos) {
    return Damaged(kind, "its first line is not ours");
  }
  const std::string_view version = text.substr(start.size(), end - start.size());
  if (version != kVersion) {
    return Error(
        ErrorCode::kCommitStateUnknown,
        "the {} file has format version {}, this program knows {}: use the newer "
        "partita that wrote it",
        kind, version, kVersion);
  }
  if (!TakeChecksum(&text)) {
    return Damaged(kind, "its checksum is wrong");
  }
  text.remove_prefix(end + 1);
  std::vector<StateLine> lines;
  while (!text.empty()) {
    const size_t length = text.find('\n');
    if (length == std::string_view::npos ||
        !ParseLine(text.substr(0, length), &lines.emplace_back())) {
      return Damaged(kind, "a line cannot be read");
    }
    text.remove_prefix(length + 1);
  }
  return lines;
}

arrow::Result<int64_t> ParseStateNumber(const std::string& text) {
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (text.empty() || parsed.ptr != end || parsed.ec != std::errc()) {
    return Damaged("state", "a number cannot be read");
  }
  return value;
}

}  // namespace partita
