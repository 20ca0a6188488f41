#include "partita/scan/segment_bytes.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace partita {

arrow::Status GrowBuffer(size_t size, size_t used, Buffer* buffer) {
  if (buffer->size() >= size) {
    return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(Buffer larger, Buffer::Make(size));
  if (used > 0) {
    std::memcpy(larger.data(), buffer->data(), used);
  }
  *buffer = std::move(larger);
  return arrow::Status::OK();
}

arrow::Status SegmentBytes::LoadUpTo(int64_t end) {
  const int64_t wanted = std::min(end, input_.size) - begin_;
  const auto size = static_cast<size_t>(std::max<int64_t>(wanted, 0));
  if (size <= size_) {
    return arrow::Status::OK();
  }
  ARROW_RETURN_NOT_OK(GrowBuffer(size, size_, buffer_));
  ARROW_RETURN_NOT_OK(
      ReadExactly(input_, loaded_end(), size - size_, buffer_->data() + size_));
  size_ = size;
  return arrow::Status::OK();
}

}  // namespace partita
