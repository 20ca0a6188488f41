#include "partita/store/faulty_store.h"

#include <string>
#include <vector>

#include <arrow/io/interfaces.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/store/memory_store.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::ElementsAre;

class FaultyStoreTest : public ::testing::Test {
 protected:
  MemoryStore memory_;
  FaultyStore store_{&memory_};
};

TEST_F(FaultyStoreTest, OnlyTheChosenCallFails) {
  store_.SetFault(Fault::kFail, 2);
  EXPECT_THAT(store_.MakeFolder("/a"), IsOk());
  EXPECT_THAT(store_.MakeFolder("/b"), FailsWith(ErrorCode::kStoreUnavailable, _));
  EXPECT_THAT(store_.MakeFolder("/c"), IsOk());
  EXPECT_EQ(memory_.List("/")->size(), 2);
}

TEST_F(FaultyStoreTest, ALostAnswerIsAFailureAfterTheDeed) {
  store_.SetFault(Fault::kLoseAnswer, 1);
  EXPECT_THAT(store_.MakeFolder("/a"), FailsWith(ErrorCode::kStoreUnavailable, _));
  EXPECT_EQ(memory_.Stat("/a")->kind, EntryKind::kFolder);
}

TEST_F(FaultyStoreTest, ADeadProcessDoesNothingMore) {
  store_.SetFault(Fault::kDie, 2);
  EXPECT_THAT(store_.MakeFolder("/a"), IsOk());
  EXPECT_FALSE(store_.MakeFolder("/b").ok());
  EXPECT_FALSE(store_.RemoveTree("/a").ok());
  EXPECT_EQ(memory_.List("/")->size(), 1);
}

TEST_F(FaultyStoreTest, ATruncatedWriteLooksWell) {
  store_.SetFault(Fault::kTruncate, 2);
  PARTITA_TEST_ASSIGN(auto file, store_.Create("/f", {}));
  EXPECT_THAT(file->Write("12345678", 8), IsOk());
  EXPECT_THAT(file->Close(), IsOk());
  EXPECT_EQ(*ReadFile(&memory_, "/f"), "1234");
}

TEST_F(FaultyStoreTest, EveryCallIsShownBeforeItHappens) {
  std::vector<std::string> seen;
  store_.set_on_call([&](int64_t number, std::string_view name) {
    seen.push_back(std::to_string(number) + " " + std::string(name) + " " +
                   std::to_string(memory_.List("/")->size()));
  });
  EXPECT_THAT(store_.MakeFolder("/a"), IsOk());
  EXPECT_THAT(store_.RemoveTree("/a"), IsOk());
  EXPECT_THAT(
      seen, ElementsAre("1 make folder 0", "2 stat 1", "3 list 1", "4 remove folder 1"));
  EXPECT_EQ(store_.num_calls(), 4);
}

}  // namespace
}  // namespace partita
