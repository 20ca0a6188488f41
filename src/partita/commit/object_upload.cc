#include "partita/commit/object_upload.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "partita/base/compute_slots.h"
#include "partita/base/error.h"
#include "partita/base/exception_guard.h"

namespace partita {
namespace {

constexpr int64_t kLeastPartBytes = int64_t{8} << 20;
constexpr int64_t kMostParts = 9'000;
constexpr int kPartsOfOneSize = 1'000;
// A file that has more will most likely fill a part, which grows no more then.
constexpr size_t kSmallFileBytes = size_t{1} << 20;

}  // namespace

int64_t ObjectUpload::PartBytes(int64_t max_bytes) {
  return std::max(kLeastPartBytes, max_bytes / kMostParts);
}

// What goes through a queue has parts of one size, which its memory is planned for, and whose number is known to do.
int64_t ObjectUpload::NextPartBytes() const {
  return queue_ == nullptr ? part_bytes_ << (num_sent_ / kPartsOfOneSize) : part_bytes_;
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
    if (std::ssize(gathered_) == NextPartBytes()) {
      ARROW_RETURN_NOT_OK(Send());
    }
    const auto part_bytes = static_cast<size_t>(NextPartBytes());
    const size_t room = part_bytes - gathered_.size();
    if (num_sent_ > 0 || gathered_.size() + rest.size() > kSmallFileBytes) {
      gathered_.reserve(part_bytes);
    }
    gathered_ += rest.substr(0, room);
    rest.remove_prefix(std::min(room, rest.size()));
  }
  return arrow::Status::OK();
}

arrow::Status ObjectUpload::Send() {
  ARROW_RETURN_NOT_OK(Failure());
  // A part that was set aside as a whole and is mostly empty would weigh what it could hold.
  if (gathered_.capacity() / 2 > gathered_.size()) {
    gathered_.shrink_to_fit();
  }
  auto bytes = std::make_shared<const std::string>(std::exchange(gathered_, {}));
  const auto self = std::dynamic_pointer_cast<ObjectUpload>(shared_from_this());
  const int number = ++num_sent_;
  std::function<void()> upload = [self, number, bytes] {
    self->UploadOne(number, *bytes);
  };
  {
    const std::lock_guard lock(mutex_);
    parts_.resize(static_cast<size_t>(number));
    ++num_under_way_;
  }
  if (queue_ == nullptr) {
    upload();
    return arrow::Status::OK();
  }
  const auto put = [&] {
    queue_->Put(static_cast<int64_t>(bytes->capacity()), std::move(upload));
    return arrow::Status::OK();
  };
  arrow::Status status = WithoutExceptions(put);
  if (!status.ok()) {  // nobody will upload the part, and nobody may wait for it
    const std::lock_guard lock(mutex_);
    failure_ = failure_.ok() ? status : failure_;
    --num_under_way_;
  }
  return status;
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
