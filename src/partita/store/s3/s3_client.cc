#include "partita/store/s3/s3_client.h"

#include "partita/base/error.h"
#include "partita/store/s3/s3_error.h"

namespace partita {
namespace {

// One for the region, one for the keys, and one more as a region may be told in two steps.
constexpr int kMaxRounds = 4;

bool RefusesKeys(const HttpResponse& response) {
  if (response.status != 400 && response.status != 401 && response.status != 403) {
    return false;
  }
  const std::string code = ProblemOf(response).code;
  return code == "ExpiredToken" || code == "InvalidToken" || code == "InvalidTokenId" ||
         code == "TokenRefreshRequired";
}

}  // namespace

std::string S3Client::RegionOf(const std::string& bucket) const {
  const std::lock_guard lock(mutex_);
  const auto found = regions_.find(bucket);
  if (found != regions_.end()) {
    return found->second;
  }
  return options_.region.empty() ? kDefaultS3Region : options_.region;
}

// Whether the answer says that the bucket is elsewhere than in `asked`. Another thread may have learned that meanwhile.
bool S3Client::LearnRegion(const std::string& bucket, const std::string& asked,
                           const HttpResponse& response) {
  const int status = response.status;
  if (status != 301 && status != 307 && status != 400 && status != 403) {
    return false;
  }
  const std::string region = ProblemOf(response).region;
  // The region becomes part of a host's name: only what can be one is taken from a server.
  if (!IsRegionName(region) || region == asked) {
    return false;
  }
  const std::lock_guard lock(mutex_);
  regions_[bucket] = region;
  return true;
}

arrow::Result<Answer> S3Client::Send(const S3Request& request) {
  return Send(request, [&request](const HttpResponse& response) {
    return JudgeAnswer(request, response);
  });
}

arrow::Result<Answer> S3Client::Send(const S3Request& request, const Judge& judge) {
  if (request.where.bucket.empty()) {
    return Error(ErrorCode::kInternal, "a path without a bucket: {}", request.path);
  }
  AwsCredentials used;
  std::string region;
  const auto make = [&]() -> arrow::Result<HttpRequest> {
    region = RegionOf(request.where.bucket);
    HttpRequest http = MakeHttpRequest(request, options_, region);
    ARROW_ASSIGN_OR_RAISE(used, credentials_->Get());
    http.signature = AwsSignature{.credentials = used, .region = region, .service = "s3"};
    return http;
  };
  bool may_have_acted = false;
  bool has_new_keys = false;
  for (int round = 1;; ++round) {
    auto sent = sender_->Send(request.request_class, PaceKey(request), make, judge);
    if (!sent.ok()) {
      return WithContext(
          may_have_acted ? AfterEarlierAttempt(sent.status()) : sent.status(),
          request.path);
    }
    sent->may_have_acted = sent->may_have_acted || may_have_acted;
    may_have_acted = sent->may_have_acted;
    bool goes_on = LearnRegion(request.where.bucket, region, sent->response);
    if (!goes_on && !has_new_keys && RefusesKeys(sent->response)) {
      credentials_->Forget(used);
      has_new_keys = true;
      goes_on = true;
    }
    if (!goes_on || round == kMaxRounds) {
      return sent;
    }
  }
}

arrow::Result<Answer> S3Client::SendToService(const HttpRequest& request,
                                              const std::string& service,
                                              const std::string& region) {
  const auto make = [&]() -> arrow::Result<HttpRequest> {
    HttpRequest http = request;
    ARROW_ASSIGN_OR_RAISE(const AwsCredentials keys, credentials_->Get());
    http.signature =
        AwsSignature{.credentials = keys, .region = region, .service = service};
    return http;
  };
  return sender_->Send(
      RequestClass::kPost, service, make, [](const HttpResponse& response) {
        return response.status >= 500 ? AnswerKind::kRetry : AnswerKind::kFinal;
      });
}

arrow::Result<HttpResponse> S3Client::Ask(const S3Request& request) {
  ARROW_ASSIGN_OR_RAISE(Answer answer, Send(request));
  // An error may come with status 200, where a document was sent.
  const bool is_good =
      answer.response.is_success() &&
      (request.document.empty() || ProblemOf(answer.response).code.empty());
  if (!is_good) {
    return ErrorOf(request, answer.response);
  }
  return std::move(answer.response);
}

}  // namespace partita
