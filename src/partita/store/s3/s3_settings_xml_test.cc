#include "partita/store/s3/s3_settings_xml.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::IsEmpty;

constexpr char kHead[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

TEST(S3SettingsXmlTest, TellsTheRegionAlsoByItsOldNames) {
  const std::string start =
      std::string(kHead) +
      "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
  EXPECT_EQ(*ParseBucketRegion(start + ">eu-central-1</LocationConstraint>"),
            "eu-central-1");
  EXPECT_EQ(*ParseBucketRegion(start + ">EU</LocationConstraint>"), "eu-west-1");
  EXPECT_EQ(*ParseBucketRegion(start + "/>"), "us-east-1");
}

TEST(S3SettingsXmlTest, TellsWhetherVersionsAreKept) {
  const auto of = [](const std::string& inner) {
    return *ParseVersioning("<VersioningConfiguration>" + inner +
                            "</VersioningConfiguration>");
  };
  EXPECT_EQ(of(""), Versioning::kNever);
  EXPECT_EQ(of("<Status>Enabled</Status>"), Versioning::kEnabled);
  EXPECT_EQ(of("<Status>Suspended</Status>"), Versioning::kSuspended);
}

TEST(S3SettingsXmlTest, TellsTheEncryptionAndItsKey) {
  const auto of = [](const std::string& inner) {
    return *ParseEncryption(
        "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>" +
        inner +
        "</ApplyServerSideEncryptionByDefault></Rule></"
        "ServerSideEncryptionConfiguration>");
  };
  EXPECT_EQ(of("<SSEAlgorithm>AES256</SSEAlgorithm>"), "AES256");
  EXPECT_EQ(of("<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>k1</KMSMasterKeyID>"),
            "aws:kms with key k1");
  EXPECT_EQ(*ParseEncryption("<ServerSideEncryptionConfiguration/>"), "");
}

TEST(S3SettingsXmlTest, TellsTheRulesThatAreEnabled) {
  PARTITA_TEST_ASSIGN(
      const auto rules,
      ParseLifecycle(
          "<LifecycleConfiguration>"
          "<Rule><ID>off</ID><Status>Disabled</Status>"
          "<Expiration><Days>1</Days></Expiration></Rule>"
          "<Rule><ID>aborts</ID><Filter><Prefix>a/</Prefix></Filter>"
          "<Status>Enabled</Status><AbortIncompleteMultipartUpload>"
          "<DaysAfterInitiation>7</DaysAfterInitiation>"
          "</AbortIncompleteMultipartUpload></Rule>"
          "<Rule><Filter><And><Prefix>b/</Prefix><Tag><Key>k</Key></Tag></And></Filter>"
          "<Status>Enabled</Status><Expiration><Date>2030-01-01T00:00:00Z</Date>"
          "</Expiration></Rule>"
          "<Rule><ID>old</ID><Prefix>c/</Prefix><Status>Enabled</Status>"
          "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker>"
          "</Expiration><NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays>"
          "</NoncurrentVersionExpiration></Rule>"
          "</LifecycleConfiguration>"));
  ASSERT_EQ(rules.size(), 3);
  EXPECT_EQ(rules[0].id, "aborts");
  EXPECT_EQ(rules[0].prefix, "a/");
  EXPECT_EQ(rules[0].abort_uploads_after_days, 7);
  EXPECT_FALSE(rules[0].expires_objects);
  EXPECT_EQ(rules[1].id, "");
  EXPECT_EQ(rules[1].prefix, "b/");
  EXPECT_TRUE(rules[1].expires_objects);
  EXPECT_FALSE(rules[1].abort_uploads_after_days.has_value());
  EXPECT_EQ(rules[2].prefix, "c/");
  EXPECT_FALSE(rules[2].expires_objects);
  EXPECT_TRUE(rules[2].expires_old_versions);
}

TEST(S3SettingsXmlTest, TellsWhoOneIs) {
  EXPECT_EQ(
      *ParseCallerIdentity(
          "<GetCallerIdentityResponse><GetCallerIdentityResult>"
          "<Arn>arn:aws:iam::1:user/me</Arn><UserId>AIDA</UserId><Account>1</Account>"
          "</GetCallerIdentityResult></GetCallerIdentityResponse>"),
      "arn:aws:iam::1:user/me");
}

TEST(S3SettingsXmlTest, WhatIsNoAnswerOfS3IsAnError) {
  for (const char* text : {"", "<html>Welcome</html>", "<LocationConstraint>", "{}",
                           "<GetCallerIdentityResponse/>"}) {
    EXPECT_THAT(ParseBucketRegion(text), FailsWith(ErrorCode::kStoreUnavailable, _));
    EXPECT_THAT(ParseVersioning(text), FailsWith(ErrorCode::kStoreUnavailable, _));
    EXPECT_THAT(ParseEncryption(text), FailsWith(ErrorCode::kStoreUnavailable, _));
    EXPECT_THAT(ParseLifecycle(text), FailsWith(ErrorCode::kStoreUnavailable, _));
    EXPECT_THAT(ParseCallerIdentity(text), FailsWith(ErrorCode::kStoreUnavailable, _));
  }
  EXPECT_THAT(
      ParseLifecycle("<LifecycleConfiguration><Rule><Status>Enabled</Status>"
                     "<AbortIncompleteMultipartUpload><DaysAfterInitiation>soon"
                     "</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>"
                     "</LifecycleConfiguration>"),
      FailsWith(ErrorCode::kStoreUnavailable, _));
  EXPECT_THAT(*ParseLifecycle("<LifecycleConfiguration/>"), IsEmpty());
}

}  // namespace
}  // namespace partita
