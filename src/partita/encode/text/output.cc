#include "partita/encode/text/output.h"

#include <algorithm>

namespace partita {
namespace {

// Small enough to stay in a core's cache, from which the file takes a copy.
constexpr size_t kBufferBytes = size_t{192} << 10;

}  // namespace

static_assert(TextOutput::kMaxReserve <= kBufferBytes);
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
  ARROW_RETURN_NOT_OK(Flush());
  return sink_.Close();
}

arrow::Status TextOutput::Flush() {
  if (used_ == 0) {
    return arrow::Status::OK();
  }
  const size_t length = used_;
  used_ = 0;
  return sink_.Write({buffer_.data(), length});
}

}  // namespace partita
