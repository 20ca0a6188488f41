#include "partita/store/faulty_object_store.h"

#include <arrow/io/interfaces.h>

#include "partita/store/store_facts.h"

namespace partita {

arrow::Result<EntryInfo> FaultyObjectStore::Stat(const std::string& path) {
  return Run("stat", [&] { return store_->Stat(path); });
}

arrow::Result<std::vector<Entry>> FaultyObjectStore::List(const std::string& folder) {
  return Run("list", [&] { return store_->List(folder); });
}

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>>
FaultyObjectStore::OpenForReading(const std::string& path) {
  return Run("open", [&] { return store_->OpenForReading(path); });
}

arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> FaultyObjectStore::OpenSeen(
    const std::string& path, const EntryInfo& seen) {
  return Run("open", [&] { return store_->OpenSeen(path, seen); });
}

arrow::Result<std::shared_ptr<arrow::io::OutputStream>> FaultyObjectStore::Create(
    const std::string& path, const CreateOptions& options) {
  return Run("create", [&] { return store_->Create(path, options); });
}

arrow::Status FaultyObjectStore::RemoveFile(const std::string& path) {
  return Run("remove", [&] { return store_->RemoveFile(path); });
}

arrow::Result<std::optional<StateObject>> FaultyObjectStore::ReadState(
    const std::string& path) {
  return Run("read state", [&] { return store_->ReadState(path); });
}

arrow::Result<std::string> FaultyObjectStore::Put(const std::string& path,
                                                  std::string_view bytes,
                                                  const PutCondition& condition) {
  return Run("put", [&] { return store_->Put(path, bytes, condition); });
}

arrow::Result<std::string> FaultyObjectStore::BeginUpload(const std::string& path) {
  return Run("begin upload", [&] { return store_->BeginUpload(path); });
}

arrow::Result<UploadedPart> FaultyObjectStore::UploadPart(const OpenUpload& upload,
                                                          int number,
                                                          std::string_view bytes) {
  return Run("upload part", [&] { return store_->UploadPart(upload, number, bytes); });
}

arrow::Result<std::vector<UploadedPart>> FaultyObjectStore::ListParts(
    const OpenUpload& upload) {
  return Run("list parts", [&] { return store_->ListParts(upload); });
}

arrow::Status FaultyObjectStore::CompleteUpload(const OpenUpload& upload,
                                                std::span<const UploadedPart> parts) {
  return Run("complete upload", [&] { return store_->CompleteUpload(upload, parts); });
}

arrow::Status FaultyObjectStore::AbortUpload(const OpenUpload& upload) {
  return Run("abort upload", [&] { return store_->AbortUpload(upload); });
}

arrow::Status FaultyObjectStore::VisitUploads(
    const std::string& prefix, const std::function<void(const OpenUpload&)>& visit) {
  return Run("list uploads", [&] { return store_->VisitUploads(prefix, visit); });
}

arrow::Status FaultyObjectStore::VisitObjects(
    const std::string& prefix, const std::function<void(const ObjectInfo&)>& visit) {
  return Run("list objects", [&] { return store_->VisitObjects(prefix, visit); });
}

// A batch may be done in part: every object counts.
arrow::Status FaultyObjectStore::RemoveObjects(std::span<const std::string> paths) {
  for (size_t i = 0; i < paths.size(); ++i) {
    ARROW_RETURN_NOT_OK(Run("remove objects",
                            [&] { return store_->RemoveObjects(paths.subspan(i, 1)); }));
  }
  return arrow::Status::OK();
}

arrow::Result<StoreFacts> FaultyObjectStore::Facts(const std::string& path) {
  return Run("facts", [&] { return store_->Facts(path); });
}

}  // namespace partita
