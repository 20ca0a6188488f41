#include "partita/commit/object_transaction.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "partita/base/error.h"
#include "partita/commit/object_recovery.h"
#include "partita/commit/object_steps.h"
#include "partita/store/faulty_object_store.h"
#include "partita/store/memory_object_store.h"

#include "support/object_commit.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using std::chrono::seconds;
using ::testing::_;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using ObjectTransactionTest = ObjectCommitTest;

TEST_F(ObjectTransactionTest, ShowsNothingBeforeTheCommitAndLeavesNothingElseAfterIt) {
  PARTITA_TEST_ASSIGN(const auto transaction, Begin(&store_, {}));
  ASSERT_THAT(Stage(transaction.get(), kOld), IsOk());
  EXPECT_THAT(Plain(), IsEmpty());
  ASSERT_THAT(transaction->Commit(), IsOk());
  transaction->CleanUp();
  EXPECT_THAT(transaction->warnings(), IsEmpty());
  EXPECT_EQ(Plain(), kOld);
  EXPECT_THAT(StateKinds(), ElementsAre("HEAD", "manifest"));
  EXPECT_THAT(store_.objects(),
              Contains(::testing::Key("s3://bucket/data/cars/_SUCCESS")));
  EXPECT_THAT(store_.open_uploads(), IsEmpty());
}

TEST_F(ObjectTransactionTest, ReplacesWhatTheModeSays) {
  ASSERT_THAT(Write(&store_, kOld, SaveMode::kErrorIfExists, "old"), IsOk());
  EXPECT_THAT(Begin(&store_, {.mode = SaveMode::kErrorIfExists}),
              FailsWith(ErrorCode::kAlreadyExists, HasSubstr("the target exists")));
  PARTITA_TEST_ASSIGN(const auto ignored, Begin(&store_, {.mode = SaveMode::kIgnore}));
  EXPECT_TRUE(ignored->is_skipped());
  EXPECT_EQ(Plain(), kOld);
  ASSERT_THAT(Write(&store_, {{"k=1/part-1.csv", "more"}}, SaveMode::kAppend, "part-1"),
              IsOk());
  EXPECT_EQ(Plain(), With(kOld, {{"k=1/part-1.csv", "more"}}));
  ASSERT_THAT(Write(&store_, kNew, SaveMode::kOverwritePartitions, "new"), IsOk());
  EXPECT_EQ(Plain(),
            With(kNew, {{"k=1/part-0-old.csv", "one"}, {"k=1/part-1.csv", "more"}}));
  EXPECT_THAT(Write(&store_, kNew, SaveMode::kOverwrite, "new"),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("already has a file")));
  ASSERT_THAT(Write(&store_, {{"k=7/part-2.csv", "7"}}, SaveMode::kOverwrite, "part-2"),
              IsOk());
  EXPECT_EQ(Plain(), (Files{{"k=7/part-2.csv", "7"}}));
  EXPECT_THAT(StateKinds(), ElementsAre("HEAD", "manifest"));
}

TEST_F(ObjectTransactionTest, UploadsLargeFilesInParts) {
  std::string text;
  for (int i = 0; text.size() < (20U << 20); ++i) {
    text += std::to_string(i) + "\n";
  }
  ASSERT_THAT(Write(&store_, {{"k=1/part-0.csv", text}}, SaveMode::kOverwrite, "part-0"),
              IsOk());
  EXPECT_EQ(Plain(), (Files{{"k=1/part-0.csv", text}}));
}

TEST_F(ObjectTransactionTest, RefusesToReplaceWhatNobodyLikeUsHasWritten) {
  PARTITA_TEST_ASSIGN(const auto file,
                      store_.Create("s3://bucket/data/cars/notes.txt", {}));
  ASSERT_THAT(file->Write("mine"), IsOk());
  ASSERT_THAT(file->Close(), IsOk());
  EXPECT_THAT(Begin(&store_, {.mode = SaveMode::kOverwrite}),
              FailsWith(ErrorCode::kAlreadyExists, HasSubstr("notes.txt")));
  PARTITA_TEST_ASSIGN(const auto forced,
                      Begin(&store_, {.mode = SaveMode::kOverwrite, .force = true}));
  ASSERT_THAT(Stage(forced.get(), kNew), IsOk());
  ASSERT_THAT(forced->Commit(), IsOk());
  forced->CleanUp();
  EXPECT_EQ(Plain(), kNew);
}

