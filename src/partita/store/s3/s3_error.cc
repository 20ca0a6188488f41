#include "partita/store/s3/s3_error.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/store/s3/s3_xml.h"

namespace partita {
namespace {

constexpr size_t kMaxMessage = 300;

bool IsOneOf(std::string_view code, std::initializer_list<std::string_view> codes) {
  return std::ranges::find(codes, code) != codes.end();
}

// The codes that S3 gives with these statuses, where there is no body to tell.
std::string_view CodeOfStatus(int status) {
  switch (status) {
    case 301:
      return "PermanentRedirect";
    case 403:
      return "AccessDenied";
    case 404:
      return "NotFound";  // of what, the status does not tell
    case 408:
      return "RequestTimeout";
    case 412:
      return "PreconditionFailed";
    case 416:
      return "InvalidRange";
    case 429:
      return "TooManyRequests";
    case 500:
      return "InternalError";
    case 501:
      return "NotImplemented";
    case 503:
      return "ServiceUnavailable";
    default:
      return "";
  }
}

// A server's words go to people's terminals.
std::string Printable(std::string_view text) {
  std::string printable(text.substr(0, kMaxMessage));
  std::ranges::replace_if(
      printable,
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }, ' ');
  return printable;
}

bool IsThrottle(std::string_view code) {
  return IsOneOf(code, {"SlowDown", "SlowDownRead", "TooManyRequests", "Throttling",
                        "ThrottlingException", "RequestLimitExceeded",
                        "BandwidthLimitExceeded", "ServerBusy"});
}

// The server failed, the bytes were damaged on their way, or another request was at work on the object. SlowDownWrite is
// MinIO's word for a write that has not reached enough of its drives: it was begun, and asks for nothing.
bool IsPassing(std::string_view code) {
  return IsOneOf(
      code, {"InternalError", "ServiceUnavailable", "SlowDownWrite", "RequestTimeout",
             "OperationAborted", "ConditionalRequestConflict", "IncompleteBody",
             "BadDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch"});
}

bool IsConditionalWrite(const S3Request& request) {
  return request.method != "GET" &&
         std::ranges::any_of(request.headers, [](const HttpField& field) {
           return field.first == "if-none-match" || field.first == "if-match";
         });
}

bool IsListing(const S3Request& request) {
  return request.action.starts_with("s3:ListBucket");
}

std::string Resource(const S3Request& request) {
  const S3Location where = IsListing(request) ? request.where : SplitS3Path(request.path);
  return fmt::format("arn:aws:s3:::{}{}", where.bucket,
                     where.key.empty() ? "" : "/" + where.key);
}

// What to do about a refusal for want of a right.
std::string AdviceOfDenial(const S3Request& request, const S3Problem& problem) {
  if (problem.message.find("kms:") != std::string::npos ||
      problem.code == "KMS.AccessDeniedException") {
    return "grant kms:GenerateDataKey and kms:Decrypt on the key the objects are "
           "encrypted with";
  }
  std::string advice = fmt::format("grant {} on {}", request.action, Resource(request));
  if (request.action == "s3:GetObject") {
    advice +=
        ", and s3:ListBucket on the bucket: without it an object that is missing is "
        "denied too";
  }
  return advice;
}

// A code of the caller's, and what to say.
struct Advice {
  ErrorCode code = ErrorCode::kStoreUnavailable;
  std::string text;
};

struct KnownCode {
  std::string_view code;
  ErrorCode error;
  std::string_view advice;
};

constexpr std::array kKnownCodes{
    KnownCode{"InvalidAccessKeyId", ErrorCode::kStoreUnavailable,
              "the server does not know the access key; check AWS_ACCESS_KEY_ID or the "
              "profile, and that the endpoint is the one the key belongs to"},
    KnownCode{"SignatureDoesNotMatch", ErrorCode::kStoreUnavailable,
              "the secret key does not belong to the access key; check "
              "AWS_SECRET_ACCESS_KEY or the profile, and whether a proxy changes "
              "requests"},
    KnownCode{"ExpiredToken", ErrorCode::kStoreUnavailable,
              "the session of the keys has expired; log in again or renew "
              "AWS_SESSION_TOKEN, and run again"},
    KnownCode{"TokenRefreshRequired", ErrorCode::kStoreUnavailable,
              "the session of the keys has expired; log in again or renew "
              "AWS_SESSION_TOKEN, and run again"},
    KnownCode{"InvalidToken", ErrorCode::kStoreUnavailable,
              "the session token does not belong to the keys; log in again or renew "
              "AWS_SESSION_TOKEN together with the keys"},
    // MinIO's word for the same.
    KnownCode{"InvalidTokenId", ErrorCode::kStoreUnavailable,
              "the session token does not belong to the keys; log in again or renew "
              "AWS_SESSION_TOKEN together with the keys"},
    KnownCode{"RequestTimeTooSkewed", ErrorCode::kStoreUnavailable,
              "this machine's clock differs from the server's by more than a quarter of "
              "an hour; set it"},
    KnownCode{"NoSuchBucket", ErrorCode::kNotFound,
              "there is no such bucket; check its name and the endpoint"},
    KnownCode{"NoSuchKey", ErrorCode::kNotFound, "there is no such object"},
    KnownCode{"NoSuchUpload", ErrorCode::kNotFound,
              "there is no such upload any more; it was completed, aborted, or removed "
              "by a lifecycle rule"},
    KnownCode{"NotFound", ErrorCode::kNotFound,
              "there is nothing; check the path and that the endpoint speaks S3"},
    KnownCode{"InvalidBucketName", ErrorCode::kInvalidConfig,
              "the server allows no bucket of this name"},
    KnownCode{"KeyTooLongError", ErrorCode::kInvalidConfig,
              "the key is too long for the server; shorten path or partition values"},
    KnownCode{"XMinioInvalidObjectName", ErrorCode::kInvalidConfig,
              "the server allows no object of this name; shorten or change path or "
              "partition values"},
    KnownCode{"InvalidStorageClass", ErrorCode::kInvalidConfig,
              "the server has no such storage class; change create.storage.class"},
    KnownCode{"InvalidTag", ErrorCode::kInvalidConfig,
              "the server does not take these tags; change object.tags"},
    KnownCode{"PreconditionFailed", ErrorCode::kCommitConflict,
              "another writer was faster"},
    KnownCode{"ConditionalRequestConflict", ErrorCode::kCommitConflict,
              "another writer is at work on the object"},
    KnownCode{"ObjectParentIsFile", ErrorCode::kAlreadyExists,
              "an object lies where this server needs a folder; choose another path"},
    KnownCode{"ExistingObjectIsDirectory", ErrorCode::kAlreadyExists,
              "a folder lies where the object is to be; choose another path"},
    KnownCode{"InvalidObjectState", ErrorCode::kStoreUnavailable,
              "the object is archived; restore it first, then run again"},
    KnownCode{"QuotaExceeded", ErrorCode::kStoreUnavailable,
              "the server has no room left; make some, then run again"},
    KnownCode{"XMinioStorageFull", ErrorCode::kStoreUnavailable,
              "the server has no room left; make some, then run again"},
    // A server that was cut off in the middle of a completion may have lost the parts and kept the upload: it can be
    // completed as little as one that is gone.
    KnownCode{"EntityTooSmall", ErrorCode::kNotFound,
              "a part of the upload is smaller than the server allows"},
    KnownCode{"InvalidPart", ErrorCode::kNotFound,
              "a part of the upload is gone, or is not the one that was uploaded"},
    KnownCode{"InvalidPartOrder", ErrorCode::kNotFound,
              "the parts of the upload are not those that were uploaded"},
};

Advice AdviceOfRegion(const S3Problem& problem) {
  std::string text = "the bucket is in another region";
  if (IsRegionName(problem.region)) {
    text += ", " + problem.region;
  }
  return {.code = ErrorCode::kInvalidConfig,
          .text = text + "; set AWS_REGION, and the endpoint where one is set"};
}

// Of what a request writes; a read that lacks the key of its object has asked for nothing.
bool IsOfEncryption(const S3Request& request, const S3Problem& problem) {
  if (request.method != "PUT" && request.method != "POST") {
    return false;
  }
  const bool may_be =
      IsOneOf(problem.code, {"NotImplemented", "InvalidArgument", "InvalidRequest"});
  return IsOneOf(problem.code, {"KMS.NotFoundException", "KMS.DisabledException"}) ||
         (may_be && (problem.message.find("ncryption") != std::string::npos ||
                     problem.message.find("KMS") != std::string::npos));
}

// Servers have no code of their own for it: MinIO without keys says NotImplemented, Amazon InvalidArgument.
Advice AdviceOfEncryption(const S3Problem& problem) {
  if (problem.code == "KMS.NotFoundException") {
    return {.code = ErrorCode::kInvalidConfig,
            .text =
                "the server's key management has no such key; change the store "
                "option encryption.key, or the bucket's own encryption"};
  }
  return {.code = ErrorCode::kInvalidConfig,
          .text =
              "the server does not encrypt as it is asked to; leave out or change "
              "the store options encryption.algorithm and encryption.key, and the "
              "bucket's own encryption, or set up the server's key management"};
}

Advice AdviceOf(const S3Request& request, const S3Problem& problem) {
  const std::string_view code = problem.code;
  if (code.empty() && problem.status >= 200 && problem.status < 300) {
    return {.text = "the server's answer is not what S3 answers; is the endpoint right?"};
  }
  if (IsOneOf(code, {"AccessDenied", "AllAccessDisabled", "AccountProblem",
                     "KMS.AccessDeniedException"})) {
    return {.text = AdviceOfDenial(request, problem)};
  }
  if (IsOfEncryption(request, problem)) {
    return AdviceOfEncryption(problem);
  }
  if (IsOneOf(code, {"PermanentRedirect", "TemporaryRedirect", "Redirect",
                     "AuthorizationHeaderMalformed", "IllegalLocationConstraintException",
                     "InvalidRegion"})) {
    return AdviceOfRegion(problem);
  }
  if (IsConditionalWrite(request) && IsOneOf(code, {"NotImplemented", "NotSupported"})) {
    return {.text =
                "this store has no conditional writes (If-None-Match, If-Match), so that "
                "two writers could not be told apart; write elsewhere, or "
                "--unsafe-commit where no other job ever writes at the same time"};
  }
  if (IsThrottle(code)) {
    return {.text = "the server keeps asking for fewer requests; run again later"};
  }
  if (IsPassing(code) && code != "ConditionalRequestConflict") {
    return {.text = "the server keeps failing; run again later"};
  }
  const auto* const known = std::ranges::find(kKnownCodes, code, &KnownCode::code);
  if (known != kKnownCodes.end()) {
    return {.code = known->error, .text = std::string(known->advice)};
  }
  return {.text = "the server refused a request"};
}

std::string Details(const S3Problem& problem) {
  std::string details = problem.code.empty() ? fmt::format("status {}", problem.status)
                                             : Printable(problem.code);
  if (!problem.message.empty()) {
    details += ": " + Printable(problem.message);
  }
  if (!problem.request_id.empty()) {
    details += ", request " + Printable(problem.request_id);
  }
  return details;
}

}  // namespace

