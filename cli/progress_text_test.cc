#include "cli/progress_text.h"

#include <gtest/gtest.h>

namespace partita::cli {
namespace {

Progress Reading(int64_t rows, int64_t done, int64_t total) {
  return {Progress::Stage::kReading, rows, done, total};
}

TEST(ProgressTextTest, SaysShareRowsRateAndTimeLeft) {
  EXPECT_EQ(ProgressText(Reading(1'234'567, 500'000'000, 1'000'000'000), 5),
            "reading:  50 %  1,234,567 rows  100 MB/s  5 s left");
}

TEST(ProgressTextTest, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(ProgressText(Reading(12, 2'000'000, 0), 1), "reading: 12 rows  2 MB/s");
  EXPECT_EQ(ProgressText(Reading(0, 0, 1000), 0), "reading:   0 %  0 rows");
  EXPECT_EQ(ProgressText({Progress::Stage::kCommitting, 999, 0, 0}, 3),
            "committing: 999 rows");
}

TEST(ProgressTextTest, NeverClaimsToBeDoneBeforeItIs) {
  EXPECT_EQ(ProgressText(Reading(1, 999'999, 1'000'000), 1),
            "reading:  99 %  1 rows  1 MB/s  1 s left");
  EXPECT_EQ(ProgressText(Reading(1, 1'000'000, 1'000'000), 1),
            "reading: 100 %  1 rows  1 MB/s");
}

TEST(ProgressTextTest, WritesLongTimesInMinutesAndHours) {
  EXPECT_EQ(ProgressText(Reading(0, 1'000'000, 91'000'000), 1),
            "reading:   1 %  0 rows  1 MB/s  1 min 30 s left");
  EXPECT_EQ(ProgressText(Reading(0, 1'000'000, 7'261'000'000), 1),
            "reading:   0 %  0 rows  1 MB/s  2 h 01 min left");
}

TEST(ProgressLineTest, DrawsTheShareAsABar) {
  EXPECT_EQ(ProgressLine(Reading(10, 500'000, 1'000'000), 1, 80),
            "reading    [##########..........]  50 %  10 rows  0 MB/s  1 s left");
}

TEST(ProgressLineTest, FitsTheTerminal) {
  EXPECT_EQ(ProgressLine(Reading(10, 500'000, 1'000'000), 1, 14), "reading    [##");
  EXPECT_EQ(ProgressLine(Reading(10, 500'000, 1'000'000), 1, 0), "");
}

}  // namespace
}  // namespace partita::cli
