#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "partita/commit/dataset_transaction.h"
#include "partita/store/store.h"

namespace partita {

/// \brief A transaction that changes nothing: it takes data files, counts their bytes and forgets them.
///
/// It looks at the target as Begin() of a real one does, without healing or locking it: that another job works on the
/// target is not noticed. Stage() finds out what a commit would replace; Commit() is kInternal.
/// Ownership and thread safety: as DatasetTransaction.
class PreviewTransaction : public DatasetTransaction {
 public:
  /// `store` holds `target`, an absolute path. Errors: those of DatasetTransaction::Begin() but for lock and healing.
  static arrow::Result<std::unique_ptr<DatasetTransaction>> Begin(
      Store* store, const std::string& target, const Options& options);

  bool is_skipped() const override { return is_skipped_; }

  bool is_recovered() const override { return false; }

  const std::string& target() const override { return target_; }

  arrow::Result<std::shared_ptr<DataFileStream>> OpenDataFile(
      const std::string& path) override;
  arrow::Status Stage(const DataFileList& files) override;
  arrow::Status Commit() override;

  void CleanUp() override {}

  arrow::Status Abort() override { return arrow::Status::OK(); }

  const std::vector<std::string>& warnings() const override { return warnings_; }

  const DataFileList* replaced() const override { return &replaced_; }

 private:
  PreviewTransaction(Store* store, std::string target, const Options& options)
      : store_(store),
        target_(std::move(target)),
        mode_(options.mode),
        force_(options.force),
        input_paths_(options.input_paths) {}

  arrow::Status CheckForeignNow() const;
  arrow::Status FindReplaced(const DataFileList& files, DataFileList* replaced) const;

  Store* store_;
  std::string target_;
  SaveMode mode_;
  bool force_;
  std::vector<std::string> input_paths_;
  bool is_skipped_ = false;
  DataFileList replaced_;
  std::vector<std::string> warnings_;  // none
};

}  // namespace partita
