#include "partita/store/write_block.h"

#include <cstdint>
#include <set>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

TEST(WriteBlockTest, WhatAThreadHasTouchedServesOthersOnceItHasEnded) {
  const char* left = nullptr;
  std::thread([&] { left = WriteBlock::Take().ValueOrDie().data(); }).join();
  std::set<const char*> taken;
  std::thread([&] {
    std::vector<WriteBlock> blocks;
    for (int i = 0; i < 8; ++i) {  // more than a thread leaves
      blocks.push_back(WriteBlock::Take().ValueOrDie());
      taken.insert(blocks.back().data());
    }
  }).join();
  EXPECT_THAT(taken, ::testing::Contains(left));
  EXPECT_EQ(taken.size(), 8);
}

// Half of a huge page that nobody uses has been cleared by the system for nothing.
TEST(WriteBlockTest, TheOtherHalfOfAPairServesTheNextThread) {
  std::vector<WriteBlock> held;  // more than threads before may have left
  for (int i = 0; i < 17; ++i) {
    held.push_back(WriteBlock::Take().ValueOrDie());
  }
  WriteBlock first = WriteBlock::Take().ValueOrDie();
  WriteBlock second;
  std::thread([&] { second = WriteBlock::Take().ValueOrDie(); }).join();
  WriteBlock third = WriteBlock::Take().ValueOrDie();
  const auto pair_of = [](WriteBlock& block) {
    return reinterpret_cast<uintptr_t>(block.data()) / (2 * WriteBlock::kSize);
  };
  EXPECT_TRUE(pair_of(first) == pair_of(second) || pair_of(second) == pair_of(third));
}

}  // namespace
}  // namespace partita
