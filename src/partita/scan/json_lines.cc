#include "partita/scan/json_lines.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "partita/base/error.h"

namespace partita {
namespace {

constexpr size_t kChunkBytes = size_t{1} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r";

}  // namespace

arrow::Result<std::unique_ptr<JsonLines>> JsonLines::Open(InputFile file) {
  ARROW_ASSIGN_OR_RAISE(Buffer buffer, Buffer::Make(kChunkBytes));
  std::string path = file.path;
  ARROW_ASSIGN_OR_RAISE(auto text, TextStream::Open(std::move(file)));
  return std::unique_ptr<JsonLines>(
      new JsonLines(std::move(path), std::move(text), std::move(buffer)));
}

arrow::Status JsonLines::AtLine(const arrow::Status& status) const {
  return status.ok() ? status
                     : WithContext(status, "file " + path_ + ", line " +
                                               std::to_string(line_number_));
}

arrow::Result<std::string_view> JsonLines::Next() {
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const std::string_view line, NextLine());
    if (line.data() == nullptr ||
        line.find_first_not_of(kBlanks) != std::string_view::npos) {
      return line;
    }
  }
}

arrow::Result<std::string_view> JsonLines::NextLine() {
  ++line_number_;
  for (;;) {
    const char* from = buffer_.data() + scanned_;
    const auto* newline =
        static_cast<const char*>(std::memchr(from, '\n', end_ - scanned_));
    const bool is_last = newline == nullptr && is_at_end_;
    if (newline != nullptr || (is_last && begin_ < end_)) {
      const size_t line_end =
          newline != nullptr ? static_cast<size_t>(newline - buffer_.data()) : end_;
      const std::string_view line(buffer_.data() + begin_, line_end - begin_);
      ARROW_RETURN_NOT_OK(CheckLength(line.size()));
      begin_ = std::min(line_end + 1, end_);
      scanned_ = begin_;
      return line;
    }
    if (is_last) {
      return std::string_view();
    }
    scanned_ = end_;
    ARROW_RETURN_NOT_OK(ReadMore());
  }
}

arrow::Status JsonLines::CheckLength(size_t bytes) const {
  return bytes <= kMaxLineBytes
             ? arrow::Status::OK()
             : AtLine(Error(ErrorCode::kBadInput,
                            "a line of JSON may have {} bytes at most", kMaxLineBytes));
}

// Moves what is left to the front, and grows the buffer where a line fills it.
arrow::Status JsonLines::ReadMore() {
  const size_t kept = end_ - begin_;
  ARROW_RETURN_NOT_OK(CheckLength(kept));
  if (kept > buffer_.size() / 2) {
    ARROW_ASSIGN_OR_RAISE(Buffer larger, Buffer::Make(buffer_.size() * 2));
    std::memcpy(larger.data(), buffer_.data() + begin_, kept);
    buffer_ = std::move(larger);
  } else {
    std::memmove(buffer_.data(), buffer_.data() + begin_, kept);
  }
  begin_ = 0;
  end_ = kept;
  ARROW_RETURN_NOT_OK(Read());
  if (!has_begun_) {
    has_begun_ = true;
    while (end_ < kByteOrderMark.size() && !is_at_end_) {
      ARROW_RETURN_NOT_OK(Read());
    }
    if (std::string_view(buffer_.data(), end_).starts_with(kByteOrderMark)) {
      begin_ = kByteOrderMark.size();
    }
  }
  scanned_ = begin_ + kept;
  return arrow::Status::OK();
}

arrow::Status JsonLines::Read() {
  ARROW_ASSIGN_OR_RAISE(const size_t count,
                        text_->Read(buffer_.size() - end_, buffer_.data() + end_));
  end_ += count;
  is_at_end_ = count == 0;
  return arrow::Status::OK();
}

}  // namespace partita
