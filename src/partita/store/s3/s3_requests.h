#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "partita/http/http_message.h"
#include "partita/http/request_sender.h"
#include "partita/store/object_store.h"
#include "partita/store/s3/s3_location.h"
#include "partita/store/s3/s3_options.h"

namespace partita {

/// \brief What is asked of S3, before it is known where the bucket is and whose keys are good.
struct S3Request {
  std::string method;
  S3Location where;              ///< the key is empty where the bucket is asked
  std::vector<HttpField> query;  ///< not encoded, in no order
  std::vector<HttpField> headers;
  std::string document;    ///< the body, where it is XML
  std::string_view bytes;  ///< the body else; borrowed
  RequestClass request_class = RequestClass::kGet;
  std::string_view action;  ///< the right it takes, such as s3:PutObject
  std::string path;         ///< what it is about, for messages
  /// Bytes; no document or state object has more.
  int64_t max_answer = int64_t{16} << 20;

  std::string_view body() const { return document.empty() ? bytes : document; }
};

/// \brief Bytes of an object: `count` from `first` on.
struct S3Range {
  int64_t first = 0;
  int64_t count = 0;
};

/// The object as a whole, with its checksum where the store keeps one.
S3Request GetObjectRequest(const S3Location& where);

/// A part of the object, while it has this ETag.
S3Request GetRangeRequest(const S3Location& where, const S3Range& range,
                          const std::string& etag);

S3Request HeadObjectRequest(const S3Location& where);

/// A put of what commits are decided with: encrypted as the options say, but in the bucket's own storage class and
/// without tags, as it must be readable at once and is not data.
S3Request PutStateRequest(const S3Location& where, std::string_view bytes,
                          const PutCondition& condition, const S3Options& options);

/// A put of a file's bytes.
S3Request PutDataRequest(const S3Location& where, std::string_view bytes,
                         const PutCondition& condition, const S3Options& options);

S3Request CreateUploadRequest(const S3Location& where, const S3Options& options);
S3Request UploadPartRequest(const S3Location& where, const std::string& upload_id,
                            int number, std::string_view bytes);
S3Request CompleteUploadRequest(const S3Location& where, const std::string& upload_id,
                                std::span<const UploadedPart> parts,
                                const PutCondition& condition);
S3Request AbortUploadRequest(const S3Location& where, const std::string& upload_id);
S3Request DeleteObjectRequest(const S3Location& where);

/// `keys` of one bucket, at most kMaxDeletedKeys.
S3Request DeleteObjectsRequest(const std::string& bucket,
                               std::span<const std::string> keys);
inline constexpr size_t kMaxDeletedKeys = 1000;

/// \brief What a listing shows: keys that begin with the location's; with `delimiter` only up to the first one behind.
struct S3ListRange {
  S3Location prefix;
  std::string delimiter;
  int max_keys = 1000;  ///< a page
  std::string
      start_after;  ///< only keys behind this one, which begins with the prefix; empty: all
};

S3Request ListObjectsRequest(const S3ListRange& range, const std::string& token);

/// From behind an upload, of which the listing before has told `key` and `id`; both empty: from the first one.
S3Request ListUploadsRequest(const S3Location& prefix, const std::string& key,
                             const std::string& id);

/// Parts from behind the one with the number `marker`; empty: from the first.
S3Request ListPartsRequest(const S3Location& where, const std::string& upload_id,
                           const std::string& marker);

/// \brief The request as it is sent, but for its signature.
///
/// Over TLS the bytes of objects are not part of the signature: their checksum is, and reading them once is enough.
HttpRequest MakeHttpRequest(const S3Request& request, const S3Options& options,
                            const std::string& region);

/// \brief What a server throttles as one: the bucket and the first part of the key.
std::string PaceKey(const S3Request& request);

// All of these are pure.

}  // namespace partita
