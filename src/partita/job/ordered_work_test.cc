#include "partita/job/ordered_work.h"

#include <atomic>
#include <latch>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "partita/base/error.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

constexpr WorkerCount kThreads{.computing = 4, .workers = 4};

TEST(ForEachInOrderTest, EveryItemIsDoneOnce) {
  std::mutex mutex;
  std::multiset<size_t> done;
  ASSERT_THAT(ForEachInOrder(1000, kThreads, {},
                             [&](int, size_t item, const std::stop_token&) {
                               const std::lock_guard lock(mutex);
                               done.insert(item);
                               return arrow::Status::OK();
                             }),
              IsOk());
  ASSERT_EQ(done.size(), 1000);
  EXPECT_EQ(std::set<size_t>(done.begin(), done.end()).size(), 1000);
  EXPECT_THAT(ForEachInOrder(0, kThreads, {},
                             [](int, size_t, const std::stop_token&) {
                               return Error(ErrorCode::kInternal, "called");
                             }),
              IsOk());
}

TEST(ForEachInOrderTest, TheFirstItemThatFailsIsToldAndThoseBehindItAreStopped) {
  // Item 2 fails first in time and stops item 3; then item 1 fails.
  std::latch has_begun(1);
  std::latch has_stopped(1);
  const auto work = [&](int, size_t item, const std::stop_token& stop) -> arrow::Status {
    switch (item) {
      case 1:
        has_stopped.wait();
        EXPECT_FALSE(stop.stop_requested());
        return Error(ErrorCode::kBadInput, "item 1");
      case 2:
        has_begun.wait();
        return Error(ErrorCode::kBadInput, "item 2");
      case 3:
        has_begun.count_down();
        while (!stop.stop_requested()) {
          std::this_thread::yield();
        }
        has_stopped.count_down();
        return Error(ErrorCode::kCancelled, "stopped");
      default:
        return arrow::Status::OK();
    }
  };
  EXPECT_THAT(ForEachInOrder(4, kThreads, {}, work),
              FailsWith(ErrorCode::kBadInput, HasSubstr("item 1")));
}

TEST(ForEachInOrderTest, ARequestFromOutsideStopsEveryItem) {
  const auto outer = std::make_unique<std::stop_source>();
  const auto work = [&](int, size_t, const std::stop_token& stop) -> arrow::Status {
    outer->request_stop();
    while (!stop.stop_requested()) {
      std::this_thread::yield();
    }
    return Error(ErrorCode::kCancelled, "stopped");
  };
  EXPECT_THAT(ForEachInOrder(100, kThreads, outer->get_token(), work),
              FailsWith(ErrorCode::kCancelled, HasSubstr("stopped")));
}

}  // namespace
}  // namespace partita
