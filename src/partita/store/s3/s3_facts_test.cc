#include "partita/store/s3/s3_facts.h"

#include <map>
#include <string>

#include "support/s3_script.h"
#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kLocation[] = "<LocationConstraint>eu-west-1</LocationConstraint>";
constexpr char kVersioning[] =
    "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
constexpr char kIdentity[] =
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/me</"
    "Arn>"
    "</GetCallerIdentityResult></GetCallerIdentityResponse>";
constexpr char kDenied[] =
    "<Error><Code>AccessDenied</Code><Message>no</Message></Error>";

class S3FactsTest : public S3ScriptTest {
 protected:
  arrow::Result<StoreFacts> Read() {
    return ReadS3Facts(store_->client(), {.bucket = "bucket", .key = "data/cars"},
                       [this](const char* name) -> std::string {
                         const auto found = variables_.find(name);
                         return found == variables_.end() ? "" : found->second;
                       });
  }

  // All that is asked behind the region, with a server that tells nothing more.
  void ThenNothingMore() {
    script_.Then(Refused(501, "NotImplemented"));
    script_.Then(Refused(404, "ServerSideEncryptionConfigurationNotFoundError"));
    script_.Then(Refused(404, "NoSuchLifecycleConfiguration"));
  }

  TempFolder home_;  // so that nobody's real profile is read
  std::map<std::string, std::string> variables_{{"HOME", home_.path()}};
};

TEST_F(S3FactsTest, AsksTheBucketAndTheTokenService) {
  variables_["AWS_ENDPOINT_URL_STS"] = "http://tokens";
  script_.Then(Answered(200, {{"date", "Wed, 21 Oct 2015 07:28:00 GMT"}}, kLocation));
  script_.Then(Answered(200, {}, kVersioning));
  script_.Then(Refused(404, "ServerSideEncryptionConfigurationNotFoundError"));
  script_.Then(Refused(404, "NoSuchLifecycleConfiguration"));
  script_.Then(Answered(200, {}, kIdentity));
  PARTITA_TEST_ASSIGN(const StoreFacts facts, Read());
  EXPECT_EQ(facts.endpoint, "http://h");
  EXPECT_EQ(*facts.region, "eu-west-1");
  EXPECT_EQ(*facts.versioning, Versioning::kEnabled);
  EXPECT_EQ(*facts.encryption, "");
  EXPECT_THAT(*facts.lifecycle, SizeIs(0));
  EXPECT_EQ(*facts.identity, "arn:aws:iam::1:user/me");
  EXPECT_EQ(facts.time, std::chrono::seconds(1445412480));
  ASSERT_TRUE(facts.clock_skew.has_value());
  EXPECT_LT(*facts.clock_skew, std::chrono::hours(0));  // that was long ago
  EXPECT_THAT(
      script_.lines(),
      ElementsAre("GET http://h/bucket?location=", "GET http://h/bucket?versioning=",
                  "GET http://h/bucket?encryption=", "GET http://h/bucket?lifecycle=",
                  "POST http://tokens/"));
  EXPECT_THAT(script_.bodies().back(), HasSubstr("Action=GetCallerIdentity"));
}

TEST_F(S3FactsTest, AmazonsTokenServiceIsThatOfTheRegion) {
  S3Options options;
  options.region = "eu-west-1";
  store_ = ScriptedStore(&script_, options);
  script_.Then(Answered(200, {}, kLocation));
  ThenNothingMore();
  script_.Then(Answered(200, {}, kIdentity));
  PARTITA_TEST_ASSIGN(const StoreFacts facts, Read());
  EXPECT_EQ(*facts.identity, "arn:aws:iam::1:user/me");
  EXPECT_EQ(script_.lines().back(), "POST https://sts.eu-west-1.amazonaws.com/");
  EXPECT_EQ(script_.regions().back(), "eu-west-1");
}

// Amazon has no business with keys of another server.
TEST_F(S3FactsTest, AmazonIsNotAskedAboutKeysOfAnotherServer) {
  script_.Then(Answered(200, {}, kLocation));
  ThenNothingMore();
  PARTITA_TEST_ASSIGN(const StoreFacts facts, Read());
  EXPECT_THAT(facts.identity,
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("AWS_ENDPOINT_URL_STS")));
  EXPECT_THAT(script_.lines(), Not(::testing::Contains(HasSubstr("amazonaws"))));
}

TEST_F(S3FactsTest, WhatOneMayNotAskOrNobodyKnowsIsNoFailure) {
  variables_["AWS_ENDPOINT_URL"] = "http://h";
  script_.Then(Answered(403, {}, kDenied));
  script_.Then(Answered(403, {}, kDenied));
  script_.Then(Refused(501, "NotImplemented"));
  script_.Then(Answered(200, {}, "<html/>"));
  script_.Then(Refused(400, "InvalidParameterValue"));
  PARTITA_TEST_ASSIGN(const StoreFacts facts, Read());
  EXPECT_THAT(facts.region, FailsWith(ErrorCode::kStoreUnavailable,
                                      HasSubstr("grant s3:GetBucketLocation on")));
  EXPECT_THAT(facts.versioning, FailsWith(ErrorCode::kStoreUnavailable,
                                          HasSubstr("grant s3:GetBucketVersioning")));
  EXPECT_THAT(facts.encryption,
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("NotImplemented")));
  EXPECT_THAT(facts.lifecycle, FailsWith(ErrorCode::kStoreUnavailable,
                                         HasSubstr("is the endpoint right?")));
  EXPECT_THAT(facts.identity, FailsWith(ErrorCode::kStoreUnavailable,
                                        AllOf(HasSubstr("http://h"), HasSubstr("400"))));
}

TEST_F(S3FactsTest, ARefusalMayTellTheRegionAllTheSame) {
  script_.Then(Answered(403, {{"x-amz-bucket-region", "us-east-1"}}, kDenied));
  ThenNothingMore();
  PARTITA_TEST_ASSIGN(const StoreFacts facts, Read());
  EXPECT_EQ(*facts.region, "us-east-1");
}

TEST_F(S3FactsTest, NothingMoreIsAskedWhereAllWouldEndTheSameWay) {
  const std::map<std::string, ErrorCode> endings = {
      {"NoSuchBucket", ErrorCode::kNotFound},
      {"InvalidAccessKeyId", ErrorCode::kStoreUnavailable},
      {"SignatureDoesNotMatch", ErrorCode::kStoreUnavailable},
      {"RequestTimeTooSkewed", ErrorCode::kStoreUnavailable}};
  for (const auto& ending : endings) {
    script_.Then(Refused(ending.first == "NoSuchBucket" ? 404 : 403, ending.first));
    EXPECT_THAT(Read(), FailsWith(ending.second, HasSubstr(ending.first)));
  }
  EXPECT_EQ(script_.lines().size(), endings.size());
  script_.Then(Answered(200, {}, "<html>Welcome</html>"));
  EXPECT_THAT(Read(), FailsWith(ErrorCode::kStoreUnavailable,
                                HasSubstr("is the endpoint right?")));
  script_.Then(Answered(404, {}, "<html>Not here</html>"));
  EXPECT_THAT(Read(), FailsWith(ErrorCode::kNotFound, HasSubstr("endpoint speaks S3")));
  for (int i = 0; i < 3; ++i) {
    script_.Then(Lost());
  }
  EXPECT_THAT(Read(), FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("http://h")));
}

}  // namespace
}  // namespace partita
