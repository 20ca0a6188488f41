#include "partita/store/s3/s3_options.h"

#include <map>
#include <string>

#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

class S3OptionsTest : public ::testing::Test {
 protected:
  // With a home of the test's own, so that nobody's real files are read.
  arrow::Result<S3Options> Read() const {
    return ReadS3Options([this](const char* name) -> std::string {
      const auto found = variables_.find(name);
      return found == variables_.end() ? "" : found->second;
    });
  }

  void WriteConfig(const std::string& text) const {
    WriteTextFile(home_ / ".aws/config", text);
  }

  void WriteCredentials(const std::string& text) const {
    WriteTextFile(home_ / ".aws/credentials", text);
  }

  TempFolder home_;
  std::map<std::string, std::string> variables_{{"HOME", home_.path()}};
};

TEST_F(S3OptionsTest, SaysNothingWhereNobodyDoes) {
  PARTITA_TEST_ASSIGN(const S3Options options, Read());
  EXPECT_EQ(options.region, "");
  EXPECT_EQ(options.endpoint, "");
  EXPECT_EQ(options.ca_file, "");
  EXPECT_FALSE(options.is_path_style.has_value());
  EXPECT_EQ(options.encryption, S3Encryption::kBucketDefault);
  EXPECT_FALSE(options.unsafe_commit);
}

TEST_F(S3OptionsTest, TakesTheFirstRegionThatIsTold) {
  WriteConfig("[default]\nregion = eu-west-3\n");
  EXPECT_EQ(Read().ValueOrDie().region, "eu-west-3");
  variables_["AWS_DEFAULT_REGION"] = "eu-west-2";
  EXPECT_EQ(Read().ValueOrDie().region, "eu-west-2");
  variables_["AWS_REGION"] = "eu-west-1";
  EXPECT_EQ(Read().ValueOrDie().region, "eu-west-1");
}

