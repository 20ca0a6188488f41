#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/result.h>

#include "partita/store/object_store.h"

namespace partita {

// The documents of S3's REST interface. Those that servers send may be anything: what is not what it should be is an
// error (kStoreUnavailable) and never a crash. All functions are pure.

/// \brief An object of a listing.
struct S3Object {
  std::string key;
  int64_t bytes = 0;
  std::string etag;
  std::chrono::seconds modified{0};  ///< since 1970; 0 where it is not told
};

/// \brief One page of ListObjectsV2.
struct S3Listing {
  std::vector<S3Object> objects;
  std::vector<std::string> prefixes;  ///< up to and including the delimiter
  bool is_truncated = false;
  std::string next_token;
};

arrow::Result<S3Listing> ParseListing(std::string_view xml);

/// \brief An upload of a listing.
struct S3Upload {
  std::string key;
  std::string id;
  std::optional<std::chrono::seconds> begun;  ///< since 1970
};

/// \brief One page of ListMultipartUploads.
struct S3UploadListing {
  std::vector<S3Upload> uploads;
  bool is_truncated = false;
  std::string next_key;
  std::string next_id;
};

arrow::Result<S3UploadListing> ParseUploadListing(std::string_view xml);

/// \brief One page of ListParts.
struct S3PartListing {
  std::vector<UploadedPart> parts;
  bool is_truncated = false;
  std::string next_marker;
};

arrow::Result<S3PartListing> ParsePartListing(std::string_view xml);

/// \brief The id that CreateMultipartUpload gives.
arrow::Result<std::string> ParseCreatedUpload(std::string_view xml);

/// \brief Whether CompleteMultipartUpload says that the object is there: its status is 200 before it is known.
bool IsCompletedUpload(std::string_view xml);

/// \brief A server's word on what went wrong.
struct S3ErrorDocument {
  std::string code;
  std::string message;
  std::string region;  ///< the right one, where another was taken
  std::string request_id;
};

/// \brief Nothing where the text is no such document.
std::optional<S3ErrorDocument> ParseErrorDocument(std::string_view xml);

/// \brief An object that DeleteObjects could not remove.
struct S3DeleteError {
  std::string key;
  std::string code;
  std::string message;
};

arrow::Result<std::vector<S3DeleteError>> ParseDeleteResult(std::string_view xml);

/// \brief What CompleteMultipartUpload sends: all parts, with their checksums where they have one.
std::string CompleteUploadText(std::span<const UploadedPart> parts);

/// \brief What DeleteObjects sends; the answer tells only what was not removed.
std::string DeleteObjectsText(std::span<const std::string> keys);

}  // namespace partita
