#include "partita/http/request_governor.h"

#include <algorithm>
#include <limits>

namespace partita {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr Seconds kWindow{1.0};
// A burst's rate is not guessed from less time than this.
constexpr Seconds kShortestMeasure{0.1};

std::chrono::steady_clock::duration TimePerRequest(double rate) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      Seconds(1.0 / rate));
}

}  // namespace

RequestGovernor::RequestGovernor() : RequestGovernor(Options{}) {}

RequestGovernor::RequestGovernor(const Options& options) : options_(options) {}

RequestGovernor::TimePoint RequestGovernor::TakeTurn(const std::string& key,
                                                     TimePoint now) {
  const std::lock_guard lock(mutex_);
  Pace& pace = paces_[key];
  TimePoint turn = now;
  if (pace.rate > 0) {
    turn = std::max(now, pace.next_turn);
    pace.next_turn = turn + TimePerRequest(pace.rate);
  }
  CountRequest(pace, turn);
  return turn;
}

void RequestGovernor::OnSuccess(const std::string& key, TimePoint sent) {
  const std::lock_guard lock(mutex_);
  const auto found = paces_.find(key);
  if (found == paces_.end() || found->second.rate == 0 || sent < found->second.cut_at) {
    return;
  }
  Pace& pace = found->second;
  // As many successes as the rate allows in a second raise it by `increase`; each of a very
  // low rate by no more than one request a second.
  pace.rate += options_.increase / std::max(pace.rate, options_.increase);
  if (pace.rate >= pace.unlimited_at) {
    pace.rate = 0;
  }
}

void RequestGovernor::OnThrottle(const std::string& key, TimePoint sent, TimePoint now) {
  const std::lock_guard lock(mutex_);
  Pace& pace = paces_[key];
  if (pace.rate > 0 && sent < pace.cut_at) {
    return;
  }
  if (pace.rate == 0) {
    pace.rate = std::max(ObservedRate(pace, now), options_.min_rate);
    pace.unlimited_at = 2 * pace.rate;
  }
  pace.rate = std::max(pace.rate * options_.decrease, options_.min_rate);
  pace.cut_at = now;
  pace.next_turn = now + TimePerRequest(pace.rate);
}

double RequestGovernor::PermittedRate(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = paces_.find(key);
  return found == paces_.end() || found->second.rate == 0
             ? std::numeric_limits<double>::infinity()
             : found->second.rate;
}

void RequestGovernor::CountRequest(Pace& pace, TimePoint at) {
  const Seconds elapsed = at - pace.window_begin;
  if (elapsed >= kWindow) {
    pace.last_rate = static_cast<double>(pace.window_requests) / elapsed.count();
    pace.window_begin = at;
    pace.window_requests = 0;
  }
  ++pace.window_requests;
}

double RequestGovernor::ObservedRate(const Pace& pace, TimePoint now) {
  const Seconds elapsed = now - pace.window_begin;
  if (pace.last_rate > 0 && elapsed < kWindow / 2) {
    return pace.last_rate;
  }
  return static_cast<double>(pace.window_requests) /
         std::max(elapsed, kShortestMeasure).count();
}

}  // namespace partita
