#pragma once

#include <cstddef>
#include <cstdint>

#include <arrow/result.h>

namespace partita {

/// \brief A large block of memory, page-aligned where Make() took it from the system, to be
/// taken once and re-used; or a piece of a file.
///
/// Units:         bytes; kPadding readable and writable bytes follow size(), so that
/// vector loads may
///                run over the end.
/// Ownership:     owns its memory; movable, not copyable. A default-made one is empty.
/// Thread safety: none of its own; different objects are independent.
/// Errors:        Make() returns kStoreUnavailable when the system gives no memory.
/// Cost:          first touch of fresh pages is dear: keep buffers and re-use them.
class Buffer {
 public:
  static constexpr size_t kPadding = 128;

  static arrow::Result<Buffer> Make(size_t size);

  /// The `size` bytes of an open file at `offset`, of which none lies beyond its end: pages
  /// of the page cache, not copied, and private once written to. data() need not be aligned.
  /// Reads it for the first time, too: the call, like every later read, needs MappedReads, or a file that becomes shorter
  /// meanwhile, or cannot be read, ends the process. The descriptor may be closed after the call. Errors: kBadInput when
  /// the file is shorter than that.
  static arrow::Result<Buffer> Map(int descriptor, int64_t offset, size_t size);

  Buffer() = default;
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer();

  char* data() { return data_; }

  const char* data() const { return data_; }

  size_t size() const { return size_; }

  /// What it takes of the system's memory: whole pages.
  size_t memory_bytes() const;

  /// Makes the buffer at least so large, in new memory if need be; keeps the first `used`
  /// bytes.
  arrow::Status GrowTo(size_t size, size_t used);

 private:
  static arrow::Result<Buffer> Reserve(size_t lead, size_t size);

  char* data_ = nullptr;
  size_t size_ = 0;
  size_t lead_ = 0;  // bytes of the memory before data_
};

}  // namespace partita
