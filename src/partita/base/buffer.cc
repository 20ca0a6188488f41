#include "partita/base/buffer.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "partita/base/error.h"

namespace partita {
namespace {

size_t PageBytes() {
  static const auto bytes = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}

arrow::Status CheckFileHas(int descriptor, int64_t bytes) {
  struct stat info {};

  if (fstat(descriptor, &info) != 0) {
    return SystemError(ErrorCode::kStoreUnavailable, errno, "cannot look at a file");
  }
  return info.st_size >= bytes
             ? arrow::Status::OK()
             : Error(ErrorCode::kBadInput,
                     "a file became shorter: it has {} bytes where {} were expected",
                     info.st_size, bytes);
}

// Has most pages of a file mapped: around one that is touched the kernel maps those of the
// page cache, which is cheaper than asking for all (MADV_POPULATE_READ), where it visits
// each. What it leaves out is mapped when it is read.
void Touch(const char* begin, size_t length) {
  constexpr size_t kAround = size_t{64} << 10;  // Linux' fault_around_bytes
  for (size_t at = 0; at < length; at += kAround) {
    static_cast<void>(*static_cast<const volatile char*>(begin + at));
  }
}

}  // namespace

size_t Buffer::memory_bytes() const {
  const size_t bytes = data_ == nullptr ? 0 : lead_ + size_ + kPadding;
  return (bytes + PageBytes() - 1) / PageBytes() * PageBytes();
}

arrow::Result<Buffer> Buffer::Reserve(size_t lead, size_t size) {
  void* memory = mmap(nullptr, lead + size + kPadding, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    return SystemError(ErrorCode::kStoreUnavailable, errno,
                       fmt::format("cannot take {} bytes of memory", size));
  }
  Buffer buffer;
  buffer.data_ = static_cast<char*>(memory) + lead;
  buffer.size_ = size;
  buffer.lead_ = lead;
  return buffer;
}

arrow::Result<Buffer> Buffer::Make(size_t size) {
  ARROW_ASSIGN_OR_RAISE(Buffer buffer, Reserve(0, size));
  // Huge pages make the first touch of a large buffer several times cheaper; advice only.
  madvise(buffer.data_, size + kPadding, MADV_HUGEPAGE);
  return buffer;
}

arrow::Result<Buffer> Buffer::Map(int descriptor, int64_t offset, size_t size) {
  const size_t lead = static_cast<size_t>(offset) % PageBytes();
  ARROW_ASSIGN_OR_RAISE(Buffer buffer, Reserve(lead, size));
  if (size == 0) {
    return buffer;
  }
  // Over the reserved memory, so that padding lies behind a file that ends with a page.
  char* const begin = buffer.data_ - lead;
  const size_t length = lead + size;
  if (mmap(begin, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, descriptor,
           offset - static_cast<int64_t>(lead)) == MAP_FAILED) {
    return SystemError(ErrorCode::kStoreUnavailable, errno, "cannot map a file");
  }
  ARROW_RETURN_NOT_OK(CheckFileHas(descriptor, offset + static_cast<int64_t>(size)));
  Touch(begin, length);
  return buffer;
}

arrow::Status Buffer::GrowTo(size_t size, size_t used) {
  if (size_ >= size) {
    return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(Buffer larger, Make(size));
  if (used > 0) {
    std::memcpy(larger.data(), data_, used);
  }
  *this = std::move(larger);
  return arrow::Status::OK();
}

Buffer::Buffer(Buffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      lead_(std::exchange(other.lead_, 0)) {}

Buffer& Buffer::operator=(Buffer&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(lead_, other.lead_);
  return *this;
}

Buffer::~Buffer() {
  if (data_ != nullptr) {
    munmap(data_ - lead_, lead_ + size_ + kPadding);
  }
}

}  // namespace partita
