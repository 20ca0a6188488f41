#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "partita/base/exception_guard.h"
#include "partita/commit/object_recovery.h"
#include "partita/commit/object_state.h"
#include "partita/store/faulty_object_store.h"
#include "partita/store/memory_object_store.h"

#include "support/object_commit.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using std::chrono::seconds;
using ::testing::_;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Every call of a job breaks in turn, in each way; then again every call of the recovery.
class ObjectFaultTest : public ObjectCommitTest,
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

// As where memory ends. Whoever destroys the transaction then must not remove what is decided.
TEST_P(ObjectFaultTest, LeavesOldOrNewWhereverTheCommitThrows) {
  int num_points = 0;
  for (int64_t at = 1;; ++at) {
    Reset();
    FaultyObjectStore throwing(broken_.get());
    bool is_thrown = false;
    {
      PARTITA_TEST_ASSIGN(const auto transaction,
                          Begin(&throwing, {.mode = GetParam(), .file_uuid = "new"}));
      ASSERT_THAT(Stage(transaction.get(), kNew), IsOk());
      const int64_t num_before = throwing.num_calls();
      throwing.set_on_call([&, num_before](int64_t number, std::string_view) {
        if (number == num_before + at) {
          is_thrown = true;
          throw std::bad_alloc();
        }
      });
      [[maybe_unused]] const auto committed =
          WithoutExceptions([&] { return transaction->Commit(); });
      throwing.set_on_call(nullptr);
    }
    const std::string where = fmt::format("throws at call {}", at);
    ExpectWhole(where);
    ASSERT_THAT(HealAfterAMinute(broken_.get()), IsOk()) << where;
    ExpectWhole(where);
    ExpectClean(where);
    if (!is_thrown) {
      break;
    }
    ++num_points;
  }
  EXPECT_GT(num_points, 5);
}

INSTANTIATE_TEST_SUITE_P(Modes, ObjectFaultTest,
                         ::testing::Values(SaveMode::kOverwrite,
                                           SaveMode::kOverwritePartitions,
                                           SaveMode::kAppend));

}  // namespace
}  // namespace partita
