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
}

TEST(HasBegunTest, KnowsAJobThatStillLooksAroundFromOneThatReads) {
  EXPECT_FALSE(HasBegun(Progress{}));
  EXPECT_TRUE(HasBegun(Reading(0, 0, 1000)));
  EXPECT_TRUE(HasBegun(Reading(1, 10, 0)));
  EXPECT_TRUE(HasBegun({.stage = Progress::Stage::kWriting}));
}

TEST(ProgressTextTest, CountsFilesOnceTheRowsAreWritten) {
  Progress progress{.stage = Progress::Stage::kStaging, .files_total = 1374};
  EXPECT_EQ(ProgressText(progress, 3), "staging: 0 of 1,374 files");
  progress.stage = Progress::Stage::kCommitting;
  progress.files_done = 687;
  EXPECT_EQ(ProgressText(progress, 3), "committing: 687 of 1,374 files");
  EXPECT_EQ(ProgressLine(progress, 3, 80),
            "committing [##########..........] 687 of 1,374 files");
}

TEST(ProgressTextTest, NeverClaimsToBeDoneBeforeItIs) {
  EXPECT_EQ(ProgressText(Reading(1, 999'999, 1'000'000), 1),
            "reading:  99 %  1 row  1 MB/s  1 s left");
  EXPECT_EQ(ProgressText(Reading(1, 1'000'000, 1'000'000), 1),
            "reading: 100 %  1 row  1 MB/s");
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

TEST(ProgressTextTest, OneIsSingularAndARateThatRoundsToNothingIsLeftOut) {
  const Progress tiny{.stage = Progress::Stage::kReading, .rows = 1, .bytes_done = 10};
  EXPECT_EQ(ProgressText(tiny, 1), "reading: 1 row");
  EXPECT_EQ(ProgressText({.stage = Progress::Stage::kStaging, .files_total = 1}, 1),
            "staging: 0 of 1 file");
}

}  // namespace
}  // namespace partita::cli
