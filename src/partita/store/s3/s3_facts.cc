#include "partita/store/s3/s3_facts.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/http/canonical_url.h"
#include "partita/store/s3/s3_error.h"
#include "partita/store/s3/s3_options.h"
#include "partita/store/s3/s3_settings_xml.h"
#include "partita/store/s3/s3_time.h"

namespace partita {
namespace {

// A setting of a bucket, and the right that asking for it takes.
struct Setting {
  const char* sub_resource;
  const char* action;
  const char* code_of_none;  // what servers answer where it was never set
};

constexpr Setting kLocation{"location", "s3:GetBucketLocation", ""};
constexpr Setting kVersioning{"versioning", "s3:GetBucketVersioning", ""};
constexpr Setting kEncryption{"encryption", "s3:GetEncryptionConfiguration",
                              "ServerSideEncryptionConfigurationNotFoundError"};
constexpr Setting kLifecycle{"lifecycle", "s3:GetLifecycleConfiguration",
                             "NoSuchLifecycleConfiguration"};

S3Request SettingRequest(const S3Location& bucket, const Setting& setting) {
  S3Request request;
  request.method = "GET";
  request.where = bucket;
  request.query = {{setting.sub_resource, ""}};
  request.action = setting.action;
  request.path = bucket.path();
  return request;
}

bool IsUnknownToServer(const S3Problem& problem) {
  return problem.code == "NotImplemented" || problem.code == "MethodNotAllowed" ||
         problem.code == "NotSupported";
}

// What a setting's document says, or nothing where it was never set.
template <typename Parse>
auto ReadSetting(S3Client* client, const S3Location& bucket, const Setting& setting,
                 const Parse& parse) -> decltype(parse("")) {
  const S3Request request = SettingRequest(bucket, setting);
  ARROW_ASSIGN_OR_RAISE(const Answer answer, client->Send(request));
  const S3Problem problem = ProblemOf(answer.response);
  if (!problem.code.empty() && problem.code == setting.code_of_none) {
    return typename decltype(parse(""))::ValueType{};
  }
  if (IsUnknownToServer(problem)) {
    return Error(ErrorCode::kStoreUnavailable, "this server has no such setting ({})",
                 problem.code);
  }
  if (!answer.response.is_success() || !problem.code.empty()) {
    return ErrorOf(request, problem);
  }
  return parse(answer.response.body);
}

// Whether asking for anything else would end the same way.
bool EndsAll(const S3Problem& problem, const arrow::Status& error) {
  constexpr std::array<std::string_view, 9> kEnding = {
      "NoSuchBucket",         "NotFound",           "ExpiredToken",
      "TokenRefreshRequired", "InvalidToken",       "InvalidTokenId",
      "RequestTimeTooSkewed", "InvalidAccessKeyId", "SignatureDoesNotMatch"};
  const bool is_server_down = problem.status >= 500 && problem.status != 501;
  return problem.code.empty() || is_server_down ||
         CodeOf(error) == ErrorCode::kInvalidConfig ||
         std::ranges::find(kEnding, problem.code) != kEnding.end();
}

void ReadClock(const HttpResponse& response, StoreFacts* facts) {
  const auto here =
      std::chrono::duration_cast<std::chrono::seconds>(WallClockNow().time_since_epoch());
  facts->time = ParseHttpDate(response.Header("date"));
  if (facts->time) {
    facts->clock_skew = *facts->time - here;
  }
}

// The first question: its answer shows whether there is a point in others.
arrow::Status ReadLocation(S3Client* client, const S3Location& bucket,
                           StoreFacts* facts) {
  const S3Request request = SettingRequest(bucket, kLocation);
  ARROW_ASSIGN_OR_RAISE(const Answer answer, client->Send(request));
  ReadClock(answer.response, facts);
  const S3Problem problem = ProblemOf(answer.response);
  if (answer.response.is_success() && problem.code.empty()) {
    facts->region = ParseBucketRegion(answer.response.body);
    return facts->region.status();
  }
  arrow::Status error = ErrorOf(request, problem);
  if (EndsAll(problem, error)) {
    return error;
  }
  facts->region = problem.region.empty() ? arrow::Result<std::string>(error)
                                         : arrow::Result<std::string>(problem.region);
  return arrow::Status::OK();
}

arrow::Result<std::string> ReadIdentity(S3Client* client, const ReadVariable& variable) {
  const S3Options& options = client->options();
  const std::string region = options.region.empty() ? kDefaultS3Region : options.region;
  ARROW_ASSIGN_OR_RAISE(std::string endpoint, ReadStsEndpoint(variable));
  if (endpoint.empty() && !options.endpoint.empty()) {
    return Error(ErrorCode::kInvalidConfig,
                 "the server is not Amazon's, and AWS_ENDPOINT_URL_STS names no token "
                 "service");
  }
  if (endpoint.empty()) {
    endpoint = AmazonEndpoint("sts", region);
  }
  HttpRequest request;
  request.method = "POST";
  request.url = CanonicalUrl(endpoint, "/", {});
  request.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  request.body = "Action=GetCallerIdentity&Version=2011-06-15";
  ARROW_ASSIGN_OR_RAISE(const Answer answer,
                        client->SendToService(request, "sts", region));
  if (!answer.response.is_success()) {
    return Error(ErrorCode::kStoreUnavailable, "{} does not tell it: status {}", endpoint,
                 answer.response.status);
  }
  return ParseCallerIdentity(answer.response.body);
}

}  // namespace

arrow::Result<StoreFacts> ReadS3Facts(S3Client* client, const S3Location& where,
                                      const ReadVariable& variable) {
  const S3Location bucket{.bucket = where.bucket, .key = ""};
  StoreFacts facts;
  ARROW_RETURN_NOT_OK(ReadLocation(client, bucket, &facts));
  const S3Options& options = client->options();
  facts.configured_region = options.region;
  facts.endpoint = options.endpoint;
  if (facts.endpoint.empty()) {
    facts.endpoint = "Amazon S3";
  }
  facts.is_commit_unsafe = options.unsafe_commit;
  facts.versioning = ReadSetting(client, bucket, kVersioning, ParseVersioning);
  facts.encryption = ReadSetting(client, bucket, kEncryption, ParseEncryption);
  facts.lifecycle = ReadSetting(client, bucket, kLifecycle, ParseLifecycle);
  facts.identity = ReadIdentity(client, variable);
  return facts;
}

}  // namespace partita
