#include "partita/store/s3/s3_requests.h"

#include <algorithm>
#include <string>

#include <fmt/core.h>

#include "partita/http/canonical_url.h"
#include "partita/store/s3/s3_checksum.h"
#include "partita/store/s3/s3_xml.h"

namespace partita {
namespace {

constexpr char kDataType[] = "application/octet-stream";
// Of an answer that says why there are no bytes of an object.
constexpr int64_t kMostErrorBytes = int64_t{64} << 10;

S3Request Request(std::string method, const S3Location& where, RequestClass request_class,
                  std::string_view action) {
  S3Request request;
  request.method = std::move(method);
  request.where = where;
  request.request_class = request_class;
  request.action = action;
  request.path = where.path();
  return request;
}

void AddCondition(const PutCondition& condition, S3Request* request) {
  switch (condition.kind) {
    case PutCondition::Kind::kAlways:
      break;
    case PutCondition::Kind::kIfMissing:
      request->headers.emplace_back("if-none-match", "*");
      break;
    case PutCondition::Kind::kIfSame:
      request->headers.emplace_back("if-match", condition.etag);
      break;
  }
}

void AddEncryption(const S3Options& options, S3Request* request) {
  switch (options.encryption) {
    case S3Encryption::kBucketDefault:
      break;
    case S3Encryption::kSseS3:
      request->headers.emplace_back("x-amz-server-side-encryption", "AES256");
      break;
    case S3Encryption::kSseKms:
      request->headers.emplace_back("x-amz-server-side-encryption", "aws:kms");
      if (!options.kms_key_id.empty()) {
        request->headers.emplace_back("x-amz-server-side-encryption-aws-kms-key-id",
                                      options.kms_key_id);
      }
      break;
  }
}

void AddDataAttributes(const S3Options& options, S3Request* request) {
  AddEncryption(options, request);
  if (!options.storage_class.empty()) {
    request->headers.emplace_back("x-amz-storage-class", options.storage_class);
  }
  std::string tags;
  for (const auto& [name, value] : options.tags) {
    tags += (tags.empty() ? "" : "&") + UriEncode(name) + "=" + UriEncode(value);
  }
  if (!tags.empty()) {
    request->headers.emplace_back("x-amz-tagging", std::move(tags));
  }
}

void AddBytes(std::string_view bytes, S3Request* request) {
  request->bytes = bytes;
  request->headers.emplace_back("content-type", kDataType);
  request->headers.emplace_back("x-amz-checksum-crc32c", Crc32cText(bytes));
}

void AddDocument(std::string document, S3Request* request) {
  request->document = std::move(document);
  request->headers.emplace_back("content-type", "application/xml");
}

S3Request PutRequest(const S3Location& where, std::string_view bytes,
                     const PutCondition& condition) {
  S3Request request = Request("PUT", where, RequestClass::kPut, "s3:PutObject");
  AddCondition(condition, &request);
  AddBytes(bytes, &request);
  return request;
}

// Names of hosts have no capitals and no `_`; a certificate for `*.s3.…` is not good for a name with dots.
bool FitsHostName(std::string_view bucket) {
  return std::ranges::all_of(bucket, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::string Endpoint(const S3Options& options, const std::string& region) {
  return options.endpoint.empty() ? AmazonEndpoint("s3", region) : options.endpoint;
}

std::string Url(const S3Request& request, const S3Options& options,
                const std::string& region) {
  std::string base = Endpoint(options, region);
  const S3Location& where = request.where;
  const bool is_path_style = options.is_path_style.value_or(!options.endpoint.empty()) ||
                             !FitsHostName(where.bucket);
  if (!is_path_style) {
    base.insert(base.find("://") + 3, where.bucket + ".");
    return CanonicalUrl(base, "/" + where.key, request.query);
  }
  return CanonicalUrl(base,
                      "/" + where.bucket + (where.key.empty() ? "" : "/" + where.key),
                      request.query);
}

}  // namespace

S3Request GetObjectRequest(const S3Location& where) {
  S3Request request = Request("GET", where, RequestClass::kGet, "s3:GetObject");
  request.headers.emplace_back("x-amz-checksum-mode", "ENABLED");
  return request;
}

S3Request GetRangeRequest(const S3Location& where, const S3Range& range,
                          const std::string& etag) {
  S3Request request = Request("GET", where, RequestClass::kGet, "s3:GetObject");
  request.headers.emplace_back(
      "range", fmt::format("bytes={}-{}", range.first, range.first + range.count - 1));
  request.headers.emplace_back("if-match", etag);
  request.max_answer = std::max(range.count, kMostErrorBytes);
  return request;
}

S3Request HeadObjectRequest(const S3Location& where) {
  S3Request request = Request("HEAD", where, RequestClass::kHead, "s3:GetObject");
  request.headers.emplace_back("x-amz-checksum-mode", "ENABLED");
  return request;
}

S3Request PutStateRequest(const S3Location& where, std::string_view bytes,
                          const PutCondition& condition, const S3Options& options) {
  S3Request request = PutRequest(where, bytes, condition);
  AddEncryption(options, &request);
  return request;
}

S3Request PutDataRequest(const S3Location& where, std::string_view bytes,
                         const PutCondition& condition, const S3Options& options) {
  S3Request request = PutRequest(where, bytes, condition);
  AddDataAttributes(options, &request);
  return request;
}

S3Request CreateUploadRequest(const S3Location& where, const S3Options& options) {
  S3Request request = Request("POST", where, RequestClass::kPost, "s3:PutObject");
  request.query = {{"uploads", ""}};
  request.headers.emplace_back("content-type", kDataType);
  request.headers.emplace_back("x-amz-checksum-algorithm", "CRC32C");
  AddDataAttributes(options, &request);
  return request;
}

S3Request UploadPartRequest(const S3Location& where, const std::string& upload_id,
                            int number, std::string_view bytes) {
  S3Request request = Request("PUT", where, RequestClass::kPut, "s3:PutObject");
  request.query = {{"partNumber", std::to_string(number)}, {"uploadId", upload_id}};
  AddBytes(bytes, &request);
  return request;
}

S3Request CompleteUploadRequest(const S3Location& where, const std::string& upload_id,
                                std::span<const UploadedPart> parts,
                                const PutCondition& condition) {
  S3Request request = Request("POST", where, RequestClass::kPost, "s3:PutObject");
  request.query = {{"uploadId", upload_id}};
  AddCondition(condition, &request);
  AddDocument(CompleteUploadText(parts), &request);
  return request;
}

S3Request AbortUploadRequest(const S3Location& where, const std::string& upload_id) {
  S3Request request =
      Request("DELETE", where, RequestClass::kDelete, "s3:AbortMultipartUpload");
  request.query = {{"uploadId", upload_id}};
  return request;
}

S3Request DeleteObjectRequest(const S3Location& where) {
  return Request("DELETE", where, RequestClass::kDelete, "s3:DeleteObject");
}

S3Request DeleteObjectsRequest(const std::string& bucket,
                               std::span<const std::string> keys) {
  S3Request request = Request("POST", {.bucket = bucket, .key = ""},
                              RequestClass::kDelete, "s3:DeleteObject");
  request.query = {{"delete", ""}};
  AddDocument(DeleteObjectsText(keys), &request);
  // The server insists on a checksum of what is to be removed.
  request.headers.emplace_back("x-amz-sdk-checksum-algorithm", "CRC32C");
  request.headers.emplace_back("x-amz-checksum-crc32c", Crc32cText(request.document));
  if (!keys.empty()) {
    request.path = S3Location{.bucket = bucket, .key = keys.front()}.path();
  }
  return request;
}

S3Request ListObjectsRequest(const S3ListRange& range, const std::string& token) {
  S3Request request = Request("GET", {.bucket = range.prefix.bucket, .key = ""},
                              RequestClass::kList, "s3:ListBucket");
  request.query = {{"list-type", "2"},
                   {"encoding-type", "url"},
                   {"max-keys", std::to_string(range.max_keys)},
                   {"prefix", range.prefix.key}};
  if (!range.delimiter.empty()) {
    request.query.emplace_back("delimiter", range.delimiter);
  }
  if (!token.empty()) {
    request.query.emplace_back("continuation-token", token);
  } else if (!range.start_after.empty()) {
    request.query.emplace_back("start-after", range.start_after);
  }
  request.path = range.prefix.path();
  return request;
}

S3Request ListUploadsRequest(const S3Location& prefix, const std::string& key,
                             const std::string& id) {
  S3Request request = Request("GET", {.bucket = prefix.bucket, .key = ""},
                              RequestClass::kList, "s3:ListBucketMultipartUploads");
  request.query = {{"uploads", ""}, {"encoding-type", "url"}};
  if (!prefix.key.empty()) {
    request.query.emplace_back("prefix", prefix.key);
  }
  if (!key.empty()) {
    request.query.emplace_back("key-marker", key);
  }
  if (!id.empty()) {
    request.query.emplace_back("upload-id-marker", id);
  }
  request.path = prefix.path();
  return request;
}

S3Request ListPartsRequest(const S3Location& where, const std::string& upload_id,
                           const std::string& marker) {
  S3Request request =
      Request("GET", where, RequestClass::kList, "s3:ListMultipartUploadParts");
  request.query = {{"uploadId", upload_id}};
  if (!marker.empty()) {
    request.query.emplace_back("part-number-marker", marker);
  }
  return request;
}

HttpRequest MakeHttpRequest(const S3Request& request, const S3Options& options,
                            const std::string& region) {
  HttpRequest http;
  http.method = request.method;
  http.url = Url(request, options, region);
  http.headers = request.headers;
  http.body = request.body();
  http.max_answer = request.max_answer;
  if (!request.bytes.empty() && http.url.starts_with("https://")) {
    http.headers.emplace_back("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
  }
  if (options.requester_pays) {
    http.headers.emplace_back("x-amz-request-payer", "requester");
  }
  return http;
}

std::string PaceKey(const S3Request& request) {
  const S3Location subject = SplitS3Path(request.path);
  return subject.bucket + "/" + subject.key.substr(0, subject.key.find('/'));
}

}  // namespace partita