// As older servers do.
class Heedless : public MemoryObjectStore {
 public:
  arrow::Result<std::string> Put(const std::string& path, std::string_view bytes,
                                 const PutCondition& /*condition*/) override {
    return MemoryObjectStore::Put(path, bytes, {});
  }
};

TEST_F(ObjectTransactionTest, RefusesAStoreThatIgnoresConditions) {
  Heedless store;
  EXPECT_THAT(Begin(&store, {}),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("If-None-Match")));
  EXPECT_THAT(store.objects(), IsEmpty());
}

// Stores got the two conditions at different times.
class HeedlessOfIfMatch : public MemoryObjectStore {
 public:
  arrow::Result<std::string> Put(const std::string& path, std::string_view bytes,
                                 const PutCondition& condition) override {
    const bool is_if_match = condition.kind == PutCondition::Kind::kIfSame;
    return MemoryObjectStore::Put(path, bytes, is_if_match ? PutCondition{} : condition);
  }
};

TEST_F(ObjectTransactionTest, RefusesAStoreThatIgnoresOneCondition) {
  HeedlessOfIfMatch store;
  EXPECT_THAT(Begin(&store, {}),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("(If-Match)")));
  EXPECT_THAT(store.objects(), IsEmpty());
}

TEST_F(ObjectTransactionTest, RefusesATargetThatIsAnObject) {
  ASSERT_THAT(store_.Put(kTarget, "rows", {}), IsOk());
  for (const SaveMode mode : {SaveMode::kErrorIfExists, SaveMode::kOverwrite}) {
    EXPECT_THAT(Begin(&store_, {.mode = mode}),
                FailsWith(ErrorCode::kAlreadyExists, HasSubstr("is a file")));
  }
  EXPECT_THAT(store_.objects(), ElementsAre(::testing::Pair(kTarget, "rows")));
}

TEST_F(ObjectTransactionTest, NamesFewOfManyForeignObjects) {
  for (int i = 0; i < 100; ++i) {
    ASSERT_THAT(store_.Put(fmt::format("{}/notes-{}.txt", kTarget, i), "mine", {}),
                IsOk());
  }
  const auto begun = Begin(&store_, {.mode = SaveMode::kOverwrite});
  ASSERT_THAT(begun, FailsWith(ErrorCode::kAlreadyExists, HasSubstr("notes-0.txt")));
  EXPECT_LT(begun.status().message().size(), 400);
}

TEST_F(ObjectTransactionTest, ATargetThatIsTheInputIsNamedSo) {
  const std::string input = std::string(kTarget) + "/cars.csv";
  ASSERT_THAT(store_.Put(input, "rows", {}), IsOk());
  const DatasetTransaction::Options options{.mode = SaveMode::kOverwrite,
                                            .input_paths = {"s3a://bucket/data/cars/"}};
  const auto is_named =
      FailsWith(ErrorCode::kAlreadyExists,
                AllOf(HasSubstr("the job's own input"), HasSubstr("cars.csv"),
                      HasSubstr("--force"), Not(HasSubstr("nor Spark wrote"))));
  EXPECT_THAT(Begin(&store_, options), is_named);
  EXPECT_THAT(DatasetTransaction::Preview(&store_, kTarget, options), is_named);
  EXPECT_THAT(store_.objects(), ElementsAre(::testing::Pair(input, "rows")));
}

TEST_F(ObjectTransactionTest, ABucketThatIsMissingCannotBeWritten) {
  class NoBucket : public MemoryObjectStore {
   public:
    arrow::Result<EntryInfo> Stat(const std::string& path) override {
      return Error(ErrorCode::kNotFound, "there is no such bucket: {}", path);
    }
  };

  NoBucket store;
  EXPECT_THAT(DatasetTransaction::Begin(&store, kTarget, {}),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("no such bucket")));
  EXPECT_THAT(DatasetTransaction::Preview(&store, kTarget, {}),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("no such bucket")));
}

// Every object that a listing shows has taken it 20 s.
class SlowToList : public FaultyObjectStore {
 public:
  explicit SlowToList(MemoryObjectStore* memory)
      : FaultyObjectStore(memory), memory_(memory) {}

