#include "partita/scan/segment_chain.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/error.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

arrow::Status BadRow(int number) { return Error(ErrorCode::kBadInput, "row {}", number); }

TEST(SegmentChainTest, HandsOverWhatASegmentPublished) {
  SegmentChain chain;
  std::jthread waiting([&] {
    PARTITA_TEST_ASSIGN(const SegmentEnd end, chain.WaitFor(0, {}));
    EXPECT_TRUE(end.in_quotes);
    EXPECT_EQ(end.next_record, 17);
  });
  chain.Publish(0, {.in_quotes = true, .next_record = 17});
}

TEST(SegmentChainTest, AFailureWakesTheOneThatWaits) {
  SegmentChain chain;
  std::jthread waiting([&] {
    const auto end = chain.WaitFor(1, {});
    EXPECT_THAT(end, FailsWith(ErrorCode::kBadInput, "row 1"));
    EXPECT_THAT(chain.Fail(2, end.status(), {}),
                FailsWith(ErrorCode::kBadInput, "row 1"));
  });
  chain.Complete(1);
  EXPECT_THAT(chain.Fail(0, BadRow(1), {}), FailsWith(ErrorCode::kBadInput, "row 1"));
  EXPECT_TRUE(chain.HasFailedBefore(3));
}

TEST(SegmentChainTest, AFailureWaitsForSegmentsBeforeItAndGivesTheFirst) {
  SegmentChain chain;
  arrow::Status later;
  std::jthread failing([&] { later = chain.Fail(2, BadRow(2), {}); });
  chain.Complete(0);
  EXPECT_THAT(chain.Fail(1, BadRow(1), {}), FailsWith(ErrorCode::kBadInput, "row 1"));
  failing.join();
  EXPECT_THAT(later, FailsWith(ErrorCode::kBadInput, "row 1"));
}

TEST(SegmentChainTest, AFailureIsNoReasonToLeaveOutASegmentBeforeIt) {
  SegmentChain chain;
  std::jthread failing([&] {
    EXPECT_THAT(chain.Fail(2, BadRow(2), {}), FailsWith(ErrorCode::kBadInput, "row 1"));
  });
  while (!chain.HasFailedBefore(3)) {
    std::this_thread::yield();
  }
  EXPECT_FALSE(chain.HasFailedBefore(0));
  EXPECT_FALSE(chain.HasFailedBefore(1));
  EXPECT_FALSE(chain.HasFailedBefore(2));
  chain.Complete(0);
  EXPECT_THAT(chain.Fail(1, BadRow(1), {}), FailsWith(ErrorCode::kBadInput, "row 1"));
}

TEST(SegmentChainTest, AStopEndsBothWaits) {
  SegmentChain chain;
  std::jthread waiting([&](const std::stop_token& stop) {
    EXPECT_THAT(chain.WaitFor(4, stop),
                FailsWith(ErrorCode::kCancelled, HasSubstr("stop")));
    EXPECT_THAT(chain.Fail(5, BadRow(5), stop),
                FailsWith(ErrorCode::kCancelled, HasSubstr("stop")));
  });
  waiting.request_stop();
}

}  // namespace
}  // namespace partita
