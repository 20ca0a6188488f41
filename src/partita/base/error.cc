#include "partita/base/error.h"

#include <memory>
#include <system_error>

namespace partita {
namespace {

constexpr char kDetailTypeId[] = "partita::ErrorDetail";

// Carries the code inside arrow::Status, as Arrow Flight carries its own.
class ErrorDetail : public arrow::StatusDetail {
 public:
  explicit ErrorDetail(ErrorCode code) : code_(code) {}

  const char* type_id() const override { return kDetailTypeId; }

  std::string ToString() const override { return std::string(ErrorCodeName(code_)); }

  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

const ErrorDetail* FindDetail(const arrow::Status& status) {
  const auto& detail = status.detail();
  if (detail == nullptr || std::string_view(detail->type_id()) != kDetailTypeId) {
    return nullptr;
  }
  return static_cast<const ErrorDetail*>(detail.get());
}

arrow::StatusCode ArrowCodeFor(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidConfig:
    case ErrorCode::kBadInput:
      return arrow::StatusCode::Invalid;
    case ErrorCode::kNotFound:
      return arrow::StatusCode::KeyError;
    case ErrorCode::kAlreadyExists:
      return arrow::StatusCode::AlreadyExists;
    case ErrorCode::kStoreUnavailable:
    case ErrorCode::kCommitConflict:
    case ErrorCode::kCommitStateUnknown:
    case ErrorCode::kPartialCommit:
      return arrow::StatusCode::IOError;
    case ErrorCode::kCancelled:
      return arrow::StatusCode::Cancelled;
    case ErrorCode::kInternal:
      break;
  }
  return arrow::StatusCode::UnknownError;
}

}  // namespace

ErrorCode CodeOf(const arrow::Status& status) {
  const ErrorDetail* detail = FindDetail(status);
  return detail == nullptr ? ErrorCode::kInternal : detail->code();
}

std::string_view ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidConfig:
      return "invalid_config";
    case ErrorCode::kBadInput:
      return "bad_input";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kAlreadyExists:
      return "already_exists";
    case ErrorCode::kStoreUnavailable:
      return "store_unavailable";
    case ErrorCode::kCommitConflict:
      return "commit_conflict";
    case ErrorCode::kCommitStateUnknown:
      return "commit_state_unknown";
    case ErrorCode::kPartialCommit:
      return "partial_commit";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kInternal:
      break;
  }
  return "internal";
}

arrow::Status MakeError(ErrorCode code, std::string message) {
  return {ArrowCodeFor(code), std::move(message), std::make_shared<ErrorDetail>(code)};
}

arrow::Status WithContext(const arrow::Status& status, std::string_view context) {
  if (status.ok()) {
    return status;
  }
  return status.WithMessage(context, ": ", status.message());
}

arrow::Status Classify(const arrow::Status& status, ErrorCode code) {
  if (status.ok() || FindDetail(status) != nullptr) {
    return status;
  }
  return MakeError(code, status.message());
}

arrow::Status SystemError(ErrorCode code, int errno_value, std::string_view what) {
  return Error(code, "{}: {}", what, std::generic_category().message(errno_value));
}

}  // namespace partita