  arrow::Status VisitObjects(
      const std::string& prefix,
      const std::function<void(const ObjectInfo&)>& visit) override {
    const bool is_target = prefix == std::string(kTarget) + "/";
    return FaultyObjectStore::VisitObjects(prefix, [&](const ObjectInfo& object) {
      memory_->Advance(seconds(is_target ? 20 : 0));
      visit(object);
    });
  }

 private:
  MemoryObjectStore* memory_;
};

TEST_F(ObjectTransactionTest, KeepsItsLeaseWhileItListsALargeTarget) {
  Files many;
  for (int i = 0; i < 10; ++i) {
    many[fmt::format("k={}/part-0-old.csv", i)] = "one";
  }
  ASSERT_THAT(Write(&store_, many, SaveMode::kOverwrite, "old"), IsOk());
  SlowToList slow(&store_);
  PARTITA_TEST_ASSIGN(const auto transaction,
                      Begin(&slow, {.mode = SaveMode::kOverwrite,
                                    .file_uuid = "new",
                                    .lease_interval = std::chrono::milliseconds(0)}));
  EXPECT_THAT(Begin(&store_, {.mode = SaveMode::kOverwrite}),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("another job")));
}

TEST_F(ObjectTransactionTest, OneOfTwoThatBeginTogetherWaitsForTheOther) {
  ASSERT_THAT(Write(&store_, kOld, SaveMode::kOverwrite, "old"), IsOk());
  FaultyObjectStore watched(&store_);
  std::unique_ptr<DatasetTransaction> rival;
  bool has_met = false;
  int num_looks = 0;
  watched.set_on_call([&](int64_t, std::string_view call) {
    if (!has_met && call == "put") {
      has_met = true;
      PARTITA_TEST_ASSIGN(
          rival, Begin(&store_, {.mode = SaveMode::kOverwrite, .file_uuid = "first"}));
      ASSERT_THAT(Stage(rival.get(), {{"k=9/part-first.csv", "9"}}), IsOk());
    } else if (rival != nullptr && std::ranges::count(StateKinds(), "intent") == 1 &&
               ++num_looks == 2) {
      ASSERT_THAT(rival->Commit(), IsOk());
      rival.reset();
    }
  });
  PARTITA_TEST_ASSIGN(const auto transaction,
                      Begin(&watched, {.mode = SaveMode::kOverwrite,
                                       .wait = std::chrono::minutes(1),
                                       .file_uuid = "new"}));
  EXPECT_TRUE(has_met);
  EXPECT_EQ(rival, nullptr);
  ASSERT_THAT(Stage(transaction.get(), kNew), IsOk());
  ASSERT_THAT(transaction->Commit(), IsOk());
  transaction->CleanUp();
  EXPECT_EQ(Plain(), kNew);
}

TEST_F(ObjectTransactionTest, OfTwoThatBeginTogetherAndMayNotWaitNotBothGiveUp) {
  FaultyObjectStore watched(&store_);
  std::unique_ptr<DatasetTransaction> rival;
  watched.set_on_call([&](int64_t, std::string_view call) {
    if (rival == nullptr && call == "put") {
      PARTITA_TEST_ASSIGN(rival, Begin(&store_, {.job_id = "b"}));
    }
  });
  EXPECT_THAT(Begin(&watched, {.job_id = "c"}),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("job b")));
  rival.reset();
  EXPECT_THAT(Begin(&watched, {.job_id = "a"}), IsOk());
  EXPECT_NE(rival, nullptr);
}

TEST_F(ObjectTransactionTest, RefusesASecondJobWhileTheFirstLives) {
  PARTITA_TEST_ASSIGN(const auto first, Begin(&store_, {}));
  EXPECT_THAT(Begin(&store_, {}),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("another job")));
  store_.Advance(seconds(59));
  EXPECT_THAT(Begin(&store_, {}),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("another job")));
  ASSERT_THAT(first->KeepAlive(), IsOk());
  store_.Advance(seconds(30));
  EXPECT_THAT(Begin(&store_, {}),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("another job")));
}

