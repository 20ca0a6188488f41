#include "partita/commit/object_transaction.h"

#include <map>
#include <string>
#include <vector>

#include "partita/commit/object_recovery.h"
#include "partita/commit/object_view.h"
#include "partita/store/faulty_object_store.h"
#include "partita/store/memory_object_store.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kTarget[] = "s3://bucket/data/cars";
using Files = std::map<std::string, std::string>;

Files With(Files files, const Files& more) {
  files.insert(more.begin(), more.end());
  return files;
}

class ObjectTransactionTest : public ::testing::Test {
 protected:
  using Options = DatasetTransaction::Options;

  static arrow::Result<std::unique_ptr<DatasetTransaction>> Begin(
      ObjectStore* store, const Options& options) {
    return ObjectTransaction::Begin(store, kTarget, options);
  }

  // Uploads the files and stages them.
  static arrow::Status Stage(DatasetTransaction* transaction, const Files& files) {
    DataFileList list;
    for (const auto& [path, text] : files) {
      ARROW_ASSIGN_OR_RAISE(const auto stream, transaction->OpenDataFile(path));
      ARROW_RETURN_NOT_OK(stream->Write(text.data(), std::ssize(text)));
      ARROW_RETURN_NOT_OK(stream->Close());
      list.Add({.path = path,
                .num_rows = 1,
                .bytes = stream->bytes_written(),
                .checksum = stream->checksum()});
    }
    return transaction->Stage(list);
  }

  // `uuid` is in the names of the files.
  static arrow::Status Write(ObjectStore* store, const Files& files, SaveMode mode,
                             const std::string& uuid) {
    ARROW_ASSIGN_OR_RAISE(const auto transaction,
                          Begin(store, {.mode = mode, .file_uuid = uuid}));
    ARROW_RETURN_NOT_OK(Stage(transaction.get(), files));
    ARROW_RETURN_NOT_OK(transaction->Commit());
    transaction->CleanUp();
    return arrow::Status::OK();
  }

  // What readers of ours see: paths below the target, with their bytes.
  static arrow::Result<Files> View(MemoryObjectStore* store) {
    ARROW_ASSIGN_OR_RAISE(
        const auto view,
        ViewObjects(ObjectState(store, kTarget), [](std::string_view) { return true; }));
    Files files;
    const auto objects = store->objects();
    for (const ViewFile& file : view.files) {
      if (file.path != "_SUCCESS") {
        files[file.path] = objects.at(file.location);
      }
    }
    return files;
  }

  // What anybody sees.
  Files Plain() const {
    Files files;
    const std::string prefix = std::string(kTarget) + "/";
    for (const auto& [path, text] : store_.objects()) {
      if (path.starts_with(prefix) && !path.ends_with("_SUCCESS")) {
        files[path.substr(prefix.size())] = text;
      }
    }
    return files;
  }

  // Names in the state folder, ids left out.
  std::vector<std::string> StateKinds() const {
    std::vector<std::string> kinds;
    const std::string prefix = "s3://bucket/data/.cars.partita/";
    for (const auto& [path, text] : store_.objects()) {
      if (path.starts_with(prefix)) {
        const std::string name = path.substr(prefix.size());
        kinds.push_back(name.substr(0, name.find('-')));
      }
    }
    return kinds;
  }

  MemoryObjectStore store_;
};

const Files kOld = {{"k=1/part-0-old.csv", "one"}, {"k=2/part-0-old.csv", "two"}};
const Files kNew = {{"k=2/part-0-new.csv", "TWO"}, {"k=3/part-0-new.csv", ""}};

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

