#include "partita/store/side_by_side.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <latch>
#include <stdexcept>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/error.h"
#include "partita/store/local_store.h"

#include "support/side_by_side.h"
#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::Each;

namespace fs = std::filesystem;

arrow::Status Broken() {
  return Error(ErrorCode::kStoreUnavailable, "broken on purpose");
}

TEST(SideBySideTest, RemovesEachOnceAndEightAtATime) {
  std::latch eight(8);
  std::vector<int> removed(100);
  ASSERT_THAT(ForEachSideBySide(&OnThreads, removed.size(),
                                [&](size_t i) {
                                  if (i < 8) {
                                    eight.arrive_and_wait();  // for ever, one by one
                                  }
                                  ++removed[i];
                                  return arrow::Status::OK();
                                }),
              IsOk());
  EXPECT_THAT(removed, Each(1));
}

TEST(SideBySideTest, TellsAFailureAndBeginsNoMore) {
  std::atomic<int> begun = 0;
  const arrow::Status status =
      ForEachSideBySide(&OnThreads, 100'000, [&](size_t) { return ++begun, Broken(); });
  EXPECT_THAT(status, FailsWith(ErrorCode::kStoreUnavailable, testing::_));
  EXPECT_LE(begun, 8);
}

TEST(SideBySideTest, WithoutAThreadToHaveTheCallerDoesItAll) {
  std::vector<int> removed(100);
  const auto no_thread = [](int, const std::function<arrow::Status()>&) {
    return Broken();
  };
  EXPECT_THAT(ForEachSideBySide(no_thread, removed.size(),
                                [&](size_t i) {
                                  ++removed[i];
                                  return arrow::Status::OK();
                                }),
              IsOk());
  EXPECT_THAT(removed, Each(1));
}

TEST(SideBySideTest, ACallThatThrewIsTold) {
  const auto run = [](int, const std::function<arrow::Status()>& work) {
    try {
      return work();
    } catch (const std::exception&) {
      return Broken();
    }
  };
  std::vector<int> removed(100);
  const auto remove = [&](size_t i) {
    if (i == 3) {
      throw std::runtime_error("thrown on purpose");
    }
    ++removed[i];
    return arrow::Status::OK();
  };
  EXPECT_THAT(ForEachSideBySide(run, removed.size(), remove),
              FailsWith(ErrorCode::kStoreUnavailable, testing::_));
}

class LocalRemovalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "outside");
    std::ofstream(folder_ / "outside/kept") << "x";
    for (int i = 0; i < 200; ++i) {
      const std::string part = folder_ / ("tree/part=" + std::to_string(i));
      fs::create_directories(part);
      fs::create_symlink(folder_ / "outside", part + "/link");
      files_.push_back(part + "/f");
      std::ofstream(files_.back()) << "x";
    }
  }

  TempFolder folder_;
  std::vector<std::string> files_;
};

TEST_F(LocalRemovalTest, ManyAtATimeFollowNoLink) {
  LocalStore store(&OnThreads);
  ASSERT_THAT(store.RemoveTree(folder_ / "tree"), IsOk());
  EXPECT_FALSE(fs::exists(folder_ / "tree"));
  EXPECT_TRUE(fs::exists(folder_ / "outside/kept"));
}

TEST_F(LocalRemovalTest, WithoutAThreadToHaveAllIsRemovedOneByOne) {
  LocalStore store([](int, const auto&) { return Broken(); });
  ASSERT_THAT(store.RemoveFiles(files_), IsOk());
  EXPECT_FALSE(fs::exists(files_.front()));
  EXPECT_FALSE(fs::exists(files_.back()));
  ASSERT_THAT(store.RemoveTree(folder_ / "tree"), IsOk());
  EXPECT_FALSE(fs::exists(folder_ / "tree"));
}

TEST_F(LocalRemovalTest, WhatCannotBeRemovedIsNamed) {
  LocalStore store(&OnThreads);
  files_.insert(files_.begin() + 7, folder_ / "outside");  // no file
  EXPECT_THAT(store.RemoveFiles(files_),
              FailsWith(ErrorCode::kStoreUnavailable, testing::HasSubstr("outside")));
  EXPECT_TRUE(fs::exists(folder_ / "outside/kept"));
}

}  // namespace
}  // namespace partita
