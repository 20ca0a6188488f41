#include "partita/store/s3/s3_output.h"

#include <algorithm>

#include "partita/base/error.h"
#include "partita/store/s3/s3_object.h"
#include "partita/store/s3/s3_upload.h"

namespace partita {
namespace {

constexpr int64_t kFirstPartBytes = int64_t{8} << 20;
constexpr int64_t kPartsOfOneSize = 1000;

// A new file has no other writer to tell of: what is there is in the way.
arrow::Status AsOfFile(const arrow::Status& status, const std::string& path) {
  if (status.ok()) {
    return status;
  }
  switch (CodeOf(status)) {
    case ErrorCode::kCommitConflict:
      return Error(ErrorCode::kAlreadyExists,
                   "the object exists; choose another name, or remove it first: {}",
                   path);
    case ErrorCode::kCommitStateUnknown:
      return Error(ErrorCode::kStoreUnavailable, "{}", status.message());
    default:
      return status;
  }
}

}  // namespace

S3Output::~S3Output() {
  if (!is_closed_) {
    // There is nobody left to tell.
    [[maybe_unused]] const arrow::Status status = S3Output::Abort();
  }
}

int64_t S3Output::PartBytes() const {
  return kFirstPartBytes << (std::ssize(parts_) / kPartsOfOneSize);
}

arrow::Status S3Output::Remember(const arrow::Status& status) {
  failure_ = AsOfFile(status, where_.path());
  return failure_;
}

arrow::Status S3Output::Write(const void* data, int64_t bytes) {
  if (is_closed_) {
    return Error(ErrorCode::kInternal, "a write after the end: {}", where_.path());
  }
  ARROW_RETURN_NOT_OK(failure_);
  return Remember(WriteParts(
      std::string_view(static_cast<const char*>(data), static_cast<size_t>(bytes))));
}

// A full part goes only when more follows: what fits into one is put as a whole.
arrow::Status S3Output::WriteParts(std::string_view bytes) {
  while (!bytes.empty()) {
    if (std::ssize(gathered_) == PartBytes()) {
      ARROW_RETURN_NOT_OK(SendPart());
    }
    const size_t room = static_cast<size_t>(PartBytes()) - gathered_.size();
    const std::string_view taken = bytes.substr(0, room);
    gathered_ += taken;
    position_ += std::ssize(taken);
    bytes.remove_prefix(taken.size());
  }
  return arrow::Status::OK();
}

arrow::Status S3Output::SendPart() {
  if (upload_.id.empty()) {
    upload_.path = where_.path();
    ARROW_ASSIGN_OR_RAISE(upload_.id, BeginS3Upload(client_, where_));
  }
  const int number = static_cast<int>(parts_.size()) + 1;
  ARROW_ASSIGN_OR_RAISE(UploadedPart part,
                        UploadS3Part(client_, upload_, number, gathered_));
  parts_.push_back(std::move(part));
  gathered_.clear();
  return arrow::Status::OK();
}

arrow::Status S3Output::Finish() {
  if (upload_.id.empty()) {
    return PutS3NewFile(client_, where_, gathered_).status();
  }
  ARROW_RETURN_NOT_OK(SendPart());
  const PutCondition condition =
      client_->options().unsafe_commit
          ? PutCondition{}
          : PutCondition{.kind = PutCondition::Kind::kIfMissing, .etag = ""};
  return CompleteS3Upload(client_, upload_, parts_, condition);
}

arrow::Status S3Output::Close() {
  if (is_closed_) {
    return arrow::Status::OK();
  }
  if (failure_.ok() && Remember(Finish()).ok()) {
    is_closed_ = true;
    gathered_ = std::string();
    return arrow::Status::OK();
  }
  arrow::Status failure = failure_;
  // What is left of it is removed by the bucket's lifecycle rules, if not here.
  [[maybe_unused]] const arrow::Status aborted = Abort();
  return failure;
}

arrow::Status S3Output::Abort() {
  is_closed_ = true;
  gathered_ = std::string();
  return upload_.id.empty() ? arrow::Status::OK() : AbortS3Upload(client_, upload_);
}

}  // namespace partita
