#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "partita/commit/commit_state.h"
#include "partita/commit/dataset_transaction.h"
#include "partita/commit/staged_files.h"
#include "partita/commit/state_lock.h"
#include "partita/commit/target.h"

namespace partita {

/// \brief A data set transaction on a store with folders: staged beside the target, then
/// placed, swapped or merged in.
///
/// Ownership, thread safety and errors: as DatasetTransaction.
class FolderTransaction : public DatasetTransaction {
 public:
  /// `target` as LocalPath() gives it.
  static arrow::Result<std::unique_ptr<DatasetTransaction>> Begin(
      FolderStore* store, const std::string& target, const Options& options);

  FolderTransaction(const FolderTransaction&) = delete;
  FolderTransaction& operator=(const FolderTransaction&) = delete;
  ~FolderTransaction() override;

  bool is_skipped() const override { return phase_ == Phase::kSkipped; }

  bool is_recovered() const override { return is_recovered_; }

  const std::string& target() const override { return target_; }

  arrow::Result<std::shared_ptr<DataFileStream>> OpenDataFile(
      const std::string& path) override;
  arrow::Status Stage(const DataFileList& files) override;
  arrow::Status Commit() override;
  void CleanUp() override;
  arrow::Status Abort() override;

  const std::vector<std::string>& warnings() const override { return warnings_; }

 private:
  enum class Phase {
    kSkipped,
    kOpen,
    kStaged,
    kCommitted,  ///< the old data and the lock are still there
    kEnded,      ///< committed or aborted: nothing is ours any more
    kUnknown,    ///< whether it is committed is not known: recovery decides
  };

  FolderTransaction(FolderStore* store, std::string target, Options options);

  arrow::Status Prepare();
  arrow::Result<bool> CheckMode();
  arrow::Result<TargetState> LookAgain(Foreign foreign) const;
  arrow::Status ChooseMethod();

  arrow::Status CheckStaged(const DataFileList& files);
  arrow::Status StagedDiffer(const DataFileList& files) const;
  arrow::Status SyncStaged(const DataFileList& files);

  arrow::Status MakeManifest(const DataFileList& files);
  arrow::Status MakeRecord(const DataFileList& files);

  arrow::Status CheckUnchanged();
  arrow::Status Decide();
  arrow::Status Apply();
  arrow::Status MarkApplied();
  arrow::Status Unknown(const arrow::Status& cause);

  const StateFolder& state() const { return lock_->state(); }

  std::string StagePath() const { return state().PathOf(stage_name_); }

  FolderStore* store_;
  std::string target_;
  Options options_;
  std::string stage_name_;
  std::unique_ptr<LockedState> lock_;
  Phase phase_ = Phase::kOpen;
  TargetState target_at_begin_;
  FolderFingerprints folders_at_begin_;  ///< where partitions are replaced
  std::optional<Head> head_at_begin_;
  ApplyMethod method_ = ApplyMethod::kPlace;
  Head new_head_;
  CommitRecord record_;
  arrow::Status marked_;  ///< as applied; else the old data has to stay
  MadeFiles made_files_;
  bool is_recovered_ = false;
  std::vector<std::string> warnings_;
};

}  // namespace partita
