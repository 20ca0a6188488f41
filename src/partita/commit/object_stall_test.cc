#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "partita/commit/object_recovery.h"
#include "partita/commit/object_state.h"
#include "partita/store/faulty_object_store.h"
#include "partita/store/memory_object_store.h"

#include "support/object_commit.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Others go on while a process stands still between two of its calls, wherever that is.
class ObjectStallTest : public ObjectCommitTest {
 protected:
  static std::unique_ptr<MemoryObjectStore> WithOldData() {
    auto store = std::make_unique<MemoryObjectStore>();
    EXPECT_THAT(Write(store.get(), kOld, SaveMode::kOverwrite, "old"), IsOk());
    return store;
  }

  // HEAD, its manifest and the data agree.
  static void ExpectWhole(MemoryObjectStore* store, const Files& files,
                          const std::string& where) {
    PARTITA_TEST_ASSIGN(const Files seen, View(store));
    EXPECT_EQ(seen, files) << where;
    const ObjectState state(store, kTarget);
    PARTITA_TEST_ASSIGN(const VersionedHead now, state.ReadHead());
    ASSERT_TRUE(now.head) << where;
    PARTITA_TEST_ASSIGN(const Manifest manifest, state.ReadManifest(now.head->manifest));
    EXPECT_EQ(manifest.generation, now.head->generation) << where;
    EXPECT_EQ(manifest.files.size(), files.size()) << where;
  }
};

TEST_F(ObjectStallTest, AHealerLeavesWhatWasCommittedWhileItStood) {
  for (int64_t at = 1;; ++at) {
    const auto store = WithOldData();
    PARTITA_TEST_ASSIGN(
        auto job, Begin(store.get(), {.mode = SaveMode::kOverwrite, .file_uuid = "new"}));
    ASSERT_THAT(Stage(job.get(), kNew), IsOk());
    FaultyObjectStore stalling(store.get());
    stalling.set_on_call([&](int64_t number, std::string_view) {
      if (number == at) {
        ASSERT_THAT(job->Commit(), IsOk());
        job->CleanUp();
        job.reset();
      }
    });
    const auto healed = HealObjects(ObjectState(&stalling, kTarget), {}, false);
    const std::string where = fmt::format("stood before call {}", at);
    if (stalling.num_calls() < at) {
      EXPECT_GT(at, 4);
      break;
    }
    EXPECT_THAT(healed, IsOk()) << where;
    ExpectWhole(store.get(), kNew, where);
  }
}

TEST_F(ObjectStallTest, AHealerLeavesWhatAWholeJobWroteWhileItStood) {
  for (int64_t at = 1;; ++at) {
    const auto store = WithOldData();
    FaultyObjectStore stalling(store.get());
    stalling.set_on_call([&](int64_t number, std::string_view) {
      if (number == at) {
        ASSERT_THAT(Write(store.get(), kNew, SaveMode::kOverwrite, "new"), IsOk());
      }
    });
    const auto healed = HealObjects(ObjectState(&stalling, kTarget), {}, false);
    const std::string where = fmt::format("stood before call {}", at);
    if (stalling.num_calls() < at) {
      EXPECT_GT(at, 4);
      break;
    }
    EXPECT_THAT(healed, IsOk()) << where;
    ExpectWhole(store.get(), kNew, where);
  }
}

// The manifest before a decision is needed until the commit is applied: it may be taken back.
TEST_F(ObjectStallTest, AHealerLeavesWhatACommitThatIsTakenBackLeadsBackTo) {
  for (int64_t at = 1;; ++at) {
    const auto store = WithOldData();
    FaultyObjectStore dying(store.get());
    PARTITA_TEST_ASSIGN(
        auto job, Begin(&dying, {.mode = SaveMode::kOverwrite, .file_uuid = "new"}));
    ASSERT_THAT(Stage(job.get(), kNew), IsOk());
    dying.set_on_call([&](int64_t, std::string_view call) {
      if (call == "complete upload") {
        dying.SetFault(Fault::kDie, 1);
      }
    });
    FaultyObjectStore stalling(store.get());
    stalling.set_on_call([&](int64_t number, std::string_view) {
      if (number == at) {
        EXPECT_THAT(job->Commit(), FailsWith(ErrorCode::kCommitStateUnknown, _));
      }
    });
    // A live job that has decided is left alone, which may be an error.
    [[maybe_unused]] const auto looked =
        HealObjects(ObjectState(&stalling, kTarget), {}, false);
    if (stalling.num_calls() < at) {
      EXPECT_GT(at, 4);
      break;
    }
    job.reset();
    ASSERT_THAT(store->VisitUploads("s3://bucket/",
                                    [&](const OpenUpload& upload) {
                                      ASSERT_THAT(store->AbortUpload(upload), IsOk());
                                    }),
                IsOk());
    ASSERT_THAT(HealAfterAMinute(store.get()), IsOk());
    ExpectWhole(store.get(), kOld, fmt::format("stood before call {}", at));
  }
}