TEST_F(ObjectTransactionTest, IsTakenForAliveAsLongAsItsLeaseIsRenewed) {
  PARTITA_TEST_ASSIGN(const auto transaction, Begin(&store_, {.file_uuid = "new"}));
  EXPECT_TRUE(transaction->has_lease());
  for (int i = 0; i < 3; ++i) {
    store_.Advance(seconds(59));
    EXPECT_THAT(Begin(&store_, {}),
                FailsWith(ErrorCode::kCommitConflict, HasSubstr("another job")));
    ASSERT_THAT(transaction->KeepAlive(), IsOk());
  }
  ASSERT_THAT(Stage(transaction.get(), kNew), IsOk());
  ASSERT_THAT(transaction->Commit(), IsOk());
  ASSERT_THAT(transaction->KeepAlive(), IsOk());
  transaction->CleanUp();
  EXPECT_EQ(Plain(), kNew);
  ASSERT_THAT(transaction->KeepAlive(), IsOk());
  EXPECT_THAT(StateKinds(), ElementsAre("HEAD", "manifest"));
}

TEST_F(ObjectTransactionTest, RenewsNothingOnceItIsGivenUp) {
  PARTITA_TEST_ASSIGN(const auto transaction, Begin(&store_, {}));
  EXPECT_THAT(StateKinds(), ElementsAre("intent"));
  ASSERT_THAT(transaction->Abort(), IsOk());
  ASSERT_THAT(transaction->KeepAlive(), IsOk());
  EXPECT_THAT(StateKinds(), IsEmpty());
}

TEST_F(ObjectTransactionTest, RemovesEveryShardOfWhatItStagedAndOfNothingElse) {
  PARTITA_TEST_ASSIGN(const auto transaction, Begin(&store_, {.job_id = "j"}));
  ASSERT_THAT(Stage(transaction.get(), kNew), IsOk());
  const std::string folder = "s3://bucket/data/.cars.partita/";
  for (const char* name : {"record-1-j.1", "manifest-1-j.1", "record-1-jj", "other"}) {
    ASSERT_THAT(store_.Put(folder + name, "", {}), IsOk());
  }
  ASSERT_THAT(transaction->Abort(), IsOk());
  EXPECT_THAT(StateKinds(), ElementsAre("other", "record"));
}

TEST_F(ObjectTransactionTest, RefusesInputsInAndAroundTheTarget) {
  for (const char* input : {"s3a://bucket/data/cars/k=1", "s3://bucket/data"}) {
    EXPECT_THAT(Begin(&store_, {.input_paths = {input}}),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("input")))
        << input;
  }
  EXPECT_THAT(Begin(&store_, {.input_paths = {kTarget, "s3://bucket/data/cars2"}}),
              IsOk());
}

TEST_F(ObjectTransactionTest, MarkersOfFoldersAreNoFilesOfOthers) {
  for (const char* marker : {"s3://bucket/data/cars/", "s3://bucket/data/cars/k=2/"}) {
    ASSERT_THAT(store_.Put(marker, "", {}), IsOk());
  }
  ASSERT_THAT(Write(&store_, kOld, SaveMode::kErrorIfExists, "old"), IsOk());
  ASSERT_THAT(store_.Put("s3://bucket/data/cars/k=1_$folder$", "", {}), IsOk());
  PARTITA_TEST_ASSIGN(const Files seen, View(&store_));
  EXPECT_EQ(seen, kOld);
  ASSERT_THAT(Write(&store_, kNew, SaveMode::kOverwrite, "new"), IsOk());
  EXPECT_EQ(Plain(), With(kNew, {{"", ""}, {"k=2/", ""}}));
}

TEST_F(ObjectTransactionTest, LetsOneOfTwoWritersWinThatBeganTogether) {
  ASSERT_THAT(Write(&store_, kOld, SaveMode::kOverwrite, "old"), IsOk());
  PARTITA_TEST_ASSIGN(const auto first, Begin(&store_, {.mode = SaveMode::kOverwrite,
                                                        .file_uuid = "first"}));
  store_.Advance(seconds(60));  // the second takes the first for dead
  PARTITA_TEST_ASSIGN(const auto second,
                      Begin(&store_, {.mode = SaveMode::kOverwrite, .file_uuid = "new"}));
  EXPECT_THAT(Stage(first.get(), {{"k=9/part-first.csv", "1"}}), IsOk());
  ASSERT_THAT(Stage(second.get(), kNew), IsOk());
  EXPECT_THAT(first->Commit(),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("changed")));
  ASSERT_THAT(second->Commit(), IsOk());
  second->CleanUp();
  EXPECT_THAT(first->Abort(), IsOk());
  EXPECT_EQ(Plain(), kNew);
  EXPECT_THAT(store_.open_uploads(), IsEmpty());
  EXPECT_THAT(StateKinds(), ElementsAre("HEAD", "manifest"));
}

