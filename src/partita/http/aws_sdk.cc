#include "partita/http/aws_sdk.h"

#include <arrow/filesystem/s3fs.h>

#include "partita/base/error.h"

namespace partita {

using arrow::fs::S3Options;

AwsSdk& AwsSdk::Instance() {
  static AwsSdk sdk;
  return sdk;
}

AwsSdk::AwsSdk()
    : is_ours_(arrow::fs::InitializeS3(arrow::fs::S3GlobalOptions::Defaults()).ok()) {
  if (!arrow::fs::IsS3Initialized()) {
    return;
  }
  chain_ = new S3Options(S3Options::Defaults());
  // What the SDK makes at its first use it makes now, and so it is there until after us.
  chain_->GetAccessKey();
}

AwsSdk::~AwsSdk() {
  if (arrow::fs::IsS3Finalized()) {
    return;  // nothing of the SDK may be touched any more, not even to destroy it
  }
  delete chain_;
  if (is_ours_) {
    (void)arrow::fs::FinalizeS3();
  }
}

arrow::Result<AwsCredentials> AwsSdk::Credentials() {
  const std::lock_guard lock(mutex_);
  if (!arrow::fs::IsS3Initialized() || chain_ == nullptr) {
    return Error(ErrorCode::kInternal,
                 "no AWS credentials any more: this program has shut down Arrow's S3; "
                 "call FinalizeS3 after the last use of Partita");
  }
  // Each part is asked for on its own, and the keys may be replaced in between.
  constexpr int kMostTries = 3;
  for (int i = 0; i < kMostTries; ++i) {
    AwsCredentials credentials;
    credentials.access_key_id = chain_->GetAccessKey();
    credentials.secret_access_key = chain_->GetSecretKey();
    credentials.session_token = chain_->GetSessionToken();
    if (chain_->GetAccessKey() == credentials.access_key_id) {
      return credentials;
    }
  }
  return Error(
      ErrorCode::kStoreUnavailable,
      "AWS credentials change faster than they can be read; run again, and see to "
      "the service that gives them if that does not help");
}

void AwsSdk::Renew() {
  const std::lock_guard lock(mutex_);
  if (arrow::fs::IsS3Initialized() && chain_ != nullptr) {
    *chain_ = S3Options::Defaults();
  }
}

}  // namespace partita
