#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "partita/store/object_store.h"
#include "partita/store/store_facts.h"

namespace partita {

/// \brief Objects in memory: the plain twin of S3Store, for tests of what is built on either.
///
/// Paths are `s3://BUCKET/KEY`. Its clock stands still until it is moved.
/// Thread safety: all members may be called from any thread.
class MemoryObjectStore : public ObjectStore {
 public:
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

  /// Lets time pass: leases run out.
  void Advance(std::chrono::seconds time);

  /// What Facts() tells, but for the time.
  void set_facts(arrow::Result<StoreFacts> facts);

  /// Everything there is, for comparisons: objects by path.
  std::map<std::string, std::string> objects() const;
  std::set<std::string> open_uploads() const;

 private:
  struct Object {
    std::string bytes;
    std::string etag;
    std::chrono::seconds modified{0};
  };

  struct Upload {
    std::string path;
    std::chrono::seconds begun{0};
    std::map<int, std::string> parts;  // bytes by number
  };

  class OutputFile;

  std::string PutLocked(const std::string& path, std::string bytes);

  mutable std::mutex mutex_;
  std::map<std::string, Object> objects_;
  std::map<std::string, Upload> uploads_;  // by id
  int64_t last_version_ = 0;
  std::chrono::seconds now_{0};
  arrow::Result<StoreFacts> facts_ = StoreFacts{};
};

}  // namespace partita