TEST_F(ObjectTransactionTest, SeesThatOthersChangedWhatItReplaces) {
  ASSERT_THAT(Write(&store_, kOld, SaveMode::kOverwrite, "old"), IsOk());
  PARTITA_TEST_ASSIGN(const auto transaction,
                      Begin(&store_, {.mode = SaveMode::kOverwrite}));
  ASSERT_THAT(Stage(transaction.get(), kNew), IsOk());
  PARTITA_TEST_ASSIGN(const auto file,
                      store_.Create("s3://bucket/data/cars/k=1/part-foreign.csv", {}));
  ASSERT_THAT(file->Close(), IsOk());
  EXPECT_THAT(transaction->Commit(),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("changed by others")));
  ASSERT_THAT(transaction->Abort(), IsOk());
  EXPECT_EQ(Plain(), With(kOld, {{"k=1/part-foreign.csv", ""}}));
  EXPECT_THAT(store_.open_uploads(), IsEmpty());
}

TEST_F(ObjectTransactionTest, TakesACommitBackWhoseUploadHasVanished) {
  ASSERT_THAT(Write(&store_, kOld, SaveMode::kOverwrite, "old"), IsOk());
  PARTITA_TEST_ASSIGN(const auto transaction,
                      Begin(&store_, {.mode = SaveMode::kOverwrite}));
  ASSERT_THAT(Stage(transaction.get(), kNew), IsOk());
  std::vector<OpenUpload> uploads;
  ASSERT_THAT(store_.VisitUploads("s3://bucket/data/cars/k=3/",
                                  [&](const OpenUpload& one) { uploads.push_back(one); }),
              IsOk());
  ASSERT_EQ(uploads.size(), 1);
  ASSERT_THAT(store_.AbortUpload(uploads[0]), IsOk());
  EXPECT_THAT(transaction->Commit(),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("vanished")));
  ASSERT_THAT(transaction->Abort(), IsOk());
  EXPECT_EQ(Plain(), kOld);
  EXPECT_THAT(store_.open_uploads(), IsEmpty());
  EXPECT_THAT(StateKinds(), ElementsAre("HEAD", "manifest"));
  ASSERT_THAT(Write(&store_, kNew, SaveMode::kOverwrite, "new"), IsOk());
  PARTITA_TEST_ASSIGN(const Files seen, View(&store_));
  EXPECT_EQ(seen, kNew);
}

// Out of room, or without a right.
class CompletesNothing : public FaultyObjectStore {
 public:
  using FaultyObjectStore::FaultyObjectStore;

  arrow::Status CompleteUpload(const OpenUpload& upload,
                               std::span<const UploadedPart> parts) override {
    bool is_refused = false;
    ARROW_RETURN_NOT_OK(VisitUploads(upload.path, [&](const OpenUpload& open) {
      is_refused = upload.path.find("k=3") != std::string::npos && open.id == upload.id;
    }));
    return is_refused
               ? Error(ErrorCode::kStoreUnavailable, "no room left: {}", upload.path)
               : FaultyObjectStore::CompleteUpload(upload, parts);
  }
};

TEST_F(ObjectTransactionTest, TakesACommitBackThatTheStoreDoesNotComplete) {
  ASSERT_THAT(Write(&store_, kOld, SaveMode::kOverwrite, "old"), IsOk());
  CompletesNothing full(&store_);
  EXPECT_THAT(Write(&full, kNew, SaveMode::kOverwrite, "new"),
              FailsWith(ErrorCode::kStoreUnavailable,
                        ::testing::AllOf(HasSubstr("no room left"),
                                         HasSubstr("nothing was replaced"))));
  EXPECT_EQ(Plain(), kOld);
  EXPECT_THAT(store_.open_uploads(), IsEmpty());
  EXPECT_THAT(StateKinds(), ElementsAre("HEAD", "manifest"));
  EXPECT_THAT(Write(&store_, kNew, SaveMode::kOverwrite, "new"), IsOk());
}

