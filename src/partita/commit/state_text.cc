#include "partita/commit/state_text.h"

#include <charconv>
#include <utility>

#include "partita/base/error.h"
#include "partita/base/hash.h"

namespace partita {
namespace {

constexpr std::string_view kVersion = "1";
constexpr std::string_view kChecksumKey = "checksum ";
constexpr size_t kChecksumLineBytes = kChecksumKey.size() + 16 + 1;

arrow::Status Damaged(std::string_view kind, std::string_view what) {
  return Error(ErrorCode::kCommitStateUnknown,
               "the {} file is damaged, and nothing is guessed; docs/format/commit.md, "
               "section 10, "
               "says how to help by hand: {}",
               kind, what);
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

StateTextWriter::StateTextWriter(std::string_view kind, TakeShard take)
    : kind_(kind), take_(std::move(take)), first_(FirstLine()) {}

std::string StateTextWriter::FirstLine() const {
  return fmt::format("partita {} {}\n", kind_, kVersion);
}

arrow::Status StateTextWriter::Take(size_t index, std::string* text) {
  *text += fmt::format("{}{:016x}\n", kChecksumKey, Hash64(*text));
  return take_(index, *text);
}

void StateTextWriter::Fields(std::string_view key,
                             std::span<const std::string_view> fields) {
  std::string* text = num_shards_ == 1 ? &first_ : &later_;
  if (text->size() >= kShardBytes) {
    if (num_shards_ > 1 && status_.ok()) {
      status_ = Take(num_shards_ - 1, &later_);
    }
    ++num_shards_;
    later_ = FirstLine();
    text = &later_;
  }
  *text += key;
  char separator = ' ';
  for (const std::string_view field : fields) {
    *text += separator;
    AppendEscaped(field, text);
    separator = '\t';
  }
  *text += '\n';
}

arrow::Status StateTextWriter::Finish() && {
  ARROW_RETURN_NOT_OK(status_);
  if (num_shards_ > 1) {
    ARROW_RETURN_NOT_OK(Take(num_shards_ - 1, &later_));
    first_ += fmt::format("shards {}\n", num_shards_);
  }
  return Take(0, &first_);
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
