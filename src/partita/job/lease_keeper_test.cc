#include "partita/job/lease_keeper.h"

#include <atomic>
#include <memory>
#include <semaphore>
#include <string>

#include "partita/base/error.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::chrono::milliseconds kAtOnce{1};

// Counts its renewals; nothing else of it is called.
class LeasedTransaction : public DatasetTransaction {
 public:
  explicit LeasedTransaction(std::string target) : target_(std::move(target)) {}

  // Waits until it was renewed once more.
  void AwaitRenewal() { renewed_.acquire(); }

  void FailOnce() { fails_ = true; }

  bool is_skipped() const override { return false; }

  bool is_recovered() const override { return false; }

  const std::string& target() const override { return target_; }

  arrow::Result<std::shared_ptr<DataFileStream>> OpenDataFile(
      const std::string& path) override {
    return Error(ErrorCode::kInternal, "not here: {}", path);
  }

  arrow::Status Stage(const DataFileList&) override { return arrow::Status::OK(); }

  arrow::Status Commit() override { return arrow::Status::OK(); }

  void CleanUp() override {}

  arrow::Status Abort() override { return arrow::Status::OK(); }

  bool has_lease() const override { return true; }

  arrow::Status KeepAlive() override {
    const bool fails = fails_.exchange(false);
    renewed_.release();
    return fails ? Error(ErrorCode::kStoreUnavailable, "no network")
                 : arrow::Status::OK();
  }

  const std::vector<std::string>& warnings() const override { return warnings_; }

 private:
  std::string target_;
  std::counting_semaphore<> renewed_{0};
  std::atomic<bool> fails_ = false;
  std::vector<std::string> warnings_;
};

TEST(LeaseKeeperTest, RenewsAllAgainAndAgain) {
  LeasedTransaction first("s3://b/first");
  LeasedTransaction second("s3://b/second");
  LeaseKeeper keeper(kAtOnce);
  ASSERT_THAT(keeper.Add(&first), IsOk());
  first.AwaitRenewal();
  ASSERT_THAT(keeper.Add(&second), IsOk());
  for (int i = 0; i < 3; ++i) {
    first.AwaitRenewal();
    second.AwaitRenewal();
  }
  keeper.Stop();
  EXPECT_THAT(keeper.Warnings(), IsEmpty());
}

TEST(LeaseKeeperTest, TellsWhatCouldNotBeRenewedAndGoesOn) {
  LeasedTransaction well("s3://b/well");
  LeasedTransaction failing("s3://b/failing");
  failing.FailOnce();
  LeaseKeeper keeper(kAtOnce);
  ASSERT_THAT(keeper.Add(&failing), IsOk());
  ASSERT_THAT(keeper.Add(&well), IsOk());
  failing.AwaitRenewal();
  failing.AwaitRenewal();
  well.AwaitRenewal();
  keeper.Stop();
  EXPECT_THAT(keeper.Warnings(),
              ElementsAre(AllOf(HasSubstr("failures: 1"), HasSubstr("s3://b/failing"),
                                HasSubstr("no network"))));
}

// A store that does not answer holds one renewal for minutes.
class HangingTransaction : public LeasedTransaction {
 public:
  using LeasedTransaction::LeasedTransaction;

  arrow::Status KeepAlive() override {
    const arrow::Status renewed = LeasedTransaction::KeepAlive();
    may_end_.acquire();
    may_end_.release();
    return renewed;
  }

  void Release() { may_end_.release(); }

 private:
  std::binary_semaphore may_end_{0};
};

TEST(LeaseKeeperTest, ARenewalThatHangsHoldsNoOtherUp) {
  HangingTransaction hanging("s3://a/hanging");
  LeasedTransaction well("s3://b/well");
  LeaseKeeper keeper(kAtOnce);
  ASSERT_THAT(keeper.Add(&hanging), IsOk());
  ASSERT_THAT(keeper.Add(&well), IsOk());
  hanging.AwaitRenewal();  // which does not end
  for (int i = 0; i < 3; ++i) {
    well.AwaitRenewal();
  }
  hanging.Release();
  keeper.Stop();
  EXPECT_THAT(keeper.Warnings(), IsEmpty());
}

TEST(LeaseKeeperTest, EndsAtOnceHoweverLongTheInterval) {
  LeasedTransaction transaction("s3://b/t");
  LeaseKeeper keeper(std::chrono::hours(24));
  ASSERT_THAT(keeper.Add(&transaction), IsOk());
  keeper.Stop();
  keeper.Stop();
}

}  // namespace
}  // namespace partita
