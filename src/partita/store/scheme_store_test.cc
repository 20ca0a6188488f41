#include "partita/store/scheme_store.h"

#include <arrow/io/interfaces.h>

#include "partita/base/error.h"
#include "partita/store/faulty_object_store.h"
#include "partita/store/memory_object_store.h"

#include "support/loopback_server.h"
#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::SizeIs;

class SchemeStoreTest : public ::testing::Test {
 protected:
  arrow::Status Put(const std::string& path) {
    ARROW_ASSIGN_OR_RAISE(const auto file, store_.Create(path, {}));
    ARROW_RETURN_NOT_OK(file->Write(path));
    return file->Close();
  }

  MemoryObjectStore memory_;
  int num_made_ = 0;
  SchemeStore store_{{}, [this]() -> arrow::Result<std::unique_ptr<ObjectStore>> {
                       ++num_made_;
                       return std::make_unique<FaultyObjectStore>(&memory_);
                     }};
  TempFolder folder_;
};

TEST_F(SchemeStoreTest, LocalPathsAskForNoObjectStore) {
  ASSERT_THAT(Put(folder_ / "f"), IsOk());
  EXPECT_EQ(ReadFile(&store_, folder_ / "f").ValueOr(""), folder_ / "f");
  PARTITA_TEST_ASSIGN(Store * at, store_.At(folder_ / "f"));
  EXPECT_NE(at->AsFolderStore(), nullptr);
  EXPECT_FALSE(store_.requests().has_value());
  EXPECT_EQ(num_made_, 0);
}

TEST_F(SchemeStoreTest, PathsOfS3GoToOneStoreInWhateverSpelling) {
  ASSERT_THAT(Put("s3://b/f"), IsOk());
  EXPECT_EQ(ReadFile(&store_, "s3://b/f").ValueOr(""), "s3://b/f");
  for (const char* path : {"s3://b/f", "s3a://b/f", "s3n://b/", "S3://b"}) {
    PARTITA_TEST_ASSIGN(Store * at, store_.At(path));
    EXPECT_NE(at->AsObjectStore(), nullptr) << path;
  }
  EXPECT_EQ(num_made_, 1);
  EXPECT_EQ(memory_.objects().size(), 1);
}

TEST_F(SchemeStoreTest, EveryCallGoesToThePathsOwnStore) {
  ASSERT_THAT(Put("s3://b/k/f"), IsOk());
  PARTITA_TEST_ASSIGN(const auto entries, store_.List("s3://b/k"));
  ASSERT_EQ(entries.size(), 1);
  EXPECT_EQ(entries[0].name, "f");
  std::vector<std::string> visited;
  ASSERT_THAT(store_.VisitEntries("s3://b/k",
                                  [&](std::string_view name, const EntryInfo&) {
                                    visited.emplace_back(name);
                                  }),
              IsOk());
  EXPECT_EQ(visited, std::vector<std::string>{"f"});
  PARTITA_TEST_ASSIGN(const EntryInfo seen, store_.Stat("s3://b/k/f"));
  ASSERT_THAT(store_.OpenSeen("s3://b/k/f", seen), IsOk());
  ASSERT_THAT(store_.RemoveFile("s3://b/k/f"), IsOk());
  EXPECT_TRUE(memory_.objects().empty());
}

TEST_F(SchemeStoreTest, AnObjectThatWasReplacedSinceItWasSeenIsNotOpened) {
  ASSERT_THAT(Put("s3://b/f"), IsOk());
  PARTITA_TEST_ASSIGN(const EntryInfo seen, store_.Stat("s3://b/f"));
  ASSERT_THAT(memory_.Put("s3://b/f", "other", {}), IsOk());
  EXPECT_THAT(store_.OpenSeen("s3://b/f", seen),
              FailsWith(ErrorCode::kBadInput, HasSubstr("s3://b/f")));
}

TEST(SchemeStoreFailureTest, AStoreThatCannotBeMadeIsToldAndTriedAgain) {
  MemoryObjectStore memory;
  bool has_credentials = false;
  SchemeStore store({}, [&]() -> arrow::Result<std::unique_ptr<ObjectStore>> {
    if (!has_credentials) {
      return Error(ErrorCode::kInvalidConfig, "no credentials");
    }
    return std::make_unique<FaultyObjectStore>(&memory);
  });
  EXPECT_THAT(store.Stat("s3://b/f"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("no credentials")));
  EXPECT_THAT(store.Stat("/no/such"), IsOk());
  has_credentials = true;
  EXPECT_THAT(store.Stat("s3://b/f"), IsOk());
}

class SchemeStoreServerTest : public ::testing::Test {
 protected:
  SchemeStore::Options OptionsOf(const LoopbackServer& server) const {
    return {.store_options = {{"endpoint", server.url()}, {"anonymous", "true"}},
            .stop = stop_.get_token()};
  }

  std::stop_source stop_;
};

TEST_F(SchemeStoreServerTest, AnonymousRequestsTakeNoKeys) {
  LoopbackServer server(
      {{"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nETag: \"e\"\r\n\r\n"}});
  SchemeStore store(OptionsOf(server));
  PARTITA_TEST_ASSIGN(const EntryInfo info, store.Stat("s3://bucket/key"));
  EXPECT_EQ(info.bytes, 7);
  ASSERT_THAT(server.requests(), SizeIs(1));
  EXPECT_THAT(server.requests()[0].headers, Not(Contains(Key("authorization"))));
}

// A server that is silent holds nobody who has been told to stop.
TEST_F(SchemeStoreServerTest, AStopEndsWhatIsUnderWayAndWhatFollows) {
  LoopbackServer server([this](const LoopbackRequest&) {
    stop_.request_stop();
    return LoopbackAnswer{"", LoopbackAnswer::Then::kSilence};
  });
  SchemeStore store(OptionsOf(server));
  EXPECT_THAT(store.Stat("s3://bucket/key"), FailsWith(ErrorCode::kCancelled, _));
  EXPECT_THAT(store.Stat("s3://bucket/key"), FailsWith(ErrorCode::kCancelled, _));
  EXPECT_THAT(server.requests(), SizeIs(1));
}

TEST(CheckStoreOptionsTest, RefusesNamesItDoesNotKnow) {
  EXPECT_THAT(CheckStoreOptions({}), IsOk());
  EXPECT_THAT(CheckStoreOptions({{"no_such_option", "x"}}),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("no_such_option")));
}

}  // namespace
}  // namespace partita
