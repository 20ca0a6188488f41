#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/commit/dataset_transaction.h"
#include "partita/store/local_store.h"

#include "support/dataset_jobs.h"
#include "support/temp_folder.h"

namespace partita {

using Transaction = std::unique_ptr<DatasetTransaction>;

/// What the data set holds before a job.
inline const DatasetFiles kOldFiles = {{"year=1/part-0-old.csv", "old one"},
                                       {"part-1-old.csv", "old two"}};
/// What the job writes.
inline const DatasetFiles kNewFiles = {{"year=1/part-0-new.csv", "new one"},
                                       {"year=2/make=A B/part-0-new.csv", "new two"}};

/// \brief Jobs that write to `target_`, a data set in a folder of the test's own.
class FolderJobsTest : public ::testing::Test {
 protected:
  arrow::Result<Transaction> Begin(SaveMode mode, bool force = false) {
    DatasetTransaction::Options options;
    options.mode = mode;
    options.force = force;
    options.durability = Durability::kFast;
    options.input_paths = inputs_;
    return DatasetTransaction::Begin(&store_, target_, options);
  }

  arrow::Status Write(SaveMode mode, const DatasetFiles& files, bool force = false) {
    ARROW_ASSIGN_OR_RAISE(auto transaction, Begin(mode, force));
    ARROW_RETURN_NOT_OK(StageFiles(transaction.get(), files));
    ARROW_RETURN_NOT_OK(transaction->Commit());
    transaction->CleanUp();
    EXPECT_THAT(transaction->warnings(), ::testing::IsEmpty());
    return arrow::Status::OK();
  }

  // What lies in the test's folder besides the target.
  std::vector<std::string> Beside() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      if (entry.path() != target_) {
        names.push_back(entry.path().filename().string());
      }
    }
    return names;
  }

  TempFolder folder_;
  LocalStore store_;
  std::string target_ = folder_ / "out";
  std::vector<std::string> inputs_;
};

}  // namespace partita
