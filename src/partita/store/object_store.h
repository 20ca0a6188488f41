#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/store/store.h"

namespace partita {

struct StoreFacts;

/// \brief One object of a listing.
struct ObjectInfo {
  std::string path;
  int64_t bytes = 0;
  std::string etag;  ///< another one for other bytes
};

/// \brief A small object as a whole, with what conditions and leases need.
struct StateObject {
  std::string text;
  std::string etag;
  std::chrono::seconds age{0};  ///< since its last change, by the store's own clock
};

/// \brief When a put may take place.
struct PutCondition {
  enum class Kind { kAlways, kIfMissing, kIfSame };

  Kind kind = Kind::kAlways;
  std::string etag;  ///< of kIfSame
};

/// \brief What the completion of an upload must say of a part.
struct UploadedPart {
  std::string etag;
  std::string checksum;  ///< CRC32C in base64, empty where the store keeps none
};

/// \brief An upload that is not completed: invisible until it is.
struct OpenUpload {
  std::string path;
  std::string id;
  std::optional<std::chrono::seconds>
      begun;  ///< since 1970, by the store's clock; told by listings only
};

/// \brief A store of whole objects: conditional puts and uploads that can be held open. What a commit on it
/// needs beyond reading and listing (docs/format/commit-objects.md).
///
/// Thread safety and errors: as Store.
class ObjectStore : public Store {
 public:
  ObjectStore* AsObjectStore() override { return this; }

  /// A small object; nothing where there is none.
  virtual arrow::Result<std::optional<StateObject>> ReadState(
      const std::string& path) = 0;

  /// Puts a small object; its new ETag. A lost answer is resolved by reading: `bytes` must be such as nobody else writes.
  ///
  /// Errors: kCommitConflict where the condition does not hold; kCommitStateUnknown where it is not known. Without a condition
  /// (kAlways) a lost answer is kStoreUnavailable: the same bytes may have lain there before.
  virtual arrow::Result<std::string> Put(const std::string& path, std::string_view bytes,
                                         const PutCondition& condition) = 0;

  /// Begins the upload of an object; its id. A lost answer leaves an upload that VisitUploads() shows.
  virtual arrow::Result<std::string> BeginUpload(const std::string& path) = 0;

  /// Parts count from 1; all but the last have at least kMinPartBytes.
  virtual arrow::Result<UploadedPart> UploadPart(const OpenUpload& upload, int number,
                                                 std::string_view bytes) = 0;

  /// The parts that the store keeps for an upload, in order of their numbers, wherever these begin; without checksums where it
  /// tells none. Errors: kNotFound (no such upload any more).
  virtual arrow::Result<std::vector<UploadedPart>> ListParts(
      const OpenUpload& upload) = 0;

  /// Makes the object. Errors: kNotFound (no such upload any more: completed, aborted or expired; or not with these parts).
  virtual arrow::Status CompleteUpload(const OpenUpload& upload,
                                       std::span<const UploadedPart> parts) = 0;

  /// An upload that is gone is aborted already.
  virtual arrow::Status AbortUpload(const OpenUpload& upload) = 0;

  /// Shows all open uploads of objects whose path begins with `prefix`.
  virtual arrow::Status VisitUploads(
      const std::string& prefix, const std::function<void(const OpenUpload&)>& visit) = 0;

  /// Shows all objects whose path begins with `prefix`, in byte order of paths; one at a time, not always on the caller's
  /// thread.
  virtual arrow::Status VisitObjects(
      const std::string& prefix, const std::function<void(const ObjectInfo&)>& visit) = 0;

  /// RemoveFile() for many, in as few requests as the store has it.
  virtual arrow::Status RemoveObjects(std::span<const std::string> paths) = 0;

  /// What the store tells of itself and of the bucket or folder where `path` is to be. Errors: where nothing can be
  /// asked at all, such as no server, no bucket, keys that are not good.
  virtual arrow::Result<StoreFacts> Facts(const std::string& path) = 0;
};

/// The least a part may have that is not the last (S3).
inline constexpr int64_t kMinPartBytes = int64_t{5} << 20;

}  // namespace partita
