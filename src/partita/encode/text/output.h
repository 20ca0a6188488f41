#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include <arrow/io/type_fwd.h>
#include <arrow/status.h>

#include "partita/base/buffer.h"
#include "partita/encode/text/codec.h"

namespace partita {

/// \brief Copies in steps of 32 bytes, one at least: up to 32 bytes over the end are read
/// and written.
///
/// Thread safety: pure.
inline void CopyLoosely(char* to, const char* from, size_t length) {
  std::memcpy(to, from, 32);
  for (size_t at = 32; at < length; at += 32) {
    std::memcpy(to + at, from + at, 32);
  }
}

/// \brief Collects a text file's bytes and hands them on in large pieces.
///
/// Life cycle:    Open, Append or Reserve and Advance …, Close, Open, …
/// Ownership:     owns its buffer, kept from file to file; borrows the sink until
/// Close(). Thread safety: one thread at a time; different objects are independent.
/// Errors:        what the sink returns; kStoreUnavailable where there is no memory.
/// Cost:          memory: 192 KiB, and what compression takes.
class TextOutput {
 public:
  /// The longest stretch Reserve() may be asked for.
  static constexpr size_t kMaxReserve = size_t{64} << 10;

  explicit TextOutput(TextCodec codec) : sink_(codec) {}

  arrow::Status Open(arrow::io::OutputStream* sink);

  /// Adds `bytes`, of any length.
  arrow::Status Append(std::string_view bytes);

  /// Makes room for `length` bytes at end(), and for CopyLoosely() to write over them.
  arrow::Status Reserve(size_t length) {
    return length <= buffer_.size() - used_ ? arrow::Status::OK() : Flush();
  }

  char* end() { return buffer_.data() + used_; }

  /// Takes what was written from end() to `new_end` as part of the file.
  void AdvanceTo(const char* new_end) {
    used_ = static_cast<size_t>(new_end - buffer_.data());
  }

  /// Bytes the file has so far; those still in the buffer are estimated if compressed.
  int64_t bytes_so_far() const {
    return sink_.bytes_written() + sink_.EstimateEncoded(static_cast<int64_t>(used_));
  }

  /// Writes what is left; the sink stays open.
  arrow::Status Close();

 private:
  arrow::Status Flush();

  CompressedSink sink_;
  Buffer buffer_;
  size_t used_ = 0;
};

}  // namespace partita
