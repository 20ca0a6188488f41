#include "partita/http/request_governor.h"

#include <cmath>

#include <gtest/gtest.h>

namespace partita {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr char kKey[] = "bucket/prefix";

class RequestGovernorTest : public ::testing::Test {
 protected:
  using TimePoint = RequestGovernor::TimePoint;

  static double SecondsBetween(TimePoint from, TimePoint to) {
    return std::chrono::duration<double>(to - from).count();
  }

  // A second of requests at `rate`, spread evenly; time stands at its end.
  void SendForASecond(int rate) {
    for (int i = 0; i < rate; ++i) {
      EXPECT_EQ(governor_.TakeTurn(kKey, now_), now_) << "there is no limit yet";
      now_ += std::chrono::microseconds(1000000) / rate;
    }
  }

  // As many paced requests as `requests`, all successful.
  void SucceedPaced(int requests) {
    for (int i = 0; i < requests; ++i) {
      now_ = governor_.TakeTurn(kKey, now_);
      governor_.OnSuccess(kKey, now_);
    }
  }

  RequestGovernor governor_;
  TimePoint now_ = TimePoint() + std::chrono::hours(1000);
};

TEST_F(RequestGovernorTest, HoldsNothingBackBeforeTheServerAsks) {
  for (int i = 0; i < 10000; ++i) {
    ASSERT_EQ(governor_.TakeTurn(kKey, now_), now_);
    governor_.OnSuccess(kKey, now_);
  }
  EXPECT_TRUE(std::isinf(governor_.PermittedRate(kKey)));
}

TEST_F(RequestGovernorTest, CutsTheRateItHasSeenWhenThrottled) {
  SendForASecond(200);
  governor_.OnThrottle(kKey, now_, now_);
  EXPECT_NEAR(governor_.PermittedRate(kKey), 0.7 * 200, 5);
}

TEST_F(RequestGovernorTest, SpacesRequestsAtThePermittedRate) {
  SendForASecond(100);
  governor_.OnThrottle(kKey, now_, now_);
  const double rate = governor_.PermittedRate(kKey);
  TimePoint last = now_;
  for (int i = 0; i < 50; ++i) {
    const TimePoint turn = governor_.TakeTurn(kKey, now_);
    EXPECT_NEAR(SecondsBetween(last, turn), 1 / rate, 1e-6);
    last = turn;
  }
}

TEST_F(RequestGovernorTest, GivesNobodyTheSameTurnTwiceNorOneInThePast) {
  SendForASecond(10);
  governor_.OnThrottle(kKey, now_, now_);
  const TimePoint first = governor_.TakeTurn(kKey, now_);
  EXPECT_LT(first, governor_.TakeTurn(kKey, now_));
  now_ += seconds(60);
  EXPECT_EQ(governor_.TakeTurn(kKey, now_), now_)
      << "turns of an idle minute are not saved";
  EXPECT_LT(now_, governor_.TakeTurn(kKey, now_));
}

TEST_F(RequestGovernorTest, CutsOnceForAllThatWasUnderWayTogether) {
  SendForASecond(100);
  const TimePoint sent = now_;
  now_ += milliseconds(5);
  for (int i = 0; i < 16; ++i) {
    governor_.OnThrottle(kKey, sent, now_ + milliseconds(i));
  }
  EXPECT_NEAR(governor_.PermittedRate(kKey), 0.7 * 100, 3);
}

TEST_F(RequestGovernorTest, CutsAgainWhenThrottledAtTheNewRate) {
  SendForASecond(100);
  governor_.OnThrottle(kKey, now_, now_);
  const double first = governor_.PermittedRate(kKey);
  now_ += milliseconds(10);
  governor_.OnThrottle(kKey, now_, now_);
  EXPECT_DOUBLE_EQ(governor_.PermittedRate(kKey), 0.7 * first);
}

TEST_F(RequestGovernorTest, NeverStopsAltogether) {
  SendForASecond(100);
  for (int i = 0; i < 1000; ++i) {
    governor_.OnThrottle(kKey, now_, now_);
    now_ += milliseconds(1);
  }
  EXPECT_DOUBLE_EQ(governor_.PermittedRate(kKey), 1);
}

TEST_F(RequestGovernorTest, RaisesTheRateByASumAndNotByAFactor) {
  SendForASecond(400);
  governor_.OnThrottle(kKey, now_, now_);
  const double start = governor_.PermittedRate(kKey);
  const TimePoint begin = now_;
  SucceedPaced(static_cast<int>(start));
  const double after_one_second = governor_.PermittedRate(kKey);
  EXPECT_NEAR(SecondsBetween(begin, now_), 1, 0.1);
  EXPECT_NEAR(after_one_second - start, 20, 2);
  SucceedPaced(static_cast<int>(after_one_second));
  EXPECT_NEAR(governor_.PermittedRate(kKey) - after_one_second, 20, 2);
}

TEST_F(RequestGovernorTest, IsUnlimitedAgainWhenSuccessesGoOn) {
  SendForASecond(100);
  governor_.OnThrottle(kKey, now_, now_);
  SucceedPaced(2000);
  EXPECT_TRUE(std::isinf(governor_.PermittedRate(kKey)));
  EXPECT_EQ(governor_.TakeTurn(kKey, now_), now_);
}

TEST_F(RequestGovernorTest, LearnsNothingFromSuccessesOfRequestsSentBeforeTheCut) {
  SendForASecond(100);
  const TimePoint sent = now_;
  now_ += milliseconds(5);
  governor_.OnThrottle(kKey, sent, now_);
  const double rate = governor_.PermittedRate(kKey);
  governor_.OnSuccess(kKey, sent);
  EXPECT_DOUBLE_EQ(governor_.PermittedRate(kKey), rate);
}

TEST_F(RequestGovernorTest, JudgesTheFirstBurstOfAJobByTheBurst) {
  for (int i = 0; i < 16; ++i) {
    EXPECT_EQ(governor_.TakeTurn(kKey, now_), now_);
  }
  governor_.OnThrottle(kKey, now_, now_ + milliseconds(20));
  EXPECT_NEAR(governor_.PermittedRate(kKey), 0.7 * 160, 1);
}

TEST_F(RequestGovernorTest, ThrottlesOneKeyOnly) {
  SendForASecond(100);
  governor_.OnThrottle(kKey, now_, now_);
  EXPECT_TRUE(std::isinf(governor_.PermittedRate("another")));
  EXPECT_EQ(governor_.TakeTurn("another", now_), now_);
}

}  // namespace
}  // namespace partita
