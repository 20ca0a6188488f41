#pragma once

#include <memory>

#include <arrow/result.h>

#include "partita/http/http_message.h"

namespace partita {

/// \brief Where keys come from: the AWS SDK's chain of environment, credentials file,
/// credential_process, web identity, SSO, container and instance, or anonymous.
///
/// Thread safety: all members may be called from any thread.
class AwsCredentialsProvider {
 public:
  /// The chain, asked at the first Get(). `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` (with
  /// `AWS_SESSION_TOKEN`) are taken without the SDK, which looks there first too but takes a
  /// tenth of a second to start.
  static std::unique_ptr<AwsCredentialsProvider> Default();

  /// No keys: requests are not signed.
  static std::unique_ptr<AwsCredentialsProvider> Anonymous();

  virtual ~AwsCredentialsProvider() = default;

  /// Keys that are good now. To be asked before every request: it costs next to nothing, and
  /// keys that run out are replaced in time.
  ///
  /// Errors: kStoreUnavailable: none to be found; the message says where was looked.
  /// kStoreUnavailable: they change faster than they can be read.
  virtual arrow::Result<AwsCredentials> Get() = 0;

  /// To be called when a server has refused `stale` as expired or unknown: the next Get() asks
  /// anew.
  virtual void Forget(const AwsCredentials& stale) = 0;
};

}  // namespace partita