TEST_F(S3OptionsTest, TakesTheFirstEndpointThatIsTold) {
  WriteConfig(
      "[default]\nendpoint_url = http://profile\nservices = local\n"
      "[services local]\ns3 =\n  endpoint_url = http://service\n"
      "glue =\n  endpoint_url = http://glue\n");
  EXPECT_EQ(Read().ValueOrDie().endpoint, "http://service");
  variables_["AWS_ENDPOINT_URL"] = "http://any";
  EXPECT_EQ(Read().ValueOrDie().endpoint, "http://any");
  variables_["AWS_ENDPOINT_URL_S3"] = "http://s3/";
  EXPECT_EQ(Read().ValueOrDie().endpoint, "http://s3");
  variables_["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(Read().ValueOrDie().endpoint, "");
}

TEST_F(S3OptionsTest, TakesTheEndpointOfAProfileWithoutServices) {
  WriteConfig("[default]\nendpoint_url = https://profile:9000\n");
  EXPECT_EQ(Read().ValueOrDie().endpoint, "https://profile:9000");
  WriteConfig(
      "[default]\nendpoint_url = https://profile\n"
      "ignore_configured_endpoint_urls=TRUE\n");
  EXPECT_EQ(Read().ValueOrDie().endpoint, "");
}

TEST_F(S3OptionsTest, TrustsTheCertificatesThatAreTold) {
  WriteConfig("[default]\nca_bundle = /etc/own.pem\n");
  EXPECT_EQ(Read().ValueOrDie().ca_file, "/etc/own.pem");
  variables_["AWS_CA_BUNDLE"] = "/etc/other.pem";
  EXPECT_EQ(Read().ValueOrDie().ca_file, "/etc/other.pem");
}

TEST_F(S3OptionsTest, ReadsTheProfileThatIsNamed) {
  WriteConfig(
      "# all of us\n[default]\nregion = eu-west-1\n\n[profile dev]\n; comment\n"
      "Region=eu-west-2  # here\n[profile \"big data\"]\nregion = eu-west-3\n");
  variables_["AWS_PROFILE"] = "dev";
  EXPECT_EQ(Read().ValueOrDie().region, "eu-west-2");
  // Keys are those of this one then, and keys and endpoint of two profiles fit nowhere.
  variables_["AWS_DEFAULT_PROFILE"] = "big data";
  EXPECT_EQ(Read().ValueOrDie().region, "eu-west-3");
}

TEST_F(S3OptionsTest, ReadsProfilesOfTheFileOfCredentialsToo) {
  WriteConfig("[profile dev]\nregion = eu-west-1\n");
  WriteCredentials("[dev]\naws_secret_access_key = s3cr3t\nregion = eu-west-2\n");
  variables_["AWS_PROFILE"] = "dev";
  EXPECT_EQ(Read().ValueOrDie().region, "eu-west-2");
}

TEST_F(S3OptionsTest, ReadsFilesThatLieElsewhere) {
  WriteConfig("[default]\nregion = eu-west-1\n");
  WriteTextFile(home_ / "other", "[default]\nregion = eu-west-2\n");
  variables_["AWS_CONFIG_FILE"] = home_ / "other";
  EXPECT_EQ(Read().ValueOrDie().region, "eu-west-2");
  variables_["AWS_CONFIG_FILE"] = "~/other";
  EXPECT_EQ(Read().ValueOrDie().region, "eu-west-2");
  variables_["AWS_CONFIG_FILE"] = home_ / "missing";
  EXPECT_EQ(Read().ValueOrDie().region, "");
}

TEST_F(S3OptionsTest, NamesTheNearestProfileAndServices) {
  WriteConfig("[profile production]\nservices = locl\n[services local]\n");
  variables_["AWS_PROFILE"] = "prodution";
  EXPECT_THAT(Read(), FailsWith(ErrorCode::kInvalidConfig,
                                AllOf(HasSubstr("prodution"),
                                      HasSubstr("did you mean \"production\"?"))));
  variables_["AWS_PROFILE"] = "production";
  EXPECT_THAT(Read(), FailsWith(ErrorCode::kInvalidConfig,
                                AllOf(HasSubstr("[services locl]"),
                                      HasSubstr("did you mean \"local\"?"))));
}

TEST_F(S3OptionsTest, PassesOverWhatItCannotRead) {
  WriteConfig(
      "\xFF\n= x\n[\n[]\nregion\n[default\nregion = eu-west-1\n  nested = deep\n");
  EXPECT_EQ(Read().ValueOrDie().region, "eu-west-1");
}

TEST_F(S3OptionsTest, SaysWhereABadValueStands) {
  variables_["AWS_REGION"] = "evil.example/";
  EXPECT_THAT(Read(), FailsWith(ErrorCode::kInvalidConfig,
                                AllOf(HasSubstr("AWS_REGION"), HasSubstr("evil"))));
  variables_.erase("AWS_REGION");
  for (const char* url : {"localhost:9000", "ftp://host", "http://", "http:///bucket",
                          "http://host?x", "http://ho st"}) {
    variables_["AWS_ENDPOINT_URL_S3"] = url;
    EXPECT_THAT(Read(),
                FailsWith(ErrorCode::kInvalidConfig,
                          AllOf(HasSubstr("AWS_ENDPOINT_URL_S3"), HasSubstr(url))));
  }
}

TEST_F(S3OptionsTest, RepeatsNoPasswordOfAnEndpoint) {
  variables_["AWS_ENDPOINT_URL_S3"] = "http://user:s3cr3t@host";
  EXPECT_THAT(Read(), FailsWith(ErrorCode::kInvalidConfig, Not(HasSubstr("s3cr3t"))));
}

TEST_F(S3OptionsTest, SetsWhatHadoopHasANameFor) {
  S3Options options;
  for (const auto& [name, value] : std::map<std::string, std::string>{
           {"fs.s3a.endpoint", "http://h:9000/"},
           {"endpoint.region", "eu-central-1"},
           {"Path.Style.Access", "TRUE"},
           {"encryption.algorithm", "sse-kms"},
           {"encryption.key", "arn:aws:kms:eu-central-1:1:key/k"},
           {"create.storage.class", "standard_ia"},
           {"object.tags", "team=data,empty="},
           {"fs.s3a.requester.pays.enabled", "true"},
           {"anonymous", "true"},
           {"unsafe.commit", "true"}}) {
    EXPECT_THAT(ParseS3OptionField(name, value, &options), IsOk()) << name;
  }
  EXPECT_EQ(options.endpoint, "http://h:9000");
  EXPECT_EQ(options.region, "eu-central-1");
  EXPECT_EQ(options.is_path_style, true);
  EXPECT_EQ(options.encryption, S3Encryption::kSseKms);
  EXPECT_EQ(options.kms_key_id, "arn:aws:kms:eu-central-1:1:key/k");
  EXPECT_EQ(options.storage_class, "STANDARD_IA");
  EXPECT_THAT(options.tags, ElementsAre(Pair("team", "data"), Pair("empty", "")));
  EXPECT_TRUE(options.requester_pays);
  EXPECT_TRUE(options.is_anonymous);
  EXPECT_TRUE(options.unsafe_commit);
  EXPECT_THAT(CheckS3Options(options), IsOk());
}

TEST_F(S3OptionsTest, NamesTheNearestOption) {
  S3Options options;
  EXPECT_THAT(ParseS3OptionField("fs.s3a.encryption.algoritm", "AES256", &options),
              FailsWith(ErrorCode::kInvalidConfig,
                        HasSubstr("did you mean \"encryption.algorithm\"?")));
  EXPECT_THAT(ParseS3OptionField("fs.s3a.", "x", &options),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("fs.s3a.")));
  EXPECT_THAT(
      ParseS3OptionField("encryption.algorithm", "SSE-KSM", &options),
      FailsWith(ErrorCode::kInvalidConfig, HasSubstr("did you mean \"SSE-KMS\"?")));
}

TEST_F(S3OptionsTest, RefusesValuesThatDoNotFit) {
  S3Options options;
  const std::string eleven_tags = "a=,b=,c=,d=,e=,f=,g=,h=,i=,j=,k=";
  for (const auto& [name, value] : std::map<std::string, std::string>{
           {"endpoint", "nowhere"},
           {"endpoint.region", ""},
           {"path.style.access", "yes"},
           {"encryption.algorithm", "SSE-C"},
           {"encryption.key", "two words"},
           {"create.storage.class", "A\r\nx-amz-acl: public-read"},
           {"object.tags", "=value"},
           {"requester.pays.enabled", ""}}) {
    EXPECT_THAT(ParseS3OptionField(name, value, &options),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr(name)));
  }
  EXPECT_THAT(ParseS3OptionField("object.tags", "alone", &options),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("alone")));
  EXPECT_THAT(ParseS3OptionField("object.tags", eleven_tags, &options),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("at most 10")));
}

TEST_F(S3OptionsTest, NeedsKmsForAKey) {
  S3Options options;
  options.kms_key_id = "alias/data";
  EXPECT_THAT(CheckS3Options(options),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("SSE-KMS")));
}

TEST_F(S3OptionsTest, TakesNoTagsForNone) {
  S3Options options;
  options.tags = {{"a", "b"}};
  ASSERT_THAT(ParseS3OptionField("object.tags", "", &options), IsOk());
  EXPECT_THAT(options.tags, IsEmpty());
}

}  // namespace
}  // namespace partita