// Every call of a job breaks in turn, in each way; then again every call of the recovery.
class ObjectFaultTest : public ObjectTransactionTest,
                        public ::testing::WithParamInterface<SaveMode> {
 protected:
  Files Expected() const {
    switch (GetParam()) {
      case SaveMode::kAppend:
        return With(kOld, kNew);
      case SaveMode::kOverwritePartitions:
        return With(kNew, {{"k=1/part-0-old.csv", "one"}});
      default:
        return kNew;
    }
  }

  // A fresh store that holds the old data.
  void Reset() {
    broken_ = std::make_unique<MemoryObjectStore>();
    ASSERT_THAT(Write(broken_.get(), kOld, SaveMode::kOverwrite, "old"), IsOk());
  }

  // The data set is whole, old or new, for our readers; plain ones miss nothing old before all new is there.
  void ExpectWhole(const std::string& where) {
    PARTITA_TEST_ASSIGN(const Files seen, View(broken_.get()));
    EXPECT_TRUE(seen == kOld || seen == Expected()) << where;
    const auto objects = broken_->objects();
    const auto has = [&](const Files& files) {
      return std::ranges::all_of(files, [&](const auto& file) {
        return objects.contains(std::string(kTarget) + "/" + file.first);
      });
    };
    EXPECT_TRUE(has(kOld) || has(kNew)) << where;
  }

  void ExpectClean(const std::string& where) {
    EXPECT_THAT(broken_->open_uploads(), IsEmpty()) << where;
    for (const auto& [path, text] : broken_->objects()) {
      const std::string prefix = "s3://bucket/data/.cars.partita/";
      if (path.starts_with(prefix)) {
        const std::string name = path.substr(prefix.size());
        EXPECT_TRUE(name == "HEAD" || name.starts_with("manifest-"))
            << where << ": " << name;
      }
    }
  }

  std::unique_ptr<MemoryObjectStore> broken_;
};

TEST_P(ObjectFaultTest, LeavesOldOrNewWhereverACallBreaks) {
  int64_t num_points = 0;
  for (const Fault fault : {Fault::kFail, Fault::kLoseAnswer, Fault::kDie}) {
    for (int64_t at = 1;; ++at) {
      Reset();
      FaultyObjectStore faulty(broken_.get());
      faulty.SetFault(fault, at);
      const arrow::Status written = Write(&faulty, kNew, GetParam(), "new");
      const bool is_over = faulty.num_calls() < at;
      const std::string where = fmt::format(
          "fault {} at call {}: {}", static_cast<int>(fault), at, written.ToString());
      ExpectWhole(where);
      PARTITA_TEST_ASSIGN(const Files before, View(broken_.get()));
      if (written.ok()) {
        EXPECT_EQ(before, Expected()) << where;
      } else if (CodeOf(written) != ErrorCode::kCommitStateUnknown) {
        EXPECT_EQ(before, kOld) << where;
      }
      broken_->Advance(seconds(61));
      PARTITA_TEST_ASSIGN(const auto healed,
                          HealObjects(ObjectState(broken_.get(), kTarget), {}, false));
      ExpectWhole(where);
      ExpectClean(where);
      if (is_over) {
        EXPECT_THAT(written, IsOk());
        break;
      }
      ++num_points;
    }
  }
  EXPECT_GT(num_points, 90);
}

TEST_P(ObjectFaultTest, HealsWhereverItsOwnCallsBreak) {
  for (int64_t died_at = 1;; ++died_at) {
    Reset();
    FaultyObjectStore faulty(broken_.get());
    faulty.SetFault(Fault::kDie, died_at);
    const arrow::Status written = Write(&faulty, kNew, GetParam(), "new");
    if (faulty.num_calls() < died_at) {
      break;
    }
    broken_->Advance(seconds(61));
    // The healer dies at its first call, the next one at its second, and so on, until one comes through.
    for (int64_t at = 1;; ++at) {
      FaultyObjectStore healing(broken_.get());
      healing.SetFault(Fault::kDie, at);
      const auto healed = HealObjects(ObjectState(&healing, kTarget), {}, false);
      const std::string where = fmt::format("died at {}, healer at {}", died_at, at);
      ExpectWhole(where);
      if (healing.num_calls() < at) {
        EXPECT_THAT(healed, IsOk()) << where;
        ExpectClean(where);
        break;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, ObjectFaultTest,
                         ::testing::Values(SaveMode::kOverwrite,
                                           SaveMode::kOverwritePartitions,
                                           SaveMode::kAppend));

}  // namespace
}  // namespace partita
