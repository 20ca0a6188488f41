#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <arrow/result.h>

#include "partita/base/error.h"

namespace partita {

/// \brief What a fact is until a store tells it.
inline arrow::Status NotTold() {
  return Error(ErrorCode::kStoreUnavailable, "the store does not tell it");
}

/// Whether a bucket keeps the versions of what is replaced or deleted.
enum class Versioning { kNever, kEnabled, kSuspended };

/// \brief A rule by which a store acts on objects by itself.
struct LifecycleRule {
  std::string id;
  std::string prefix;  ///< of the keys it is for; empty: all
  std::optional<int> abort_uploads_after_days;
  bool expires_objects = false;
  bool expires_old_versions = false;
};

/// \brief What an object store tells of itself and of who asks. A fact that it does not tell is an error which says why:
/// no right to ask, or no such thing on this server.
struct StoreFacts {
  std::string endpoint;           ///< where requests go; empty: nowhere
  std::string configured_region;  ///< empty: none is
  bool is_commit_unsafe = false;  ///< conditions of puts are not given to the server
  std::optional<std::chrono::seconds> time;        ///< of the store's clock, since 1970
  std::optional<std::chrono::seconds> clock_skew;  ///< that clock minus this machine's
  arrow::Result<std::string> identity = NotTold();
  arrow::Result<std::string> region = NotTold();
  arrow::Result<Versioning> versioning = NotTold();
  arrow::Result<std::string> encryption = NotTold();  ///< the default; empty: none
  arrow::Result<std::vector<LifecycleRule>> lifecycle = NotTold();  ///< those in force
};

/// \brief What a file system tells of itself.
struct FolderFacts {
  std::string file_system;              ///< such as ext4; empty: not told
  bool may_be_shared = false;           ///< other machines may have mounted it too
  std::optional<int64_t> bytes_free;    ///< for this user
  std::optional<int64_t> entries_free;  ///< files and folders that can still be made
};

}  // namespace partita
