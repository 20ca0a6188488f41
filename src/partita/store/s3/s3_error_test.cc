#include "partita/store/s3/s3_error.h"

#include <string>
#include <vector>

#include <fmt/core.h>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const S3Location kObject{.bucket = "bucket", .key = "data/a.csv"};
const PutCondition kIfMissing{.kind = PutCondition::Kind::kIfMissing, .etag = ""};

S3Request Put() { return PutStateRequest(kObject, "x", kIfMissing, {}); }

S3Request Complete() { return CompleteUploadRequest(kObject, "id", {}, {}); }

S3Request List() {
  return ListObjectsRequest({.prefix = {.bucket = "bucket", .key = "data/"}}, "");
}

S3Request Remove() {
  const std::vector<std::string> keys = {"a"};
  return DeleteObjectsRequest("bucket", keys);
}

HttpResponse Response(int status, std::string body = "") {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

HttpResponse Refusal(int status, const std::string& code,
                     const std::string& message = "no") {
  return Response(status, fmt::format("<Error><Code>{}</Code><Message>{}</Message>"
                                      "<RequestId>R7</RequestId></Error>",
                                      code, message));
}

TEST(S3ErrorTest, NamesTheRightThatIsMissingAndWhere) {
  const HttpResponse denied = Refusal(403, "AccessDenied");
  EXPECT_THAT(ErrorOf(Put(), denied),
              FailsWith(ErrorCode::kStoreUnavailable,
                        AllOf(HasSubstr("grant s3:PutObject on "
                                        "arn:aws:s3:::bucket/data/a.csv"),
                              HasSubstr("s3://bucket/data/a.csv"),
                              HasSubstr("AccessDenied: no"), HasSubstr("request R7"))));
  EXPECT_THAT(ErrorOf(List(), denied),
              FailsWith(ErrorCode::kStoreUnavailable,
                        AllOf(HasSubstr("grant s3:ListBucket on arn:aws:s3:::bucket:"),
                              HasSubstr("s3://bucket/data/"))));
  EXPECT_THAT(ErrorOf(Remove(), denied),
              FailsWith(ErrorCode::kStoreUnavailable,
                        HasSubstr("s3:DeleteObject on arn:aws:s3:::bucket/a")));
  EXPECT_THAT(ErrorOf(AbortUploadRequest(kObject, "id"), denied),
              FailsWith(ErrorCode::kStoreUnavailable,
                        HasSubstr("grant s3:AbortMultipartUpload on")));
}

// Without s3:ListBucket what is missing is denied, not missing.
TEST(S3ErrorTest, SaysThatADeniedObjectMayBeAMissingOne) {
  EXPECT_THAT(ErrorOf(GetObjectRequest(kObject), Refusal(403, "AccessDenied")),
              FailsWith(ErrorCode::kStoreUnavailable,
                        AllOf(HasSubstr("s3:GetObject"), HasSubstr("s3:ListBucket"))));
}

TEST(S3ErrorTest, NamesTheRightsOnAKeyOfKms) {
  EXPECT_THAT(ErrorOf(Put(), Refusal(403, "AccessDenied",
                                     "not authorized to perform: kms:GenerateDataKey")),
              FailsWith(ErrorCode::kStoreUnavailable,
                        AllOf(HasSubstr("grant kms:GenerateDataKey"),
                              Not(HasSubstr("grant s3:")))));
}

TEST(S3ErrorTest, SaysWhatToDoAboutEncryptionThatIsRefused) {
  for (const char* code : {"NotImplemented", "InvalidArgument", "InvalidRequest"}) {
    EXPECT_THAT(ErrorOf(Put(), Refusal(400, code,
                                       "Server side encryption specified but KMS is not "
                                       "configured")),
                FailsWith(ErrorCode::kInvalidConfig,
                          AllOf(HasSubstr("encryption.algorithm"), HasSubstr(code),
                                Not(HasSubstr("unsafe-commit")))));
  }
  EXPECT_THAT(ErrorOf(Put(), Refusal(400, "KMS.NotFoundException", "Invalid keyId")),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("encryption.key")));
  EXPECT_THAT(ErrorOf(Put(), Refusal(400, "KMS.DisabledException", "key is disabled")),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("key management")));
}

// It has asked for no encryption, and a server's trouble with its keys is no wrong setting.
TEST(S3ErrorTest, BlamesNoEncryptionThatNobodyHasAskedFor) {
  const std::string text =
      "The object was stored using a form of Server Side Encryption. The correct "
      "parameters must be provided";
  EXPECT_THAT(
      ErrorOf(GetObjectRequest(kObject), Refusal(400, "InvalidRequest", text)),
      FailsWith(ErrorCode::kStoreUnavailable, Not(HasSubstr("encryption.algorithm"))));
  EXPECT_THAT(
      ErrorOf(Put(), Refusal(400, "KMS.InvalidStateException", "pending")),
      FailsWith(ErrorCode::kStoreUnavailable, Not(HasSubstr("encryption.algorithm"))));
  EXPECT_THAT(
      ErrorOf(Put(), Refusal(412, "PreconditionFailed", "KMS-table/HEAD")),
      FailsWith(ErrorCode::kCommitConflict, Not(HasSubstr("encryption.algorithm"))));
}

