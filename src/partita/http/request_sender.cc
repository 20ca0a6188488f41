#include "partita/http/request_sender.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include "partita/base/error.h"
#include "partita/base/system.h"

namespace partita {
namespace {

using std::chrono::milliseconds;

// Of an answer that names a number of seconds; dates are left alone, as clocks differ.
milliseconds RetryAfter(const HttpResponse& response) {
  constexpr int64_t kDay = int64_t{24} * 60 * 60;
  const std::string_view text = response.Header("retry-after");
  int64_t seconds = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number ? std::chrono::seconds(std::clamp<int64_t>(seconds, 0, kDay))
                   : std::chrono::seconds(0);
}

}  // namespace

arrow::Status AfterEarlierAttempt(const arrow::Status& error) {
  if (CodeOf(error) == ErrorCode::kStoreUnavailable ||
      CodeOf(error) == ErrorCode::kCancelled) {
    return error;
  }
  return Error(ErrorCode::kStoreUnavailable,
               "an earlier attempt may have done what was asked, and none could be made "
               "again: {}",
               error.message());
}

RequestSender::RequestSender(std::unique_ptr<HttpClient> client,
                             const RetryPolicy& policy, std::stop_token stop)
    : client_(std::move(client)), policy_(policy), stop_(std::move(stop)) {}

arrow::Result<Answer> RequestSender::Send(RequestClass kind, const std::string& pace_key,
                                          const MakeRequest& make, const Judge& judge) {
  Tries tries;
  HttpRequest request;
  while (true) {
    const auto now = SteadyNow();
    const auto turn =
        std::min(governor_.TakeTurn(pace_key, now), now + policy_.max_delay);
    if (tries.attempts == 0) {
      tries.give_up_at = turn + policy_.give_up_after;
    } else if (IsUsedUp(tries, turn)) {
      return GiveUp(request, std::move(tries));
    }
    ARROW_RETURN_NOT_OK(WaitUntil(turn));
    const auto sent = SteadyNow();
    auto attempt = Attempt(kind, make, &tries);
    if (!attempt.ok()) {
      return tries.may_have_acted ? AfterEarlierAttempt(attempt.status())
                                  : attempt.status();
    }
    request = *std::move(attempt);
    switch (JudgeLast(judge, &tries)) {
      case AnswerKind::kFinal:
        governor_.OnSuccess(pace_key, sent);
        return Answer{std::move(tries.last.response), tries.acted_before};
      case AnswerKind::kThrottled: {
        governor_.OnThrottle(pace_key, sent, SteadyNow());
        const std::lock_guard lock(mutex_);
        ++counts_.throttled;
        break;
      }
      case AnswerKind::kRetry:
        break;
    }
    const auto next = SteadyNow() + DelayAfter(tries);
    if (IsUsedUp(tries, next)) {
      return GiveUp(request, std::move(tries));
    }
    ARROW_RETURN_NOT_OK(WaitUntil(next));
  }
}

arrow::Status RequestSender::WaitUntil(std::chrono::steady_clock::time_point time) const {
  const auto now = SteadyNow();
  const bool goes_on = time > now ? WaitFor(time - now, stop_) : !stop_.stop_requested();
  return goes_on ? arrow::Status::OK()
                 : Error(ErrorCode::kCancelled, "stopped before a request was sent");
}

arrow::Result<HttpRequest> RequestSender::Attempt(RequestClass kind,
                                                  const MakeRequest& make, Tries* tries) {
  ARROW_ASSIGN_OR_RAISE(HttpRequest request, make());
  ARROW_ASSIGN_OR_RAISE(tries->last, client_->Send(request, stop_));
  ++tries->attempts;
  const bool was_reached = tries->last.fault != TransportFault::kNotSent;
  tries->was_reached = tries->was_reached || was_reached;
  const std::lock_guard lock(mutex_);
  ++counts_.requests[static_cast<size_t>(kind)];
  counts_.retries += tries->attempts > 1 ? 1 : 0;
  counts_.bytes_sent += was_reached ? static_cast<int64_t>(request.body.size()) : 0;
  counts_.bytes_received += static_cast<int64_t>(tries->last.response.body.size());
  return request;
}

AnswerKind RequestSender::JudgeLast(const Judge& judge, Tries* tries) {
  tries->acted_before = tries->may_have_acted;
  if (tries->last.fault != TransportFault::kNone) {
    ++tries->failed;
    tries->may_have_acted =
        tries->may_have_acted || tries->last.fault != TransportFault::kNotSent;
    return AnswerKind::kRetry;
  }
  const AnswerKind kind = judge(tries->last.response);
  const bool is_unavailable = tries->last.response.status == 503;
  if (kind == AnswerKind::kRetry && !is_unavailable) {
    ++tries->failed;
  } else if (kind != AnswerKind::kFinal) {
    ++tries->throttled;
  }
  tries->may_have_acted = tries->may_have_acted || kind == AnswerKind::kRetry;
  return kind;
}

milliseconds RequestSender::DelayAfter(const Tries& tries) const {
  const double most = static_cast<double>(policy_.max_delay.count());
  const double doubled =
      static_cast<double>(policy_.base_delay.count()) * std::exp2(tries.attempts - 1);
  const auto jittered =
      milliseconds(static_cast<int64_t>(RandomFraction() * std::min(most, doubled)));
  return std::max(jittered, std::min(RetryAfter(tries.last.response), policy_.max_delay));
}

bool RequestSender::IsUsedUp(const Tries& tries,
                             std::chrono::steady_clock::time_point next) const {
  return tries.failed >= policy_.max_attempts ||
         tries.throttled >= policy_.max_throttled || next > tries.give_up_at;
}

arrow::Result<Answer> RequestSender::GiveUp(const HttpRequest& request, Tries tries) {
  if (tries.last.fault == TransportFault::kNone) {
    return Answer{std::move(tries.last.response), tries.acted_before};
  }
  // Queries hold names of the store's own making that tell users nothing.
  std::string_view url = request.url;
  url = url.substr(0, url.find('?'));
  if (!tries.was_reached) {
    return Error(ErrorCode::kStoreUnavailable,
                 "the server is not reached; see to its address, the network and the "
                 "proxy, then run again: {} {}: {} attempts: {}",
                 request.method, url, tries.attempts, tries.last.problem);
  }
  return Error(
      ErrorCode::kStoreUnavailable,
      "the server gives no whole answer, though it may have done what was asked; "
      "see to the network, then run again: {} {}: {} attempts: {}",
      request.method, url, tries.attempts, tries.last.problem);
}

RequestCounts RequestSender::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace partita
