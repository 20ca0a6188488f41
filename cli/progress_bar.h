#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "partita/options.h"

namespace partita::cli {

/// \brief Shows on stderr how far a job is: a bar on a terminal, else a log line every
/// few seconds.
///
/// Says nothing in the first second, and leaves nothing behind on a terminal.
/// Ownership:     what Callback() returns borrows this object.
/// Thread safety: one thread at a time; Finish() only after the job has ended.
class ProgressBar {
 public:
  /// `waiting_for` is what is shown as long as nothing has been read: see WaitingFor().
  ProgressBar(bool is_quiet, std::string waiting_for);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  ~ProgressBar() { Finish(); }

  /// What the library calls with the job's progress; empty where nothing shall be shown.
  std::function<void(const Progress&)> Callback();

  /// Takes the bar off the terminal.
  void Finish();

 private:
  using Clock = std::chrono::steady_clock;

  void Update(const Progress& progress);

  std::string TextOf(const Progress& progress, double stage_seconds) const;

  const bool is_quiet_;
  const bool is_terminal_;
  const std::string waiting_for_;
  bool is_drawn_ = false;
  Progress::Stage stage_ = Progress::Stage::kReading;
  Clock::time_point stage_start_;
  Clock::time_point next_;
};

}  // namespace partita::cli
