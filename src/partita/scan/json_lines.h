#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <arrow/result.h>

#include "partita/base/buffer.h"
#include "partita/scan/input_file.h"
#include "partita/scan/text_stream.h"

namespace partita {

/// \brief Hands out the lines of a text file that are not blank, one after another; of a compressed file those of its
/// text (TextStream).
///
/// Lines end with LF, CRLF or the end of the file; a byte-order mark at its start is left
/// out. Ownership:     owns the file's handle and one buffer, which grows to the longest
/// line. Thread safety: one thread at a time. Errors:        kBadInput for a line over
/// kMaxLineBytes; those of TextStream.
class JsonLines {
 public:
  static constexpr size_t kMaxLineBytes = size_t{64} << 20;

  static arrow::Result<std::unique_ptr<JsonLines>> Open(InputFile file);

  /// The next line, without its end; valid until the next call. Its data() is null at the
  /// end of the file.
  arrow::Result<std::string_view> Next();

  /// The line Next() gave last, counted from 1.
  int64_t line_number() const { return line_number_; }

  /// As TextStream has it.
  int64_t file_position() const { return text_->file_position(); }

  /// `status` with file and line before its message; OK stays OK.
  arrow::Status AtLine(const arrow::Status& status) const;

 private:
  JsonLines(std::string path, std::unique_ptr<TextStream> text, Buffer buffer)
      : path_(std::move(path)), text_(std::move(text)), buffer_(std::move(buffer)) {}

  arrow::Result<std::string_view> NextLine();
  arrow::Status CheckLength(size_t bytes) const;
  arrow::Status ReadMore();
  arrow::Status Read();

  std::string path_;
  std::unique_ptr<TextStream> text_;
  Buffer buffer_;
  size_t begin_ = 0;    // of the bytes not handed out yet
  size_t end_ = 0;      // of the bytes read
  size_t scanned_ = 0;  // no line end before this place
  bool has_begun_ = false;
  bool is_at_end_ = false;
  int64_t line_number_ = 0;
};

}  // namespace partita
