#pragma once

#include "partita/store/fault_schedule.h"
#include "partita/store/object_store.h"

namespace partita {

/// \brief An object store that passes calls on, counts them, and breaks one of them.
///
/// Ownership:     borrows the store.
/// Thread safety and errors: as the store and FaultSchedule.
class FaultyObjectStore : public ObjectStore, public FaultSchedule {
 public:
  explicit FaultyObjectStore(ObjectStore* store) : store_(store) {}

  arrow::Result<EntryInfo> Stat(const std::string& path) override;
  arrow::Result<std::vector<Entry>> List(const std::string& folder) override;
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenForReading(
      const std::string& path) override;
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenSeen(
      const std::string& path, const EntryInfo& seen) override;
  arrow::Result<std::shared_ptr<arrow::io::OutputStream>> Create(
      const std::string& path, const CreateOptions& options) override;
  arrow::Status RemoveFile(const std::string& path) override;

  arrow::Result<std::optional<StateObject>> ReadState(const std::string& path) override;
  arrow::Result<std::string> Put(const std::string& path, std::string_view bytes,
                                 const PutCondition& condition) override;
  arrow::Result<std::string> BeginUpload(const std::string& path) override;
  arrow::Result<UploadedPart> UploadPart(const OpenUpload& upload, int number,
                                         std::string_view bytes) override;
  arrow::Result<std::vector<UploadedPart>> ListParts(const OpenUpload& upload) override;
  arrow::Status CompleteUpload(const OpenUpload& upload,
                               std::span<const UploadedPart> parts) override;
  arrow::Status AbortUpload(const OpenUpload& upload) override;
  arrow::Status VisitUploads(
      const std::string& prefix,
      const std::function<void(const OpenUpload&)>& visit) override;
  arrow::Status VisitObjects(
      const std::string& prefix,
      const std::function<void(const ObjectInfo&)>& visit) override;
  arrow::Status RemoveObjects(std::span<const std::string> paths) override;
  arrow::Result<StoreFacts> Facts(const std::string& path) override;

 private:
  ObjectStore* store_;
};

}  // namespace partita
