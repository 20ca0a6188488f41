#include "cli/stop_signals.h"

#include <string_view>

#include <pthread.h>
#include <unistd.h>

namespace partita::cli {
namespace {

constexpr int kWakeUp = SIGUSR1;

bool IsIgnored(int signal) {
  struct sigaction action = {};
  sigaction(signal, nullptr, &action);
  return action.sa_handler == SIG_IGN;  // NOLINT(google-readability-casting): a C macro
}

void Tell(std::string_view text) {
  // Nobody is left to hear of a failure.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
}

[[noreturn]] void DieOf(int signal, const sigset_t& watched) {
  std::signal(signal, SIG_DFL);  // NOLINT(google-readability-casting): a C macro
  pthread_sigmask(SIG_UNBLOCK, &watched, nullptr);
  raise(signal);
  _exit(128 + signal);
}

}  // namespace

StopSignals::StopSignals() : watched_(), mask_before_() {
  sigemptyset(&watched_);
  sigaddset(&watched_, kWakeUp);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (!IsIgnored(signal)) {
      sigaddset(&watched_, signal);
    }
  }
  pthread_sigmask(SIG_BLOCK, &watched_, &mask_before_);
  std::signal(SIGPIPE, SIG_IGN);  // NOLINT(google-readability-casting): a C macro
  watcher_ = std::thread([this] { Watch(); });
}

StopSignals::~StopSignals() {
  is_done_ = true;
  pthread_kill(watcher_.native_handle(), kWakeUp);
  watcher_.join();
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

void StopSignals::Watch() {
  while (true) {
    int signal = 0;
    sigwait(&watched_, &signal);
    if (signal == kWakeUp) {
      if (is_done_) {
        return;
      }
    } else if (stop_.request_stop()) {
      Tell(
          "\npartita: stopping and cleaning up; the same signal again ends it at once\n");
    } else {
      DieOf(signal, watched_);
    }
  }
}

}  // namespace partita::cli
