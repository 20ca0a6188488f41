#include "partita/job/progress_meter.h"

#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>

namespace partita {
namespace {

// Keeps what a meter tells, and lets a test wait for it.
class Listener {
 public:
  void Hear(const Progress& progress) {
    const std::lock_guard lock(mutex_);
    last_ = progress;
    ++num_heard_;
    changed_.notify_all();
  }

  // What is told after this call.
  Progress Next() {
    std::unique_lock lock(mutex_);
    const int before = num_heard_;
    // A telling that was under way may have looked at the counts already.
    changed_.wait(lock, [&] { return num_heard_ >= before + 2; });
    return last_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Progress last_;
  int num_heard_ = 0;
};

TEST(ProgressMeterTest, TellsRowsAndBytesOfTheStage) {
  Listener listener;
  ProgressMeter meter([&](const Progress& progress) { listener.Hear(progress); });
  meter.Begin(Progress::Stage::kReading, 1000);
  meter.AddRead(3, 400);
  meter.AddRead(2, 100);
  const Progress told = listener.Next();
  EXPECT_EQ(told.stage, Progress::Stage::kReading);
  EXPECT_EQ(told.rows, 5);
  EXPECT_EQ(told.bytes_done, 500);
  EXPECT_EQ(told.bytes_total, 1000);
}

TEST(ProgressMeterTest, AStageThatCountsFilesBeginsAtNone) {
  Listener listener;
  ProgressMeter meter([&](const Progress& progress) { listener.Hear(progress); });
  meter.Begin(Progress::Stage::kWriting, 1000);
  meter.AddWritten(3, 1000);
  meter.BeginFiles(Progress::Stage::kStaging, 7);
  meter.AddFiles(7);
  meter.BeginFiles(Progress::Stage::kCommitting, 7);
  meter.AddFiles(4);
  const Progress told = listener.Next();
  EXPECT_EQ(told.stage, Progress::Stage::kCommitting);
  EXPECT_EQ(told.rows, 0);
  EXPECT_EQ(told.bytes_total, 0);
  EXPECT_EQ(told.files_done, 4);
  EXPECT_EQ(told.files_total, 7);
}

}  // namespace
}  // namespace partita
