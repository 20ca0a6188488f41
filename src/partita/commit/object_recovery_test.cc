#include "partita/commit/object_recovery.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "partita/commit/recovery.h"
#include "partita/store/faulty_object_store.h"
#include "partita/store/memory_object_store.h"

#include "support/object_commit.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using std::chrono::seconds;
using ::testing::_;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using ObjectRecoveryTest = ObjectCommitTest;

// A dead job's commit, decided and in part carried out; its uploads are as `spoil` leaves them.
TEST_F(ObjectRecoveryTest, ADryRunForetellsWhatRecoveryDoes) {
  using Outcome = RecoveryReport::Outcome;
  const auto keep = [](MemoryObjectStore*, const OpenUpload&) {};
  const auto abort = [](MemoryObjectStore* store, const OpenUpload& upload) {
    ASSERT_THAT(store->AbortUpload(upload), IsOk());
  };
  const auto change_part = [](MemoryObjectStore* store, const OpenUpload& upload) {
    ASSERT_THAT(store->UploadPart(upload, 1, "damaged"), IsOk());
  };
  using Spoil = std::function<void(MemoryObjectStore*, const OpenUpload&)>;
  for (const auto& [spoil, wanted] :
       std::vector<std::pair<Spoil, Outcome>>{{keep, Outcome::kRedone},
                                              {abort, Outcome::kUndone},
                                              {change_part, Outcome::kUndone}}) {
    MemoryObjectStore store;
    ASSERT_THAT(Write(&store, kOld, SaveMode::kOverwrite, "old"), IsOk());
    {
      FaultyObjectStore dying(&store);
      PARTITA_TEST_ASSIGN(const auto job, Begin(&dying, {.mode = SaveMode::kOverwrite,
                                                         .file_uuid = "new"}));
      ASSERT_THAT(Stage(job.get(), kNew), IsOk());
      int num_completed = 0;
      dying.set_on_call([&](int64_t, std::string_view call) {
        num_completed += call == "complete upload" ? 1 : 0;
        if (num_completed == 2) {
          dying.SetFault(Fault::kDie, 1);
        }
      });
      EXPECT_THAT(job->Commit(), FailsWith(ErrorCode::kCommitStateUnknown, _));
    }
    ASSERT_EQ(store.open_uploads().size(), 1);
    std::vector<OpenUpload> uploads;
    ASSERT_THAT(
        store.VisitUploads("s3://bucket/",
                           [&](const OpenUpload& open) { uploads.push_back(open); }),
        IsOk());
    spoil(&store, uploads[0]);
    store.Advance(seconds(61));
    const auto before = store.objects();
    PARTITA_TEST_ASSIGN(const auto told, Recover(&store, kTarget, true));
    EXPECT_EQ(told.outcome, wanted);
    EXPECT_EQ(store.objects(), before);
    PARTITA_TEST_ASSIGN(const auto healed, Recover(&store, kTarget, false));
    EXPECT_EQ(healed.outcome, wanted);
    PARTITA_TEST_ASSIGN(const Files seen, View(&store));
    EXPECT_EQ(seen, wanted == Outcome::kRedone ? kNew : kOld);
  }
}

// The job that is taken for dead may not have read HEAD yet.
TEST_F(ObjectRecoveryTest, ACommitKeepsTheNamesOfTheDeadWhoseIntentsAreThere) {
  ASSERT_THAT(Write(&store_, kOld, SaveMode::kOverwrite, "old"), IsOk());
  const ObjectState state(&store_, kTarget);
  PARTITA_TEST_ASSIGN(const auto job,
                      Begin(&store_, {.mode = SaveMode::kOverwrite, .file_uuid = "new"}));
  ASSERT_THAT(Stage(job.get(), kNew), IsOk());
  ASSERT_THAT(state.PutIntent({.job = "there", .process = "h/1", .file_uuid = "f"}),
              IsOk());
  PARTITA_TEST_ASSIGN(const VersionedHead before, state.ReadHead());
  ObjectHead fenced = *before.head;
  fenced.dead_jobs = {"gone", "there"};
  ASSERT_THAT(state.PutHead(fenced, before), IsOk());
  ASSERT_THAT(job->Commit(), IsOk());
  PARTITA_TEST_ASSIGN(const VersionedHead after, state.ReadHead());
  EXPECT_EQ(after.head->generation, 2);
  EXPECT_THAT(after.head->dead_jobs, ElementsAre("there"));
}

TEST_F(ObjectRecoveryTest, RecoverySaysHowLongALeaseRuns) {
  PARTITA_TEST_ASSIGN(const auto dead, Begin(&store_, {.file_uuid = "new"}));
  store_.Advance(seconds(20));
  for (const bool dry_run : {true, false}) {
    EXPECT_THAT(Recover(&store_, kTarget, dry_run),
                FailsWith(ErrorCode::kCommitConflict,
                          AllOf(HasSubstr("lease runs out, in 40 s"),
                                HasSubstr("recover again"), HasSubstr(kTarget))));
  }
  store_.Advance(seconds(40));
  PARTITA_TEST_ASSIGN(const auto healed, Recover(&store_, kTarget, false));
  EXPECT_EQ(healed.outcome, RecoveryReport::Outcome::kRemoved);
  EXPECT_THAT(healed.warnings, IsEmpty());
}

TEST_F(ObjectRecoveryTest, RecoveryOfOneJobTellsOfAnotherThatMayLive) {
  const ObjectState state(&store_, kTarget);
  ASSERT_THAT(state.PutIntent({.job = "dead", .process = "h/1", .file_uuid = "f"}),
              IsOk());
  store_.Advance(seconds(50));
  ASSERT_THAT(state.PutIntent({.job = "live", .process = "h/2", .file_uuid = "g"}),
              IsOk());
  store_.Advance(seconds(10));
  PARTITA_TEST_ASSIGN(const auto healed, Recover(&store_, kTarget, false));
  EXPECT_EQ(healed.outcome, RecoveryReport::Outcome::kRemoved);
  EXPECT_THAT(healed.warnings, ElementsAre(AllOf(HasSubstr("job live of process h/2"),
                                                 HasSubstr("in 50 s"))));
}

}  // namespace
}  // namespace partita
