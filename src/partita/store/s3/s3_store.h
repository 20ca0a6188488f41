#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <arrow/result.h>

#include "partita/store/object_store.h"
#include "partita/store/s3/s3_client.h"
#include "partita/store/s3/s3_options.h"
#include "partita/store/side_by_side.h"

namespace partita {

/// \brief Amazon S3, and what speaks its protocol.
///
/// Paths are `s3://BUCKET/KEY`, with the key as it is: no byte of it has a meaning but `/`, which makes folders of what is before it.
/// Objects that only mark a folder hold no data: of no bytes and named `FOLDER/` (consoles, hadoop-aws) they are passed over in
/// all listings, though the folder exists; named `FOLDER_$folder$` (EMR, Glue) in those of folders, as readers meet them
/// there; VisitObjects() shows them, so that whoever replaces a data set removes them too.
/// Ownership:     owns the client.
/// Thread safety: all members may be called from any thread. Starts none; what removes many objects, or lists them, runs by `side_by_side`.
/// Errors:        as Store and ObjectStore; kInvalidConfig (region, names that the server does not allow).
class S3Store : public ObjectStore {
 public:
  /// Speaks to nobody yet. A stop ends requests under way, and all later ones: kCancelled.
  ///
  /// Errors: kInvalidConfig (options, certificates), kInternal.
  static arrow::Result<std::unique_ptr<S3Store>> Make(const S3Options& options,
                                                      SideBySide side_by_side = {},
                                                      const RetryPolicy& retries = {},
                                                      std::stop_token stop = {});

  explicit S3Store(std::unique_ptr<S3Client> client, SideBySide side_by_side = {})
      : client_(std::move(client)), side_by_side_(std::move(side_by_side)) {}

  /// What speaks to the server: for requests that a store has no word for.
  S3Client* client() { return client_.get(); }

  arrow::Result<EntryInfo> Stat(const std::string& path) override;
  arrow::Result<std::vector<Entry>> List(const std::string& folder) override;
  arrow::Status VisitEntries(
      const std::string& folder,
      const std::function<void(std::string_view name, const EntryInfo& info)>& visit)
      override;
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenForReading(
      const std::string& path) override;
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenSeen(
      const std::string& path, const EntryInfo& seen) override;
  arrow::Result<std::shared_ptr<arrow::io::OutputStream>> Create(
      const std::string& path, const CreateOptions& options) override;
  arrow::Status RemoveFile(const std::string& path) override;
  std::optional<RequestReport> requests() const override;

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
  arrow::Status RemoveBatch(const std::string& bucket, std::vector<std::string> keys);

  std::unique_ptr<S3Client> client_;
  SideBySide side_by_side_;
};

}  // namespace partita
