#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace partita::cli {

/// \brief Turns SIGINT, SIGTERM and SIGHUP into a stop request while a job runs; the
/// second one kills at once.
///
/// The signals are blocked and fetched by a thread, so nothing runs inside a signal
/// handler. A signal that the caller made this program ignore (nohup, a script's
/// background job) stays ignored. A reader of our output that goes away does not end the
/// job either. Thread safety: make it in the main thread, before any other thread starts.
class StopSignals {
 public:
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();

  std::stop_token token() const { return stop_.get_token(); }

 private:
  void Watch();

  std::stop_source stop_;
  sigset_t watched_;
  sigset_t mask_before_;
  std::atomic<bool> is_done_{false};
  std::thread watcher_;
};

}  // namespace partita::cli
