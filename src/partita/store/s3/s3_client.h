#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <arrow/result.h>

#include "partita/http/aws_credentials.h"
#include "partita/http/request_sender.h"
#include "partita/store/s3/s3_options.h"
#include "partita/store/s3/s3_requests.h"

namespace partita {

/// \brief Sends requests to S3: to the region where the bucket is, with keys that are good, until the answer is final.
///
/// A bucket's region is looked for in answers that refuse the wrong one, and remembered.
/// Ownership:     owns keys and sender.
/// Thread safety: all members may be called from any thread.
class S3Client {
 public:
  using Judge = RequestSender::Judge;

  S3Client(S3Options options, std::unique_ptr<AwsCredentialsProvider> credentials,
           std::unique_ptr<RequestSender> sender)
      : options_(std::move(options)),
        credentials_(std::move(credentials)),
        sender_(std::move(sender)) {}

  /// The final answer, good or bad; ErrorOf() says what a bad one means. The request is made anew for every attempt.
  ///
  /// Errors: kInvalidConfig (no such URL), kStoreUnavailable (no keys; no answer: the server may have acted), kCancelled.
  arrow::Result<Answer> Send(const S3Request& request);

  /// With a judge of the caller's instead of JudgeAnswer(). It is called between attempts, on this thread, and may change
  /// the caller's `request` for the next one.
  arrow::Result<Answer> Send(const S3Request& request, const Judge& judge);

  /// Sends, and makes an answer that is not a good one an error.
  arrow::Result<HttpResponse> Ask(const S3Request& request);

  /// Asks another service with the same keys, such as `sts`, whatever its answer. `request` is whole but for the signature.
  ///
  /// Errors: as Send().
  arrow::Result<Answer> SendToService(const HttpRequest& request,
                                      const std::string& service,
                                      const std::string& region);

  const S3Options& options() const { return options_; }

  RequestCounts counts() const { return sender_->counts(); }

 private:
  std::string RegionOf(const std::string& bucket) const;
  bool LearnRegion(const std::string& bucket, const std::string& asked,
                   const HttpResponse& response);

  S3Options options_;
  std::unique_ptr<AwsCredentialsProvider> credentials_;
  std::unique_ptr<RequestSender> sender_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> regions_;  // by bucket, learned
};

}  // namespace partita
