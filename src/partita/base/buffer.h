#pragma once

#include <cstddef>
#include <cstdint>

#include <arrow/result.h>

namespace partita {

/// \brief A large, page-aligned block of memory taken from the system once and re-used.
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

  Buffer() = default;
  Buffer(Buffer&& other) noexcept;
  Buffer& operator=(Buffer&& other) noexcept;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer();

  char* data() { return data_; }

  const char* data() const { return data_; }

  size_t size() const { return size_; }

 private:
  char* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace partita
