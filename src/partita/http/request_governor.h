#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace partita {

/// \brief Paces requests by key, as the server asks: additive increase, multiplicative
/// decrease (Chiu and Jain, 1989; TCP's rule).
///
/// A key is unlimited until an answer is throttled. Then its rate is the one observed times
/// `decrease`, and requests get turns. Throttled again, the rate is multiplied again;
/// successes raise it until it is twice what was observed and so binds no more. Waits for
/// nothing and reads no clock: callers say what time it is, and wait for their turn.
///
/// Thread safety: all members may be called from any thread.
/// Cost:          a lock and a look-up a call; keys are kept, so they should be few, such
///                as buckets and prefixes.
class RequestGovernor {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Rates are in requests a second.
  struct Options {
    double decrease = 0.7;  ///< as CUBIC and the AWS SDKs' adaptive mode have it
    double increase = 20;   ///< by each second in which the rate is used up
    double min_rate = 1;
  };

  RequestGovernor();
  explicit RequestGovernor(const Options& options);

  /// Takes a turn: when a request may be sent, `now` or later. A turn that is not used is
  /// lost.
  TimePoint TakeTurn(const std::string& key, TimePoint now);

  /// A request that was sent at `sent` has been answered, and not throttled.
  void OnSuccess(const std::string& key, TimePoint sent);

  /// A request that was sent at `sent` has been throttled. Of many that were under way
  /// together only the first counts: the others were sent before the rate was cut, and tell
  /// nothing about the new one.
  void OnThrottle(const std::string& key, TimePoint sent, TimePoint now);

  /// What is permitted, in requests a second; infinity where there is no limit.
  double PermittedRate(const std::string& key) const;

 private:
  struct Pace {
    TimePoint window_begin{};  // of the requests being counted
    int64_t window_requests = 0;
    double last_rate = 0;     // of the window before
    double rate = 0;          // permitted; 0: no limit
    double unlimited_at = 0;  // the rate that binds no more
    TimePoint next_turn{};
    TimePoint cut_at{};  // when the rate was last cut
  };

  static void CountRequest(Pace& pace, TimePoint at);
  static double ObservedRate(const Pace& pace, TimePoint now);

  const Options options_;
  mutable std::mutex mutex_;
  std::map<std::string, Pace> paces_;
};

}  // namespace partita
