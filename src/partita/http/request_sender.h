#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include <arrow/result.h>

#include "partita/http/http_client.h"
#include "partita/http/request_governor.h"

namespace partita {

/// What is to be done with an answer.
enum class AnswerKind {
  kFinal,      ///< take it, good or bad
  kRetry,      ///< the server failed; it may have acted, or have begun to
  kThrottled,  ///< the server asks for fewer requests; it has not acted
};

/// What a request is counted as, by what it costs.
enum class RequestClass { kGet, kHead, kPut, kPost, kList, kDelete };
inline constexpr size_t kNumRequestClasses = 6;

/// \brief What has been sent so far.
struct RequestCounts {
  std::array<int64_t, kNumRequestClasses> requests{};  ///< attempts, by RequestClass
  int64_t retries = 0;                                 ///< attempts after a first one
  int64_t throttled = 0;   ///< answers that asked for fewer requests
  int64_t bytes_sent = 0;  ///< of bodies that reached a server
  int64_t bytes_received = 0;
};

/// \brief The answer to a request that was tried until it was final.
struct Answer {
  HttpResponse response;
  bool may_have_acted =
      false;  ///< an attempt before the last one may have been carried out
};

/// \brief The error of a request of which an earlier attempt may have been carried out:
/// kStoreUnavailable, whatever else came between; kCancelled stays.
///
/// Thread safety: pure.
arrow::Status AfterEarlierAttempt(const arrow::Status& error);

/// \brief How often and how long a request is tried.
struct RetryPolicy {
  /// Attempts that may fail: that end without a whole answer, or with one to be retried.
  int max_attempts = 10;
  /// Answers that may ask for fewer requests, or say with status 503 that there is no service
  /// now. Such a server is there and wants patience: with these delays it gets it until the
  /// time is over.
  int max_throttled = 50;
  std::chrono::milliseconds base_delay{50};
  /// No wait is longer, whatever the server or the pace of its key asks for.
  std::chrono::milliseconds max_delay{20000};
  /// No attempt begins later than this after the first one.
  std::chrono::seconds give_up_after{300};
};

/// \brief Sends requests until an answer is final: waits with full jitter between attempts (a
/// random part of min(max_delay, base_delay * 2^n), as the AWS Architecture Blog's
/// "Exponential Backoff And Jitter" found best), obeys Retry-After in seconds, and paces
/// what is throttled (request_governor.h).
///
/// Ownership:     owns client and governor.
/// Thread safety: all members may be called from any thread.
/// Cost:          the calling thread waits, for turns and delays too; a stop ends such waits
///                at once.
class RequestSender {
 public:
  /// Makes the request anew for every attempt, as credentials and times run out.
  using MakeRequest = std::function<arrow::Result<HttpRequest>()>;
  using Judge = std::function<AnswerKind(const HttpResponse&)>;

  RequestSender(std::unique_ptr<HttpClient> client, const RetryPolicy& policy,
                std::stop_token stop);

  /// `pace_key` names what the server throttles as one, such as bucket and prefix.
  ///
  /// When attempts or time are used up, the answer to the last attempt is returned, however
  /// bad. Errors: those of `make` and of HttpClient::Send(), unless an earlier attempt may
  /// have been carried out; kStoreUnavailable: the last attempt brought no answer, and any of
  /// them may have been carried out unless the message says that the server was not reached;
  /// kCancelled: an attempt that was under way may have been carried out.
  arrow::Result<Answer> Send(RequestClass kind, const std::string& pace_key,
                             const MakeRequest& make, const Judge& judge);

  RequestCounts counts() const;

 private:
  // What came of the attempts at one request so far.
  struct Tries {
    std::chrono::steady_clock::time_point give_up_at;
    int attempts = 0;
    int failed = 0;
    int throttled = 0;
    bool was_reached = false;     // at least one attempt reached a server
    bool may_have_acted = false;  // of all attempts
    bool acted_before = false;    // of all but the last one
    HttpOutcome last;
  };

  arrow::Status WaitUntil(std::chrono::steady_clock::time_point time) const;
  arrow::Result<HttpRequest> Attempt(RequestClass kind, const MakeRequest& make,
                                     Tries* tries);
  static AnswerKind JudgeLast(const Judge& judge, Tries* tries);
  std::chrono::milliseconds DelayAfter(const Tries& tries) const;
  bool IsUsedUp(const Tries& tries, std::chrono::steady_clock::time_point next) const;
  static arrow::Result<Answer> GiveUp(const HttpRequest& request, Tries tries);

  const std::unique_ptr<HttpClient> client_;
  const RetryPolicy policy_;
  const std::stop_token stop_;
  RequestGovernor governor_;
  mutable std::mutex mutex_;
  RequestCounts counts_;
};

}  // namespace partita