// What a job that died had decided is not thrown away unasked.
TEST_F(ObjectTransactionTest, ADeadJobsCommitIsTakenBackOnceAnUploadOfItIsAborted) {
  ASSERT_THAT(Write(&store_, kOld, SaveMode::kOverwrite, "old"), IsOk());
  {
    FaultyObjectStore dying(&store_);
    PARTITA_TEST_ASSIGN(
        const auto transaction,
        Begin(&dying, {.mode = SaveMode::kOverwrite, .file_uuid = "new"}));
    ASSERT_THAT(Stage(transaction.get(), kNew), IsOk());
    dying.set_on_call([&](int64_t, std::string_view call) {
      if (call == "complete upload") {
        dying.SetFault(Fault::kDie, 1);
      }
    });
    EXPECT_THAT(transaction->Commit(), FailsWith(ErrorCode::kCommitStateUnknown, _));
  }
  store_.Advance(seconds(61));
  CompletesNothing full(&store_);
  EXPECT_THAT(HealObjects(ObjectState(&full, kTarget), {}, false),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("abort that upload")));
  ASSERT_THAT(store_.VisitUploads("s3://bucket/data/cars/k=3/",
                                  [&](const OpenUpload& upload) {
                                    ASSERT_THAT(store_.AbortUpload(upload), IsOk());
                                  }),
              IsOk());
  PARTITA_TEST_ASSIGN(const auto healed,
                      HealObjects(ObjectState(&full, kTarget), {}, false));
  EXPECT_EQ(healed.outcome, RecoveryReport::Outcome::kUndone);
  EXPECT_EQ(Plain(), kOld);
}

TEST_F(ObjectTransactionTest, AFirstCommitThatIsTakenBackLeavesNoTarget) {
  PARTITA_TEST_ASSIGN(const auto transaction, Begin(&store_, {.file_uuid = "new"}));
  ASSERT_THAT(Stage(transaction.get(), kNew), IsOk());
  ASSERT_THAT(store_.VisitUploads("s3://bucket/data/cars/k=3/",
                                  [&](const OpenUpload& upload) {
                                    ASSERT_THAT(store_.AbortUpload(upload), IsOk());
                                  }),
              IsOk());
  EXPECT_THAT(transaction->Commit(),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("vanished")));
  ASSERT_THAT(transaction->Abort(), IsOk());
  EXPECT_THAT(StateKinds(), ElementsAre("HEAD"));
  EXPECT_EQ(store_.objects().size(), 1);
  EXPECT_THAT(Begin(&store_, {.mode = SaveMode::kErrorIfExists}), IsOk());
}

TEST_F(ObjectTransactionTest, AnIntentThatNamesNoFilesTouchesNobodysUploads) {
  PARTITA_TEST_ASSIGN(const auto live, Begin(&store_, {.file_uuid = "new"}));
  ASSERT_THAT(Stage(live.get(), kNew), IsOk());
  const ObjectState state(&store_, kTarget);
  ASSERT_THAT(RemoveDeadJobs(state, {}, {{.job = "gone", .process = "h/1"}}), IsOk());
  EXPECT_EQ(store_.open_uploads().size(), kNew.size());
}

TEST_F(ObjectTransactionTest, DoesEverythingItselfWhereThereAreNoThreads) {
  const auto no_threads = [](int, const std::function<arrow::Status()>&) {
    return Error(ErrorCode::kStoreUnavailable, "cannot start a thread");
  };
  PARTITA_TEST_ASSIGN(const auto transaction,
                      Begin(&store_, {.side_by_side = no_threads, .file_uuid = "new"}));
  ASSERT_THAT(Stage(transaction.get(), kNew), IsOk());
  ASSERT_THAT(transaction->Commit(), IsOk());
  transaction->CleanUp();
  EXPECT_THAT(transaction->warnings(), IsEmpty());
  EXPECT_EQ(Plain(), kNew);
}

TEST_F(ObjectTransactionTest, RemovesThousandsOfOldObjects) {
  Files many;
  for (int i = 0; i < 2'500; ++i) {
    many[fmt::format("k=1/part-{}-old.csv", i)] = "";
  }
  ASSERT_THAT(Write(&store_, many, SaveMode::kOverwrite, "old"), IsOk());
  ASSERT_THAT(Write(&store_, kNew, SaveMode::kOverwrite, "new"), IsOk());
  EXPECT_EQ(Plain(), kNew);
}

}  // namespace
}  // namespace partita
