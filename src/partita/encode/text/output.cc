#include "partita/encode/text/output.h"

#include <algorithm>

namespace partita {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;
constexpr size_t kPageBytes = 4096;

}  // namespace

static_assert(TextOutput::kMaxReserve <= kBufferBytes - kPageBytes);
static_assert(Buffer::kPadding >= 32, "CopyLoosely() writes over the end");

arrow::Status TextOutput::Open(arrow::io::OutputStream* sink) {
  if (buffer_.size() == 0) {
    ARROW_ASSIGN_OR_RAISE(buffer_, Buffer::Make(kBufferBytes));
  }
  used_ = 0;
  return sink_.Open(sink);
}

arrow::Status TextOutput::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    if (used_ == buffer_.size()) {
      ARROW_RETURN_NOT_OK(Flush());
    }
    const size_t length = std::min(bytes.size(), buffer_.size() - used_);
    std::memcpy(end(), bytes.data(), length);
    used_ += length;
    bytes.remove_prefix(length);
  }
  return arrow::Status::OK();
}

arrow::Status TextOutput::Close() {
  ARROW_RETURN_NOT_OK(HandOn(used_));
  return sink_.Close();
}

// Whole pages only, so that a store may write them from here without a copy.
arrow::Status TextOutput::Flush() {
  return HandOn(used_ < kPageBytes ? used_ : used_ - used_ % kPageBytes);
}

arrow::Status TextOutput::HandOn(size_t length) {
  if (length == 0) {
    return arrow::Status::OK();
  }
  ARROW_RETURN_NOT_OK(sink_.Write({buffer_.data(), length}));
  used_ -= length;
  std::memmove(buffer_.data(), buffer_.data() + length, used_);
  return arrow::Status::OK();
}

}  // namespace partita
