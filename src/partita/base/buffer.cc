#include "partita/base/buffer.h"

#include <cerrno>
#include <utility>

#include <sys/mman.h>

#include "partita/base/error.h"

namespace partita {

arrow::Result<Buffer> Buffer::Make(size_t size) {
  void* memory = mmap(nullptr, size + kPadding, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    return SystemError(ErrorCode::kStoreUnavailable, errno,
                       fmt::format("cannot take {} bytes of memory", size));
  }
  // Huge pages make the first touch of a large buffer several times cheaper; advice only.
  madvise(memory, size + kPadding, MADV_HUGEPAGE);
  Buffer buffer;
  buffer.data_ = static_cast<char*>(memory);
  buffer.size_ = size;
  return buffer;
}

Buffer::Buffer(Buffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

Buffer::~Buffer() {
  if (data_ != nullptr) {
    munmap(data_, size_ + kPadding);
  }
}

}  // namespace partita
