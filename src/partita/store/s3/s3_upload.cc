#include "partita/store/s3/s3_upload.h"

#include <utility>

#include "partita/base/error.h"
#include "partita/store/s3/s3_checksum.h"
#include "partita/store/s3/s3_error.h"
#include "partita/store/s3/s3_object.h"
#include "partita/store/s3/s3_requests.h"
#include "partita/store/s3/s3_xml.h"

namespace partita {
namespace {

// Whether the object that lies there is the one of these parts.
arrow::Result<bool> IsInPlace(S3Client* client, const S3Location& where,
                              std::span<const UploadedPart> parts) {
  const std::string checksum = CompositeCrc32cText(parts);
  ARROW_ASSIGN_OR_RAISE(const auto there, HeadS3Object(client, where));
  return there && !checksum.empty() && there->checksum == checksum;
}

bool IsCompleted(const HttpResponse& response) {
  return response.is_success() && IsCompletedUpload(response.body);
}

}  // namespace

arrow::Result<std::string> BeginS3Upload(S3Client* client, const S3Location& where) {
  ARROW_ASSIGN_OR_RAISE(const HttpResponse response,
                        client->Ask(CreateUploadRequest(where, client->options())));
  auto id = ParseCreatedUpload(response.body);
  ARROW_RETURN_NOT_OK(WithContext(id.status(), where.path()));
  return id;
}

arrow::Result<UploadedPart> UploadS3Part(S3Client* client, const OpenUpload& upload,
                                         int number, std::string_view bytes) {
  const S3Location where = SplitS3Path(upload.path);
  ARROW_ASSIGN_OR_RAISE(const HttpResponse response,
                        client->Ask(UploadPartRequest(where, upload.id, number, bytes)));
  UploadedPart part{.etag = std::string(response.Header("etag")),
                    .checksum = std::string(response.Header("x-amz-checksum-crc32c"))};
  if (part.etag.empty()) {
    return Error(ErrorCode::kStoreUnavailable,
                 "the server tells no ETag of part {}; is the endpoint right? {}", number,
                 upload.path);
  }
  if (!part.checksum.empty() && part.checksum != Crc32cText(bytes)) {
    return Error(ErrorCode::kStoreUnavailable,
                 "part {} has not arrived as it was sent; run again: {}", number,
                 upload.path);
  }
  return part;
}

arrow::Status CompleteS3Upload(S3Client* client, const OpenUpload& upload,
                               std::span<const UploadedPart> parts,
                               const PutCondition& condition) {
  const S3Location where = SplitS3Path(upload.path);
  const S3Request request = CompleteUploadRequest(where, upload.id, parts, condition);
  const auto sent = client->Send(request);
  if (sent.ok() && IsCompleted(sent->response)) {
    return arrow::Status::OK();
  }
  arrow::Status failure = sent.ok() ? ErrorOf(request, sent->response) : sent.status();
  const bool is_lost =
      sent.ok() ? sent->may_have_acted ||
                      JudgeAnswer(request, sent->response) == AnswerKind::kRetry
                : CodeOf(sent.status()) == ErrorCode::kStoreUnavailable;
  if (is_lost) {
    const auto is_in_place = IsInPlace(client, where, parts);
    if (is_in_place.ok() && *is_in_place) {
      return arrow::Status::OK();
    }
  }
  return failure;
}

arrow::Status AbortS3Upload(S3Client* client, const OpenUpload& upload) {
  const S3Request request = AbortUploadRequest(SplitS3Path(upload.path), upload.id);
  ARROW_ASSIGN_OR_RAISE(const Answer answer, client->Send(request));
  if (answer.response.is_success() || ProblemOf(answer.response).code == "NoSuchUpload") {
    return arrow::Status::OK();
  }
  return ErrorOf(request, answer.response);
}

}  // namespace partita
