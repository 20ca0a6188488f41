#include "partita/store/write_block.h"

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

}  // namespace
}  // namespace partita
