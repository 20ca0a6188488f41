#include "partita/job/progress_meter.h"

#include <chrono>
#include <utility>

namespace partita {

ProgressMeter::ProgressMeter(std::function<void(const Progress&)> tell)
    : tell_(std::move(tell)) {
  if (tell_) {
    thread_ = std::jthread([this](const std::stop_token& stop) { Loop(stop); });
  }
}

ProgressMeter::~ProgressMeter() {
  thread_.request_stop();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void ProgressMeter::Begin(Progress::Stage stage, int64_t bytes_total) {
  BeginFiles(stage, 0);
  bytes_total_ = bytes_total;
}

void ProgressMeter::BeginFiles(Progress::Stage stage, int64_t files_total) {
  rows_ = 0;
  bytes_ = 0;
  bytes_total_ = 0;
  files_ = 0;
  files_total_ = files_total;
  stage_ = stage;
}

void ProgressMeter::Loop(const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kInterval(200);
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    wake_.wait_for(lock, stop, kInterval, [] { return false; });
    Tell();
  }
}

void ProgressMeter::Tell() {
  tell_({.stage = stage_,
         .rows = rows_,
         .bytes_done = bytes_,
         .bytes_total = bytes_total_,
         .files_done = files_,
         .files_total = files_total_});
}

}  // namespace partita
