#include "cli/progress_bar.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/progress_text.h"

namespace partita::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirst{1000};
constexpr milliseconds kBetweenBars{200};
constexpr milliseconds kBetweenLines{5000};
constexpr std::string_view kEraseLine = "\r\x1b[K";

bool IsTerminal() {
  // Read before any other thread runs.
  const char* terminal = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe)
  return isatty(STDERR_FILENO) == 1 && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

// One column is left free: a full line would wrap on some terminals.
size_t TerminalColumns() {
  winsize size = {};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2) {
    return 79;
  }
  return size.ws_col - size_t{1};
}

void WriteToTerminal(std::string_view text) {
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace

ProgressBar::ProgressBar(bool is_quiet, std::string waiting_for)
    : is_quiet_(is_quiet),
      is_terminal_(IsTerminal()),
      waiting_for_(std::move(waiting_for)),
      stage_start_(Clock::now()),
      next_(stage_start_ + (is_terminal_ ? kFirst : kBetweenLines)) {}

std::function<void(const Progress&)> ProgressBar::Callback() {
  if (is_quiet_ || !spdlog::default_logger_raw()->should_log(spdlog::level::info)) {
    return {};
  }
  return [this](const Progress& progress) { Update(progress); };
}

std::string ProgressBar::TextOf(const Progress& progress, double stage_seconds) const {
  if (!HasBegun(progress)) {
    std::string text = "waiting for " + waiting_for_;
    text.resize(is_terminal_ ? std::min(text.size(), TerminalColumns()) : text.size());
    return text;
  }
  return is_terminal_ ? ProgressLine(progress, stage_seconds, TerminalColumns())
                      : ProgressText(progress, stage_seconds);
}

void ProgressBar::Update(const Progress& progress) {
  const Clock::time_point now = Clock::now();
  if (progress.stage != stage_) {
    stage_ = progress.stage;
    stage_start_ = now;
  }
  if (now < next_) {
    return;
  }
  const double seconds = std::chrono::duration<double>(now - stage_start_).count();
  if (is_terminal_) {
    WriteToTerminal(std::string(kEraseLine) + TextOf(progress, seconds));
    is_drawn_ = true;
    next_ = now + kBetweenBars;
  } else {
    spdlog::info(TextOf(progress, seconds));
    next_ = now + kBetweenLines;
  }
}

void ProgressBar::Finish() {
  if (is_drawn_) {
    WriteToTerminal(kEraseLine);
    is_drawn_ = false;
  }
}

}  // namespace partita::cli
