#include "partita/base/compute_slots.h"

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace partita {
namespace {

TEST(ComputeSlotsTest, NeverMoreThreadsComputeThanThereAreSlots) {
  constexpr int kSlots = 2;
  ComputeSlots slots(kSlots);
  std::atomic<int> num_computing{0};
  std::atomic<int> most{0};
  const auto compute = [&] {
    const int now = ++num_computing;
    int seen = most;
    while (seen < now && !most.compare_exchange_weak(seen, now)) {
    }
    std::this_thread::yield();
    --num_computing;
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&] {
        const ComputeSlots::Holder holder(&slots);
        for (int round = 0; round < 200; ++round) {
          compute();
          const DeviceWait wait;
        }
      });
    }
  }
  EXPECT_GE(most, 1);
  EXPECT_LE(most, kSlots);
}

TEST(ComputeSlotsTest, AThreadThatWaitsForADeviceLetsAnotherCompute) {
  ComputeSlots slots(1);
  std::latch has_computed(1);
  const ComputeSlots::Holder holder(&slots);
  std::jthread other([&] {
    const ComputeSlots::Holder others_holder(&slots);
    has_computed.count_down();
  });
  const DeviceWait wait;
  has_computed.wait();  // for ever, if the slot were still ours
}

TEST(ComputeSlotsTest, AThreadWithoutASlotWaitsForDevicesFreely) {
  ComputeSlots slots(1);
  { const DeviceWait wait; }
  const ComputeSlots::Holder holder(&slots);  // for ever, if the wait had taken the slot
}

}  // namespace
}  // namespace partita
