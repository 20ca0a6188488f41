#pragma once

#include <mutex>

#include <arrow/result.h>

#include "partita/http/http_message.h"

// Arrow's options hold a chain of providers of the AWS SDK.
namespace arrow::fs {
struct S3Options;
}

namespace partita {

/// \brief The AWS SDK inside Arrow, of which only its chain of credentials is used.
///
/// Arrow wants FinalizeS3() before the process ends, or prints a warning then; after it the SDK
/// cannot be started again. So there is one for the process: started at the first use, shut
/// down with the statics, before those of Arrow and the SDK that it made. A program that has
/// started Arrow's S3 itself also ends it itself.
///
/// Thread safety: all members may be called from any thread.
/// Cost:          100 to 200 ms at the first use.
class AwsSdk {
 public:
  static AwsSdk& Instance();

  AwsSdk(const AwsSdk&) = delete;
  AwsSdk& operator=(const AwsSdk&) = delete;

  /// What the chain gives; without a key where there is none. It asks far away only when what
  /// it has runs out in the next seconds.
  ///
  /// Errors: kStoreUnavailable: the keys change while they are read; kInternal: Arrow's S3 has
  /// been shut down.
  arrow::Result<AwsCredentials> Credentials();

  /// The chain starts afresh: files are read and services asked again.
  void Renew();

 private:
  AwsSdk();
  ~AwsSdk();

  std::mutex mutex_;
  bool is_ours_ = false;  // we started it, we shut it down
  // Owned, but left alone once the SDK is shut down.
  arrow::fs::S3Options* chain_ = nullptr;
};

}  // namespace partita
