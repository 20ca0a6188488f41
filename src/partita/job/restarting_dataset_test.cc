#include "partita/job/restarting_dataset.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <arrow/record_batch.h>

#include "partita/base/error.h"
#include "partita/commit/dataset_transaction.h"
#include "partita/store/faulty_object_store.h"
#include "partita/store/faulty_store.h"
#include "partita/store/local_store.h"
#include "partita/store/memory_object_store.h"

#include "support/dataset_jobs.h"
#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

// Two rows, three rows, and another column.
const DatasetFiles kOld = {{"k=1/part-0-old.json", "{\"a\":1}\n"},
                           {"k=2/part-0-old.json", "{\"a\":2}\n"}};
const DatasetFiles kNew = {{"k=1/part-0-new.json", "{\"b\":\"x\"}\n{\"b\":\"y\"}\n"},
                           {"k=3/part-0-new.json", "{\"b\":\"z\"}\n"}};

// Says when a data file is opened.
template <typename Base>
class Watched : public Base {
 public:
  using Base::Base;

  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenSeen(
      const std::string& path, const EntryInfo& seen) override {
    if (on_open) {
      on_open();
    }
    return Base::OpenSeen(path, seen);
  }

  std::function<void()> on_open;
};

// A data set in a folder, or in a bucket, and a store that says what it is called for.
class RestartingDatasetTest : public ::testing::TestWithParam<bool> {
 protected:
  bool is_on_s3() const { return GetParam(); }

  std::string target() const { return is_on_s3() ? "s3://lake/cars" : folder_ / "cars"; }

  Store* plain() { return is_on_s3() ? static_cast<Store*>(memory_.get()) : &local_; }

  Store* watched() {
    return is_on_s3() ? static_cast<Store*>(objects_.get()) : folders_.get();
  }

  FaultSchedule* calls() {
    return is_on_s3() ? static_cast<FaultSchedule*>(objects_.get()) : folders_.get();
  }

  void OnOpen(const std::function<void()>& on_open) {
    objects_->on_open = on_open;
    folders_->on_open = on_open;
  }

  void Begin() {
    memory_ = std::make_unique<MemoryObjectStore>();
    objects_ = std::make_unique<Watched<FaultyObjectStore>>(memory_.get());
    folders_ = std::make_unique<Watched<FaultyStore>>(&local_);
    Write(kOld);
  }

  void Write(const DatasetFiles& files) {
    DatasetTransaction::Options options{.mode = SaveMode::kOverwrite,
                                        .durability = Durability::kFast};
    PARTITA_TEST_ASSIGN(auto job, DatasetTransaction::Begin(plain(), target(), options));
    ASSERT_THAT(StageFiles(job.get(), files), IsOk());
    ASSERT_THAT(job->Commit(), IsOk());
    job->CleanUp();
  }

  arrow::Result<std::unique_ptr<RestartingDataset>> Open() {
    return RestartingDataset::Open(watched(), {.paths = {target()}});
  }

  static arrow::Result<int64_t> RowsOf(Dataset* dataset) {
    ARROW_ASSIGN_OR_RAISE(const auto rows, dataset->Scan(1, {}));
    int64_t num_rows = 0;
    for (;;) {
      std::shared_ptr<arrow::RecordBatch> batch;
      ARROW_RETURN_NOT_OK(rows->ReadNext(&batch));
      if (batch == nullptr) {
        return num_rows;
      }
      num_rows += batch->num_rows();
    }
  }

  TempFolder folder_;
  LocalStore local_;
  std::unique_ptr<Watched<FaultyStore>> folders_;
  std::unique_ptr<MemoryObjectStore> memory_;
  std::unique_ptr<Watched<FaultyObjectStore>> objects_;
};

TEST_P(RestartingDatasetTest, ReadsTheNewDataSetWhereTheOldOneIsGone) {
  const std::vector<std::function<arrow::Result<std::string>(Dataset*)>> questions = {
      [](Dataset* dataset) -> arrow::Result<std::string> {
        ARROW_ASSIGN_OR_RAISE(const int64_t count, dataset->Count());
        return std::to_string(count);
      },
      [](Dataset* dataset) -> arrow::Result<std::string> {
        ARROW_ASSIGN_OR_RAISE(const int64_t count, RowsOf(dataset));
        return std::to_string(count);
      },
      [](Dataset* dataset) { return dataset->Show(20, 0); },
      [](Dataset* dataset) { return dataset->SchemaTree(); }};
  for (const auto& question : questions) {
    Begin();
    PARTITA_TEST_ASSIGN(const auto old, Open());
    Write(kNew);
    PARTITA_TEST_ASSIGN(const std::string answer, question(old.get()));
    PARTITA_TEST_ASSIGN(const auto fresh, Open());
    PARTITA_TEST_ASSIGN(const std::string wanted, question(fresh.get()));
    EXPECT_EQ(answer, wanted);
    EXPECT_THAT(answer, AnyOf("3", HasSubstr("b")));
  }
}

// Wherever the other job comes in between, from the first look on.
TEST_P(RestartingDatasetTest, AnOverwriteAtAnyMomentGivesOldOrNewAndNoError) {
  for (int64_t at = 1;; ++at) {
    Begin();
    calls()->set_on_call([&](int64_t number, std::string_view) {
      if (number == at) {
        Write(kNew);
      }
    });
    const auto dataset = Open();
    ASSERT_THAT(dataset, IsOk()) << at;
    const auto count = (*dataset)->Count();
    ASSERT_THAT(count, IsOk()) << at;
    EXPECT_THAT(*count, AnyOf(2, 3)) << at;
    if (calls()->num_calls() < at) {
      EXPECT_GT(at, 4);
      break;
    }
  }
}

TEST_P(RestartingDatasetTest, WhatIsReplacedAgainAndAgainFailsInTheEnd) {
  Begin();
  Write({{"part-0.json", "{\"a\":1}\n"}});  // several would be opened side by side
  PARTITA_TEST_ASSIGN(const auto dataset, Open());
  int num_opened = 0;
  OnOpen([&] {
    ++num_opened;
    Write({{fmt::format("part-{}.json", num_opened), "{\"a\":1}\n"}});
  });
  EXPECT_THAT(dataset->Count(),
              AnyOf(FailsWith(ErrorCode::kBadInput, HasSubstr("part-")),
                    FailsWith(ErrorCode::kNotFound, HasSubstr("part-"))));
  EXPECT_EQ(num_opened, 5);
}

TEST_P(RestartingDatasetTest, DamagedRowsOfTheSameDataSetAreReadOnce) {
  Begin();
  Write({{"part-0-bad.json", "{\"a\":\n"}});
  PARTITA_TEST_ASSIGN(const auto dataset, Open());
  int num_opened = 0;
  OnOpen([&] { ++num_opened; });
  EXPECT_THAT(dataset->Show(20, 0),
              FailsWith(ErrorCode::kBadInput, HasSubstr("part-0-bad")));
  EXPECT_EQ(num_opened, 1);
}

INSTANTIATE_TEST_SUITE_P(Places, RestartingDatasetTest, ::testing::Bool(),
                         [](const auto& place) {
                           return place.param ? "Bucket" : "Folder";
                         });

}  // namespace
}  // namespace partita
