#include <algorithm>
#include <chrono>
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
using ::testing::AnyOf;
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

  // What became of an overwrite that stood still before one of its first calls.
  struct StalledJob {
    MemoryObjectStore* store = nullptr;
    bool had_intent = false;  // and so was taken for dead
    bool has_begun = false;
    arrow::Status status;  // of its begin or its commit
    std::string where;
  };

  using Others = std::function<arrow::Status(MemoryObjectStore* store)>;

  static arrow::Status HealAndCommit(MemoryObjectStore* store) {
    ARROW_RETURN_NOT_OK(HealAfterAMinute(store));
    return Write(store, kOther, SaveMode::kOverwrite, "other");
  }

  // One job for each call of its begin; `others` go on before that call. It is gone when `check` looks.
  static void WhereverAJobStandsAsItBegins(
      std::chrono::seconds wait, const Others& others,
      const std::function<void(const StalledJob& job)>& check) {
    for (int64_t at = 1;; ++at) {
      const auto store = WithOldData();
      StalledJob job{.store = store.get(), .where = fmt::format("before call {}", at)};
      FaultyObjectStore stalling(store.get());
      stalling.set_on_call([&](int64_t number, std::string_view) {
        if (number == at) {
          job.had_intent = std::ranges::any_of(store->objects(), [](const auto& object) {
            return object.first.find("/intent-") != std::string::npos;
          });
          ASSERT_THAT(others(store.get()), IsOk());
        }
      });
      auto begun = Begin(
          &stalling, {.mode = SaveMode::kOverwrite, .wait = wait, .file_uuid = "new"});
      if (stalling.num_calls() < at) {
        return;
      }
      job.has_begun = begun.ok();
      job.status = begun.status();
      if (job.has_begun) {
        ASSERT_THAT(Stage(begun->get(), kNew), IsOk()) << job.where;
        job.status = (*begun)->Commit();
      }
      begun = arrow::Status::Cancelled("gone");
      EXPECT_THAT(store->open_uploads(), IsEmpty()) << job.where;
      check(job);
    }
  }

  static inline const Files kOther = {{"k=9/part-0-other.csv", "9"}};
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

TEST_F(ObjectStallTest, SeesThatItWasTakenForDeadWhileItBegan) {
  int num_seen_at_begin = 0;
  const auto others = [](MemoryObjectStore* store) { return HealAfterAMinute(store); };
  WhereverAJobStandsAsItBegins({}, others, [&](const StalledJob& job) {
    EXPECT_EQ(job.status.ok(), !job.had_intent) << job.where << ": " << job.status;
    if (!job.has_begun) {
      EXPECT_THAT(job.status, FailsWith(ErrorCode::kCommitConflict,
                                        AnyOf(HasSubstr("changed"),
                                              HasSubstr("taken this job for dead"))))
          << job.where;
      ++num_seen_at_begin;
    }
    PARTITA_TEST_ASSIGN(const Files seen, View(job.store));
    EXPECT_EQ(seen, job.had_intent ? kOld : kNew) << job.where;
  });
  EXPECT_GT(num_seen_at_begin, 1);
}

// The commit that follows leaves the names of the dead out of HEAD. A job that may wait does not begin again under a name that
// others may still be clearing away.
TEST_F(ObjectStallTest, SeesThatItWasTakenForDeadThoughOthersHaveCommittedSince) {
  for (const auto wait : {std::chrono::seconds(0), std::chrono::seconds(3'600)}) {
    int num_dead = 0;
    WhereverAJobStandsAsItBegins(wait, HealAndCommit, [&](const StalledJob& job) {
      if (job.had_intent) {
        EXPECT_THAT(job.status, FailsWith(ErrorCode::kCommitConflict,
                                          Not(HasSubstr("--unsafe-commit"))))
            << job.where;
        ++num_dead;
      }
      PARTITA_TEST_ASSIGN(const Files seen, View(job.store));
      EXPECT_EQ(seen, job.status.ok() ? kNew : kOther) << job.where;
    });
    EXPECT_GT(num_dead, 3);
  }
}

// Among the calls that follow are those that try whether the store heeds conditions.
TEST_F(ObjectStallTest, WhatItLeavesWhenItDiesAfterwardsCanBeHealed) {
  for (int64_t at = 1;; ++at) {
    for (int64_t more = 1; more <= 6; ++more) {
      const auto store = WithOldData();
      FaultyObjectStore stalling(store.get());
      bool has_stood = false;
      bool has_died = false;  // from when on calls are counted anew
      stalling.set_on_call([&](int64_t number, std::string_view) {
        if (has_died) {
          return;
        }
        if (number == at) {
          has_stood = true;
          ASSERT_THAT(HealAndCommit(store.get()), IsOk());
        } else if (number == at + more) {
          has_died = true;
          stalling.SetFault(Fault::kDie, 1);
        }
      });
      auto begun = Begin(&stalling, {.mode = SaveMode::kOverwrite});
      if (!has_stood) {
        return;
      }
      begun = arrow::Status::Cancelled("gone");
      const std::string where = fmt::format("stood before call {}, died {} on", at, more);
      EXPECT_THAT(HealAfterAMinute(store.get()), IsOk()) << where;
      PARTITA_TEST_ASSIGN(const Files seen, View(store.get()));
      EXPECT_EQ(seen, kOther) << where;
    }
  }
}

}  // namespace
}  // namespace partita
