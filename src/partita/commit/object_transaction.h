#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "partita/commit/dataset_transaction.h"
#include "partita/commit/object_lease.h"
#include "partita/commit/object_state.h"
#include "partita/commit/object_steps.h"
#include "partita/commit/object_upload.h"

namespace partita {

/// \brief A data set transaction on an object store: uploads held open, one conditional put of HEAD, then completed
/// (docs/format/commit-objects.md).
///
/// Ownership, thread safety and errors: as DatasetTransaction.
class ObjectTransaction : public DatasetTransaction {
 public:
  /// `target` as S3Location::path() gives it.
  static arrow::Result<std::unique_ptr<DatasetTransaction>> Begin(
      ObjectStore* store, const std::string& target, const Options& options);

  ObjectTransaction(const ObjectTransaction&) = delete;
  ObjectTransaction& operator=(const ObjectTransaction&) = delete;
  ~ObjectTransaction() override;

  bool is_skipped() const override { return phase_ == Phase::kSkipped; }

  bool is_recovered() const override { return is_recovered_; }

  const std::string& target() const override { return state_.target(); }

  arrow::Result<std::shared_ptr<DataFileStream>> OpenDataFile(
      const std::string& path) override;
  arrow::Status Stage(const DataFileList& files) override;
  arrow::Status Commit() override;
  void CleanUp() override;
  arrow::Status Abort() override;

  bool has_lease() const override { return true; }

  arrow::Status KeepAlive() override { return lease_.Renew(); }

  const std::vector<std::string>& warnings() const override { return warnings_; }

 private:
  enum class Phase { kSkipped, kOpen, kStaged, kCommitted, kEnded, kUnknown };
  // What lies at the target, in order of paths.
  using Listing = std::vector<OldObject>;

  ObjectTransaction(ObjectStore* store, const std::string& target, Options options);

  arrow::Status Prepare();
  arrow::Status WaitForOthers(std::chrono::steady_clock::time_point deadline);
  arrow::Status Join();
  arrow::Status TryJoin(std::chrono::steady_clock::time_point deadline);
  arrow::Status CheckAlone(std::chrono::steady_clock::time_point deadline) const;
  arrow::Status CheckConditions();
  arrow::Result<bool> CheckMode();
  arrow::Status VisitTarget(const std::function<void(OldObject object)>& visit);
  arrow::Result<Listing> ListTarget();
  arrow::Status CheckForeignAmong(const DataFileList& files) const;
  arrow::Status FinishUploads(const DataFileList& files);
  arrow::Status MakeManifest(const DataFileList& files);
  arrow::Status CheckUnchanged(const DataFileList& files);
  arrow::Status RenewOldLease();
  bool IsNamedDead(const VersionedHead& head) const;
  bool MayDecideOn(const VersionedHead& now) const;
  arrow::Status Decide();
  arrow::Status Overtaken(const VersionedHead& now) const;
  arrow::Result<ObjectOutcome> ApplyOnce();
  arrow::Status Apply();
  arrow::Status Unknown(const arrow::Status& cause) const;
  arrow::Status RemoveStaged();
  arrow::Status Forget();

  ObjectState state_;
  Options options_;
  Phase phase_ = Phase::kOpen;
  ObjectLease lease_;
  std::mutex mutex_;  // guards uploads_
  std::map<std::string, std::shared_ptr<ObjectUpload>>
      uploads_;  // by path below the target
  VersionedHead head_at_begin_;
  Listing target_at_begin_;  // until it is staged
  DataFileList files_;
  ObjectHead new_head_;
  VersionedHead head_;  // ours, once it is put
  ObjectRecord record_;
  bool is_recovered_ = false;
  std::vector<std::string> warnings_;
};

}  // namespace partita