TEST(S3ErrorTest, SaysWhatToCheckOfKeysAndClocks) {
  EXPECT_THAT(
      ErrorOf(Put(), Refusal(403, "SignatureDoesNotMatch")),
      FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("AWS_SECRET_ACCESS_KEY")));
  EXPECT_THAT(ErrorOf(Put(), Refusal(403, "InvalidAccessKeyId")),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("AWS_ACCESS_KEY_ID")));
  EXPECT_THAT(ErrorOf(Put(), Refusal(400, "ExpiredToken")),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("AWS_SESSION_TOKEN")));
  for (const char* code :
       {"InvalidToken", "InvalidTokenId"}) {  // AWS's word, and MinIO's
    EXPECT_THAT(ErrorOf(Put(), Refusal(403, code)),
                FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("AWS_SESSION_TOKEN")));
  }
  EXPECT_THAT(ErrorOf(Put(), Refusal(403, "RequestTimeTooSkewed")),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("clock")));
}

TEST(S3ErrorTest, TellsNoneOfWhatServersRepeatOfARequest) {
  const std::string body =
      "<Error><Code>SignatureDoesNotMatch</Code><Message>differs</Message>"
      "<AWSAccessKeyId>AKIDEXAMPLE</AWSAccessKeyId><Token-0>TOKEN-TEXT</Token-0>"
      "<StringToSign>AWS4-HMAC-SHA256</StringToSign>"
      "<SignatureProvided>abcdef</SignatureProvided></Error>";
  EXPECT_THAT(ErrorOf(Put(), Response(403, body)),
              FailsWith(ErrorCode::kStoreUnavailable,
                        AllOf(Not(HasSubstr("AKIDEXAMPLE")), Not(HasSubstr("TOKEN-TEXT")),
                              Not(HasSubstr("AWS4")), Not(HasSubstr("abcdef")))));
}

TEST(S3ErrorTest, KeepsAServersWordsShortAndWithoutControlCharacters) {
  const arrow::Status status =
      ErrorOf(Put(), Refusal(400, "Odd", "\x1B[31m&#27;[2J" + std::string(10'000, 'x')));
  EXPECT_EQ(status.message().find('\x1B'), std::string::npos);
  EXPECT_LT(status.message().size(), 600);
}

TEST(S3ErrorTest, TellsWhatIsMissing) {
  EXPECT_THAT(ErrorOf(List(), Refusal(404, "NoSuchBucket")),
              FailsWith(ErrorCode::kNotFound, HasSubstr("no such bucket")));
  EXPECT_THAT(ErrorOf(Put(), Refusal(404, "NoSuchKey")),
              FailsWith(ErrorCode::kNotFound, HasSubstr("no such object")));
  EXPECT_THAT(ErrorOf(Complete(), Refusal(404, "NoSuchUpload")),
              FailsWith(ErrorCode::kNotFound, HasSubstr("lifecycle rule")));
}

TEST(S3ErrorTest, TellsTheRegionWhereTheBucketIs) {
  HttpResponse moved = Response(301);
  moved.headers = {{"x-amz-bucket-region", "eu-west-1"}};
  EXPECT_THAT(
      ErrorOf(List(), moved),
      FailsWith(ErrorCode::kInvalidConfig,
                AllOf(HasSubstr("another region, eu-west-1"), HasSubstr("AWS_REGION"))));
  const HttpResponse malformed =
      Response(400,
               "<Error><Code>AuthorizationHeaderMalformed</Code>"
               "<Region>us-west-2</Region></Error>");
  EXPECT_THAT(ErrorOf(List(), malformed),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("us-west-2")));
}

TEST(S3ErrorTest, TellsALostRace) {
  EXPECT_THAT(ErrorOf(Put(), Response(412)),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("another writer")));
  EXPECT_THAT(ErrorOf(Put(), Refusal(409, "ConditionalRequestConflict")),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr("another writer")));
}

TEST(S3ErrorTest, SaysHowToWriteWithoutConditions) {
  EXPECT_THAT(ErrorOf(Put(), Refusal(501, "NotImplemented")),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("--unsafe-commit")));
  EXPECT_THAT(ErrorOf(GetRangeRequest(kObject, {.first = 0, .count = 1}, "\"e\""),
                      Refusal(501, "NotImplemented")),
              FailsWith(ErrorCode::kStoreUnavailable, Not(HasSubstr("--unsafe-commit"))));
  EXPECT_THAT(ErrorOf(List(), Refusal(501, "NotImplemented")),
              FailsWith(ErrorCode::kStoreUnavailable, Not(HasSubstr("--unsafe-commit"))));
}

