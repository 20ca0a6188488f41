#include "partita/store/memory_store.h"

#include <string>

#include <arrow/io/interfaces.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::_;

class MemoryStoreTest : public ::testing::Test {
 protected:
  void Put(const std::string& path, const std::string& text) {
    PARTITA_TEST_ASSIGN(auto file, store_.Create(path, {.make_parents = true}));
    ASSERT_THAT(file->Write(text.data(), static_cast<int64_t>(text.size())), IsOk());
    ASSERT_THAT(file->Close(), IsOk());
  }

  std::string Get(const std::string& path) {
    return ReadFile(&store_, path).ValueOr("<missing>");
  }

  MemoryStore store_;
};

TEST_F(MemoryStoreTest, APowerLossTakesAllThatIsNotSynced) {
  Put("/a/f", "x");
  store_.LosePower();
  EXPECT_EQ(Get("/a/f"), "<missing>");
}

TEST_F(MemoryStoreTest, AFilesBytesAndItsNameAreSyncedEachOnItsOwn) {
  Put("/f", "x");
  ASSERT_THAT(store_.SyncFolder("/"), IsOk());
  store_.LosePower();
  EXPECT_EQ(Get("/f"), "");
  Put("/g", "y");
  ASSERT_THAT(store_.SyncFile("/g"), IsOk());
  store_.LosePower();
  EXPECT_EQ(Get("/g"), "<missing>");
}

TEST_F(MemoryStoreTest, ARenameBetweenFoldersIsDurableAsAWhole) {
  Put("/a/f", "x");
  ASSERT_THAT(store_.MakeFolder("/b"), IsOk());
  ASSERT_THAT(store_.SyncFileSystem("/"), IsOk());
  ASSERT_THAT(store_.Rename("/a/f", "/b/f"), IsOk());
  ASSERT_THAT(store_.SyncFolder("/a"), IsOk());
  store_.LosePower();
  EXPECT_EQ(Get("/a/f"), "<missing>");
  EXPECT_EQ(Get("/b/f"), "x");
}

TEST_F(MemoryStoreTest, ARemovalThatIsNotSyncedComesBack) {
  Put("/a/f", "x");
  ASSERT_THAT(store_.SyncFileSystem("/"), IsOk());
  ASSERT_THAT(store_.RemoveTree("/a"), IsOk());
  store_.LosePower();
  EXPECT_EQ(Get("/a/f"), "x");
}

TEST_F(MemoryStoreTest, APowerLossFreesLocks) {
  PARTITA_TEST_ASSIGN(const auto lock, store_.TryLock("/LOCK"));
  store_.LosePower();
  PARTITA_TEST_ASSIGN(const auto again, store_.TryLock("/LOCK"));
  EXPECT_NE(again, nullptr);
}

}  // namespace
}  // namespace partita