TEST_F(ObjectStallTest, AJobThatStoodInItsCleanUpLeavesWhatCameAfterIt) {
  const Files later = {{"k=5/part-later.csv", "5"}};
  for (int64_t at = 1;; ++at) {
    const auto store = WithOldData();
    FaultyObjectStore stalling(store.get());
    PARTITA_TEST_ASSIGN(
        auto job, Begin(&stalling, {.mode = SaveMode::kOverwrite, .file_uuid = "new"}));
    ASSERT_THAT(Stage(job.get(), kNew), IsOk());
    ASSERT_THAT(job->Commit(), IsOk());
    const int64_t num_before = stalling.num_calls();
    stalling.set_on_call([&](int64_t number, std::string_view) {
      if (number == num_before + at) {
        ASSERT_THAT(HealAfterAMinute(store.get()), IsOk());
        ASSERT_THAT(Write(store.get(), later, SaveMode::kOverwrite, "later"), IsOk());
      }
    });
    job->CleanUp();
    const std::string where = fmt::format("stood before call {}", at);
    if (stalling.num_calls() < num_before + at) {
      EXPECT_GT(at, 4);
      break;
    }
    ExpectWhole(store.get(), later, where);
  }
}

// Decides once, while its answer is lost; when it asks again, others have been at work for a while.
class LateStore : public FaultyObjectStore {
 public:
  using FaultyObjectStore::FaultyObjectStore;

  void set_meanwhile(std::function<void()> meanwhile) {
    meanwhile_ = std::move(meanwhile);
  }

  arrow::Result<std::string> Put(const std::string& path, std::string_view bytes,
                                 const PutCondition& condition) override {
    const bool is_decision =
        path.ends_with("/HEAD") && bytes.find("decided") != std::string_view::npos;
    if (is_decision && meanwhile_) {
      ARROW_RETURN_NOT_OK(FaultyObjectStore::Put(path, bytes, condition));
      std::exchange(meanwhile_, nullptr)();
    }
    return FaultyObjectStore::Put(path, bytes, condition);
  }

 private:
  std::function<void()> meanwhile_;
};

TEST_F(ObjectStallTest, DoesNotSayThatNothingWasDoneWhereOthersHaveDoneIt) {
  ASSERT_THAT(Write(&store_, kOld, SaveMode::kOverwrite, "old"), IsOk());
  LateStore late(&store_);
  const Files later = {{"k=5/part-later.csv", "5"}};
  late.set_meanwhile([&] {
    ASSERT_THAT(HealAfterAMinute(&store_), IsOk());
    ASSERT_THAT(Write(&store_, later, SaveMode::kAppend, "later"), IsOk());
  });
  EXPECT_THAT(Write(&late, kNew, SaveMode::kAppend, "new"),
              FailsWith(ErrorCode::kCommitStateUnknown, HasSubstr("look for its rows")));
  EXPECT_EQ(Plain(), With(With(kOld, kNew), later));
}

TEST_F(ObjectStallTest, SaysThatNothingWasDoneWhereOthersWereFasterTwice) {
  PARTITA_TEST_ASSIGN(const auto transaction,
                      Begin(&store_, {.mode = SaveMode::kAppend, .file_uuid = "new"}));
  ASSERT_THAT(Stage(transaction.get(), kNew), IsOk());
  ASSERT_THAT(HealAfterAMinute(&store_), IsOk());
  ASSERT_THAT(Write(&store_, kOld, SaveMode::kAppend, "old"), IsOk());
  const Files later = {{"k=5/part-later.csv", "5"}};
  ASSERT_THAT(Write(&store_, later, SaveMode::kAppend, "later"), IsOk());
  EXPECT_THAT(transaction->Commit(),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("nothing was replaced")));
  EXPECT_EQ(Plain(), With(kOld, later));
}

// The commit that follows leaves the names of the dead out of HEAD.
TEST_F(ObjectStallTest, SeesThatItWasTakenForDeadThoughOthersHaveCommittedSince) {
  const Files other = {{"k=9/part-0-other.csv", "9"}};
  int num_dead = 0;
  for (int64_t at = 1;; ++at) {
    MemoryObjectStore store;
    ASSERT_THAT(Write(&store, kOld, SaveMode::kOverwrite, "old"), IsOk());
    FaultyObjectStore stalling(&store);
    bool is_dead = false;
    stalling.set_on_call([&](int64_t number, std::string_view) {
      if (number == at) {
        is_dead = std::ranges::any_of(store.objects(), [](const auto& object) {
          return object.first.find("/intent-") != std::string::npos;
        });
        ASSERT_THAT(HealAfterAMinute(&store), IsOk());
        ASSERT_THAT(Write(&store, other, SaveMode::kOverwrite, "other"), IsOk());
      }
    });
    const std::string where = fmt::format("taken for dead before call {}", at);
    auto begun = Begin(&stalling, {.mode = SaveMode::kOverwrite, .file_uuid = "new"});
    if (stalling.num_calls() < at) {
      break;
    }
    arrow::Status status = begun.status();
    if (status.ok()) {
      ASSERT_THAT(Stage(begun->get(), kNew), IsOk()) << where;
      status = (*begun)->Commit();
    }
    if (is_dead) {
      EXPECT_THAT(status, FailsWith(ErrorCode::kCommitConflict,
                                    Not(HasSubstr("--unsafe-commit"))))
          << where;
      ++num_dead;
    }
    begun = arrow::Status::Cancelled("gone");
    PARTITA_TEST_ASSIGN(const Files seen, View(&store));
    EXPECT_EQ(seen, status.ok() ? kNew : other) << where;
    EXPECT_THAT(store.open_uploads(), IsEmpty()) << where;
  }
  EXPECT_GT(num_dead, 3);
}

}  // namespace
}  // namespace partita
