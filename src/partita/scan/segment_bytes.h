#pragma once

#include <cstdint>
#include <string_view>

#include <arrow/status.h>

#include "partita/base/buffer.h"
#include "partita/scan/input_file.h"

namespace partita {

/// \brief The bytes of a file from a segment's begin on, in a buffer that grows with what
/// is asked for.
///
/// Ownership:     borrows the file and the buffer.
/// Thread safety: one thread at a time.
/// Errors:        as ReadExactly().
class SegmentBytes {
 public:
  SegmentBytes(const InputFile& input, int64_t begin, Buffer* buffer)
      : input_(input), begin_(begin), buffer_(buffer) {}

  /// Reads on until the bytes up to the file's offset `end` are there.
  arrow::Status LoadUpTo(int64_t end);

  /// What is there, from the segment's begin.
  std::string_view loaded() const { return {buffer_->data(), size_}; }

  /// The file's offset behind the last byte that is there.
  int64_t loaded_end() const { return begin_ + static_cast<int64_t>(size_); }

  /// True if the file's last byte is there.
  bool has_file_end() const { return loaded_end() == input_.size; }

 private:
  const InputFile& input_;
  int64_t begin_;
  Buffer* buffer_;
  size_t size_ = 0;
};

}  // namespace partita