S3Problem ProblemOf(const HttpResponse& response) {
  S3Problem problem;
  problem.status = response.status;
  auto document = ParseErrorDocument(response.body);
  if (document) {
    problem.code = std::move(document->code);
    problem.message = std::move(document->message);
    problem.region = std::move(document->region);
    problem.request_id = std::move(document->request_id);
  } else if (!response.is_success()) {
    problem.code = CodeOfStatus(response.status);
  }
  if (const std::string_view region = response.Header("x-amz-bucket-region");
      !region.empty()) {
    problem.region = region;
  }
  if (problem.request_id.empty()) {
    problem.request_id = response.Header("x-amz-request-id");
  }
  return problem;
}

AnswerKind JudgeCode(std::string_view code) {
  if (IsThrottle(code)) {
    return AnswerKind::kThrottled;
  }
  return IsPassing(code) ? AnswerKind::kRetry : AnswerKind::kFinal;
}

AnswerKind JudgeAnswer(const S3Request& request, const HttpResponse& response) {
  if (response.is_success() && request.document.empty()) {
    return AnswerKind::kFinal;  // bodies of objects are not looked into
  }
  if (response.is_success()) {
    // Status 200 comes before S3 knows how it ends: the body may hold an error, or be cut off.
    const S3Problem problem = ProblemOf(response);
    if (!problem.code.empty()) {
      return JudgeCode(problem.code);
    }
    return IsCompletedUpload(response.body) || ParseDeleteResult(response.body).ok()
               ? AnswerKind::kFinal
               : AnswerKind::kRetry;
  }
  if (response.status == 503 && request.method == "HEAD") {
    return AnswerKind::kThrottled;  // has no body to say so, and nothing to act on
  }
  const AnswerKind by_code = JudgeCode(ProblemOf(response).code);
  const bool is_passing = response.status == 408 || response.status == 429 ||
                          response.status == 500 || response.status == 502 ||
                          response.status == 503 || response.status == 504;
  if (by_code != AnswerKind::kFinal || !is_passing) {
    return by_code;
  }
  return AnswerKind::kRetry;
}

arrow::Status ErrorOf(const S3Request& request, const S3Problem& problem) {
  const Advice advice = AdviceOf(request, problem);
  return Error(advice.code, "{}: {} ({})", advice.text, request.path, Details(problem));
}

arrow::Status ErrorOf(const S3Request& request, const HttpResponse& response) {
  return ErrorOf(request, ProblemOf(response));
}

}  // namespace partita