TEST(S3ErrorTest, TellsAnObjectWhereAFolderIsNeeded) {
  EXPECT_THAT(ErrorOf(Put(), Refusal(409, "ObjectParentIsFile")),
              FailsWith(ErrorCode::kAlreadyExists, HasSubstr("another path")));
}

TEST(S3ErrorTest, TellsAnAnswerThatIsNotOfS3) {
  EXPECT_THAT(ErrorOf(List(), Response(404, "<html>Not Found</html>")),
              FailsWith(ErrorCode::kNotFound, HasSubstr("speaks S3")));
  EXPECT_THAT(ErrorOf(Complete(), Response(200, "<html>Welcome</html>")),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("endpoint")));
  EXPECT_THAT(ErrorOf(List(), Response(418)),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("status 418")));
}

TEST(S3ErrorTest, TriesAgainWhatPasses) {
  for (const int status : {500, 502, 503, 504, 408}) {
    EXPECT_EQ(JudgeAnswer(Put(), Response(status)), AnswerKind::kRetry) << status;
  }
  for (const char* code : {"InternalError", "RequestTimeout", "OperationAborted",
                           "ConditionalRequestConflict", "BadDigest", "IncompleteBody"}) {
    EXPECT_EQ(JudgeAnswer(Put(), Refusal(400, code)), AnswerKind::kRetry) << code;
  }
}

// MinIO says so of a write that stands on some of its drives: a repeated one may meet itself.
TEST(S3ErrorTest, AWriteThatLacksDrivesMayHaveBeenCarriedOut) {
  EXPECT_EQ(JudgeAnswer(Put(), Refusal(503, "SlowDownWrite")), AnswerKind::kRetry);
  EXPECT_EQ(JudgeAnswer(Put(), Refusal(503, "SlowDownRead")), AnswerKind::kThrottled);
}

TEST(S3ErrorTest, SlowsDownWhenAsked) {
  EXPECT_EQ(JudgeAnswer(Put(), Refusal(503, "SlowDown")), AnswerKind::kThrottled);
  EXPECT_EQ(JudgeAnswer(Put(), Response(429)), AnswerKind::kThrottled);
  EXPECT_EQ(JudgeAnswer(HeadObjectRequest(kObject), Response(503)),
            AnswerKind::kThrottled);
}

TEST(S3ErrorTest, TakesWhatTryingAgainDoesNotChange) {
  for (const int status : {200, 204, 206, 301, 400, 403, 404, 405, 409, 412, 416, 501}) {
    EXPECT_EQ(JudgeAnswer(Put(), Response(status)), AnswerKind::kFinal) << status;
  }
  for (const char* code : {"AccessDenied", "SignatureDoesNotMatch", "NoSuchUpload",
                           "InvalidPart", "EntityTooSmall", "NoSuchBucket"}) {
    EXPECT_EQ(JudgeAnswer(Put(), Refusal(400, code)), AnswerKind::kFinal) << code;
  }
}

TEST(S3ErrorTest, LooksIntoGoodAnswersThatMayHoldAnError) {
  EXPECT_EQ(JudgeAnswer(Complete(), Response(200, "<CompleteMultipartUploadResult/>")),
            AnswerKind::kFinal);
  EXPECT_EQ(JudgeAnswer(Complete(), Refusal(200, "InternalError")), AnswerKind::kRetry);
  EXPECT_EQ(JudgeAnswer(Complete(), Refusal(200, "SlowDown")), AnswerKind::kThrottled);
  EXPECT_EQ(JudgeAnswer(Complete(), Refusal(200, "InvalidPart")), AnswerKind::kFinal);
  EXPECT_EQ(JudgeAnswer(Complete(), Response(200, "<CompleteMultipartUploadResult>")),
            AnswerKind::kRetry);
  EXPECT_EQ(JudgeAnswer(Complete(), Response(200)), AnswerKind::kRetry);
  EXPECT_EQ(JudgeAnswer(Remove(), Response(200, "<DeleteResult/>")), AnswerKind::kFinal);
  EXPECT_EQ(JudgeAnswer(Remove(), Refusal(200, "InternalError")), AnswerKind::kRetry);
}

// An object that looks like an error is an object.
TEST(S3ErrorTest, LooksIntoNoObject) {
  EXPECT_EQ(JudgeAnswer(GetObjectRequest(kObject), Refusal(200, "InternalError")),
            AnswerKind::kFinal);
}

}  // namespace
}  // namespace partita
