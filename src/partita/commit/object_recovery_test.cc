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

}  // namespace
}  // namespace partita
