#include "partita/commit/object_upload.h"

#include <algorithm>
#include <utility>

#include "partita/base/compute_slots.h"
#include "partita/base/error.h"
#include "partita/base/exception_guard.h"

namespace partita {
namespace {

constexpr int64_t kLeastPartBytes = int64_t{8} << 20;
constexpr int64_t kMostParts = 9'000;
// A file that has more will most likely fill a part, which grows no more then.
constexpr size_t kSmallFileBytes = size_t{1} << 20;

}  // namespace

int64_t ObjectUpload::PartBytes(int64_t max_bytes) {
  return std::max(kLeastPartBytes, max_bytes / kMostParts);
}

arrow::Status ObjectUpload::Failure() {
  const std::lock_guard lock(mutex_);
  return failure_;
}

arrow::Status ObjectUpload::Write(const void* data, int64_t bytes) {
  if (is_closed_) {
    return Error(ErrorCode::kInternal, "a write after the end: {}", upload_.path);
  }
  std::string_view rest(static_cast<const char*>(data), static_cast<size_t>(bytes));
  position_ += bytes;
  while (!rest.empty()) {
    if (std::ssize(gathered_) == part_bytes_) {
      ARROW_RETURN_NOT_OK(Send());
    }
    const size_t room = static_cast<size_t>(part_bytes_) - gathered_.size();
    if (num_sent_ > 0 || gathered_.size() + rest.size() > kSmallFileBytes) {
      gathered_.reserve(static_cast<size_t>(part_bytes_));
    }
    gathered_ += rest.substr(0, room);
    rest.remove_prefix(std::min(room, rest.size()));
  }
  return arrow::Status::OK();
}

arrow::Status ObjectUpload::Send() {
  ARROW_RETURN_NOT_OK(Failure());
  const int number = ++num_sent_;
  {
    const std::lock_guard lock(mutex_);
    parts_.resize(static_cast<size_t>(number));
    ++num_under_way_;
  }
  auto bytes = std::make_shared<const std::string>(std::exchange(gathered_, {}));
  const auto self = std::dynamic_pointer_cast<ObjectUpload>(shared_from_this());
  auto upload = [self, number, bytes] { self->UploadOne(number, *bytes); };
  if (queue_ == nullptr) {
    upload();
  } else {
    queue_->Put(std::ssize(*bytes), std::move(upload));
  }
  return arrow::Status::OK();
}

void ObjectUpload::UploadOne(int number, const std::string& bytes) {
  const DeviceWait wait;  // the network is one
  const auto upload = [&]() -> arrow::Status {
    ARROW_RETURN_NOT_OK(Failure());
    OpenUpload open;
    {
      const std::lock_guard begin(begin_mutex_);
      if (upload_.id.empty()) {
        ARROW_RETURN_NOT_OK(Failure());  // of the part that was to begin it
        ARROW_ASSIGN_OR_RAISE(upload_.id, store_->BeginUpload(upload_.path));
      }
      open = upload_;
    }
    ARROW_ASSIGN_OR_RAISE(UploadedPart part, store_->UploadPart(open, number, bytes));
    const std::lock_guard lock(mutex_);
    parts_[static_cast<size_t>(number) - 1] = std::move(part);
    return arrow::Status::OK();
  };
  arrow::Status status = WithoutExceptions(upload);
  const std::lock_guard lock(mutex_);
  failure_ = failure_.ok() ? std::move(status) : failure_;
  --num_under_way_;
  done_.notify_all();
}

arrow::Status ObjectUpload::Close() {
  if (is_closed_) {
    return arrow::Status::OK();
  }
  is_closed_ = true;
  return Send();  // the last part, of an empty file an empty one
}

void ObjectUpload::WaitForParts() {
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return num_under_way_ == 0; });
}

arrow::Status ObjectUpload::Finish() {
  WaitForParts();
  return Failure();
}

void ObjectUpload::Cancel() {
  is_closed_ = true;
  const std::lock_guard lock(mutex_);
  if (failure_.ok()) {
    failure_ = Error(ErrorCode::kCancelled, "given up: {}", upload_.path);
  }
}

arrow::Status ObjectUpload::Abort() {
  Cancel();
  WaitForParts();
  return upload_.id.empty() ? arrow::Status::OK() : store_->AbortUpload(upload_);
}

}  // namespace partita
