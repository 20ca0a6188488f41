#include "partita/store/s3/s3_object.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "partita/base/error.h"
#include "partita/store/s3/s3_checksum.h"
#include "partita/store/s3/s3_error.h"
#include "partita/store/s3/s3_time.h"

namespace partita {
namespace {

constexpr std::string_view kChecksumHeader = "x-amz-checksum-crc32c";

arrow::Status Conflict(const S3Location& where) {
  return Error(ErrorCode::kCommitConflict, "another writer was faster: {}", where.path());
}

// The next put would have no condition.
arrow::Status NoEtag(const S3Location& where) {
  return Error(ErrorCode::kStoreUnavailable,
               "the server tells no ETag of an object; is the endpoint right? {}",
               where.path());
}

arrow::Result<S3ObjectHead> ParseHead(const S3Location& where,
                                      const HttpResponse& response) {
  S3ObjectHead head;
  const std::string_view length = response.Header("content-length");
  const char* end = length.data() + length.size();
  const auto parsed = std::from_chars(length.data(), end, head.bytes);
  head.etag = response.Header("etag");
  if (parsed.ec != std::errc() || parsed.ptr != end || head.bytes < 0 ||
      head.etag.empty()) {
    return Error(ErrorCode::kStoreUnavailable,
                 "the server tells no size or ETag of an object; is the endpoint right? "
                 "{}",
                 where.path());
  }
  head.modified =
      ParseHttpDate(response.Header("last-modified")).value_or(std::chrono::seconds(0));
  head.checksum = response.Header(kChecksumHeader);
  return head;
}

bool IsRefusal(const HttpResponse& response) {
  return response.status == 400 || response.status == 401 || response.status == 403;
}

// Asks for a first byte, as an answer to HEAD does not say why it is refused. Where keys had expired there are new ones then.
arrow::Status ExplainRefusal(S3Client* client, const S3Location& where) {
  S3Request probe = GetObjectRequest(where);
  probe.headers = {{"range", "bytes=0-0"}};
  ARROW_ASSIGN_OR_RAISE(const Answer answer, client->Send(probe));
  return IsRefusal(answer.response) ? ErrorOf(probe, answer.response)
                                    : arrow::Status::OK();
}

std::chrono::seconds AgeOf(const HttpResponse& response) {
  const auto now = ParseHttpDate(response.Header("date"));
  const auto modified = ParseHttpDate(response.Header("last-modified"));
  return now && modified ? std::max(*now - *modified, std::chrono::seconds(0))
                         : std::chrono::seconds(0);
}

bool IsDamaged(const HttpResponse& response) {
  return response.status == 200 &&
         !FitsCrc32c(response.body, response.Header(kChecksumHeader));
}

// Whether what is there lets the condition hold.
bool Holds(const PutCondition& condition, const std::optional<StateObject>& there) {
  switch (condition.kind) {
    case PutCondition::Kind::kAlways:
      break;
    case PutCondition::Kind::kIfMissing:
      return !there;
    case PutCondition::Kind::kIfSame:
      return there && there->etag == condition.etag;
  }
  return true;
}

// What has become of a put that may have taken place although its last answer does not say so.
arrow::Result<std::string> LookForPut(S3Client* client, const S3Request& put,
                                      const PutCondition& condition, bool is_refused,
                                      const arrow::Status& failure) {
  auto looked = ReadS3Object(client, put.where);
  if (!looked.ok()) {
    return Error(ErrorCode::kCommitStateUnknown,
                 "it is not known whether a put took place: {}: {}; looking failed too: "
                 "{}",
                 put.path, failure.message(), looked.status().message());
  }
  const auto& there = *looked;
  if (there && there->text == put.bytes) {
    return there->etag;
  }
  if (!Holds(condition, there)) {
    return Conflict(put.where);
  }
  // A last attempt that was not answered may be on its way still.
  return is_refused ? failure
                    : Error(ErrorCode::kCommitStateUnknown,
                            "a put was not answered and has not taken place so far: {}: "
                            "{}",
                            put.path, failure.message());
}

// For stores without conditions (S3Options::unsafe_commit): looks first, and hopes that nobody comes in between.
arrow::Status CheckCondition(S3Client* client, const S3Location& where,
                             const PutCondition& condition) {
  ARROW_ASSIGN_OR_RAISE(const auto there, ReadS3Object(client, where));
  return Holds(condition, there) ? arrow::Status::OK() : Conflict(where);
}

arrow::Result<std::string> SendPut(S3Client* client, const S3Request& put,
                                   const PutCondition& condition) {
  const auto sent = client->Send(put);
  const bool is_conditional = condition.kind != PutCondition::Kind::kAlways;
  if (sent.ok() && sent->response.is_success()) {
    std::string etag(sent->response.Header("etag"));
    if (!etag.empty()) {
      return etag;
    }
    return is_conditional ? LookForPut(client, put, condition, false, NoEtag(put.where))
                          : NoEtag(put.where);
  }
  if (!sent.ok()) {
    // Bytes that are put without a condition may have lain there before: reading them would prove nothing.
    return is_conditional && CodeOf(sent.status()) == ErrorCode::kStoreUnavailable
               ? LookForPut(client, put, condition, false, sent.status())
               : sent.status();
  }
  const S3Problem problem = ProblemOf(sent->response);
  const bool is_gone = condition.kind == PutCondition::Kind::kIfSame &&
                       (problem.code == "NoSuchKey" || problem.code == "NotFound");
  const arrow::Status failure = is_gone ? Conflict(put.where) : ErrorOf(put, problem);
  const bool is_refused =
      JudgeAnswer(put, sent->response) != AnswerKind::kRetry || problem.status == 409;
  if (!is_conditional || (is_refused && !sent->may_have_acted)) {
    return failure;
  }
  return LookForPut(client, put, condition, is_refused, failure);
}

}  // namespace

arrow::Result<std::optional<S3ObjectHead>> HeadS3Object(S3Client* client,
                                                        const S3Location& where) {
  const S3Request request = HeadObjectRequest(where);
  ARROW_ASSIGN_OR_RAISE(Answer answer, client->Send(request));
  if (IsRefusal(answer.response)) {
    ARROW_RETURN_NOT_OK(ExplainRefusal(client, where));
    ARROW_ASSIGN_OR_RAISE(answer, client->Send(request));
  }
  const HttpResponse& response = answer.response;
  if (response.status == 404) {
    return std::nullopt;
  }
  if (!response.is_success()) {
    return ErrorOf(request, response);
  }
  ARROW_ASSIGN_OR_RAISE(S3ObjectHead head, ParseHead(where, response));
  return head;
}

arrow::Result<std::optional<StateObject>> ReadS3Object(S3Client* client,
                                                       const S3Location& where) {
  const S3Request request = GetObjectRequest(where);
  ARROW_ASSIGN_OR_RAISE(
      Answer answer, client->Send(request, [&](const HttpResponse& response) {
        return IsDamaged(response) ? AnswerKind::kRetry : JudgeAnswer(request, response);
      }));
  HttpResponse& response = answer.response;
  if (IsDamaged(response)) {
    return Error(ErrorCode::kStoreUnavailable,
                 "an object's bytes are not those of its checksum: {}", where.path());
  }
  if (!response.is_success()) {
    const S3Problem problem = ProblemOf(response);
    if (problem.code == "NoSuchKey") {
      return std::nullopt;
    }
    return ErrorOf(request, problem);
  }
  const std::chrono::seconds age = AgeOf(response);
  std::string etag(response.Header("etag"));
  if (etag.empty()) {
    return NoEtag(where);
  }
  return StateObject{
      .text = std::move(response.body), .etag = std::move(etag), .age = age};
}

arrow::Result<std::string> PutS3State(S3Client* client, const S3Location& where,
                                      std::string_view bytes,
                                      const PutCondition& condition) {
  const S3Options& options = client->options();
  if (!options.unsafe_commit) {
    return SendPut(client, PutStateRequest(where, bytes, condition, options), condition);
  }
  ARROW_RETURN_NOT_OK(CheckCondition(client, where, condition));
  return SendPut(client, PutStateRequest(where, bytes, {}, options), condition);
}

arrow::Result<std::string> PutS3NewFile(S3Client* client, const S3Location& where,
                                        std::string_view bytes) {
  const S3Options& options = client->options();
  const PutCondition condition =
      options.unsafe_commit
          ? PutCondition{}
          : PutCondition{.kind = PutCondition::Kind::kIfMissing, .etag = ""};
  return SendPut(client, PutDataRequest(where, bytes, condition, options), condition);
}

}  // namespace partita
