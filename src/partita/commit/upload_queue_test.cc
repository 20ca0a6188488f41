#include "partita/commit/upload_queue.h"

#include <atomic>
#include <semaphore>
#include <thread>

#include <gtest/gtest.h>

#include "partita/base/compute_slots.h"

#include "support/upload_worker.h"

namespace partita {
namespace {

TEST(UploadQueueTest, WithoutWorkersWhoPutsDoesTheWork) {
  UploadQueue queue(10);
  std::thread::id ran_on;
  queue.Put(100, [&] { ran_on = std::this_thread::get_id(); });
  EXPECT_EQ(ran_on, std::this_thread::get_id());
}

TEST(UploadQueueTest, DoesEveryTaskBeforeItsWorkersEnd) {
  UploadQueue queue(10);
  std::atomic<int> num_done = 0;
  {
    const UploadWorker worker(&queue);
    const std::jthread second([&] { queue.Work(); });
    for (int i = 0; i < 100; ++i) {
      queue.Put(3, [&] { ++num_done; });
    }
    queue.Close();
  }
  EXPECT_EQ(num_done, 100);
}

TEST(UploadQueueTest, WaitsForRoomButNotForASingleLargeTask) {
  UploadQueue queue(10);
  std::binary_semaphore may_end(0);
  std::atomic<bool> is_first_done = false;
  {
    const UploadWorker worker(&queue);
    queue.Put(100, [&] {
      may_end.acquire();
      is_first_done = true;
    });
    const std::jthread ending([&] { may_end.release(); });
    queue.Put(1, [] {});
    EXPECT_TRUE(is_first_done);
    queue.Close();
  }
}

// One thread computes at a time: whoever waits for room lets another compute, on which it waits here.
TEST(UploadQueueTest, WhoWaitsForRoomGivesItsSlotUp) {
  UploadQueue queue(1);
  ComputeSlots slots(1);
  std::binary_semaphore may_end(0);
  std::binary_semaphore holds_slot(0);
  bool is_put = false;
  {
    const UploadWorker worker(&queue);
    queue.Put(1, [&] { may_end.acquire(); });
    std::jthread waiting([&] {
      const ComputeSlots::Holder holder(&slots);
      holds_slot.release();
      queue.Put(1, [&] { is_put = true; });
    });
    holds_slot.acquire();
    {
      const ComputeSlots::Holder holder(&slots);
      may_end.release();
    }
    waiting.join();
    queue.Close();
  }
  EXPECT_TRUE(is_put);
}

}  // namespace
}  // namespace partita
