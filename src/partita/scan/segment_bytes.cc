#include "partita/scan/segment_bytes.h"

#include <algorithm>

namespace partita {

arrow::Status SegmentBytes::LoadUpTo(int64_t end) {
  const int64_t wanted = std::min(end, input_.size) - begin_;
  const auto size = static_cast<size_t>(std::max<int64_t>(wanted, 0));
  if (size <= size_) {
    return arrow::Status::OK();
  }
  ARROW_RETURN_NOT_OK(LoadBytes(input_, begin_, size, size_, buffer_));
  size_ = size;
  return arrow::Status::OK();
}

}  // namespace partita
