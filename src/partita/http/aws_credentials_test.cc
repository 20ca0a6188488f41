#include "partita/http/aws_credentials.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <arrow/filesystem/s3fs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "partita/base/error.h"

#include "support/child_process.h"
#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

// The environment and the SDK's state are the process's: each case has a process of its own.
class AwsCredentialsTest : public ::testing::Test {
 protected:
  // Runs `body` where no variable of this machine's user counts; expects it to return OK.
  template <typename Body>
  void InChild(const Body& body) {
    const int status = RunInChild([&] {
      ForgetVariables();
      return ExitCodeOf(body());
    });
    EXPECT_TRUE(WIFEXITED(status)) << status;
    EXPECT_EQ(WEXITSTATUS(status), 0);
  }

  void ForgetVariables() const {
    for (const char* name :
         {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
          "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ROLE_ARN",
          "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
          "AWS_CONTAINER_CREDENTIALS_FULL_URI"}) {
      unsetenv(name);
    }
    setenv("AWS_SHARED_CREDENTIALS_FILE", credentials_file().c_str(), 1);
    setenv("AWS_CONFIG_FILE", (folder_ / "config").c_str(), 1);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
  }

  std::string credentials_file() const { return folder_ / "credentials"; }

  void WriteKeys(const std::string& profile, const std::string& key) const {
    WriteTextFile(credentials_file(), "[" + profile + "]\naws_access_key_id = " + key +
                                          "\naws_secret_access_key = secret/of/" + key +
                                          "\naws_session_token = token/of/" + key + "\n");
  }

  TempFolder folder_;
};

arrow::Status Expect(bool holds, const std::string& what) {
  return holds ? arrow::Status::OK() : Error(ErrorCode::kInternal, "not so: {}", what);
}

arrow::Status ExpectKeys(AwsCredentialsProvider& provider, const std::string& key,
                         const std::string& secret, const std::string& token) {
  ARROW_ASSIGN_OR_RAISE(const AwsCredentials found, provider.Get());
  return Expect(found.access_key_id == key && found.secret_access_key == secret &&
                    found.session_token == token,
                key + ", but found " + found.access_key_id + " " +
                    found.secret_access_key + " " + found.session_token);
}

TEST_F(AwsCredentialsTest, HasNoKeysWhenAnonymous) {
  const auto provider = AwsCredentialsProvider::Anonymous();
  PARTITA_TEST_ASSIGN(const AwsCredentials credentials, provider->Get());
  EXPECT_TRUE(credentials.is_anonymous());
  provider->Forget(credentials);
  EXPECT_THAT(provider->Get(), IsOk());
}

TEST_F(AwsCredentialsTest, TakesKeysOfTheEnvironmentWithoutStartingTheSdk) {
  WriteKeys("default", "FILE");
  InChild([] {
    setenv("AWS_ACCESS_KEY_ID", "ENVIRONMENT", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
    const auto provider = AwsCredentialsProvider::Default();
    ARROW_RETURN_NOT_OK(ExpectKeys(*provider, "ENVIRONMENT", "secret", ""));
    setenv("AWS_SESSION_TOKEN", "token", 1);
    ARROW_RETURN_NOT_OK(ExpectKeys(*provider, "ENVIRONMENT", "secret", "token"));
    return Expect(!arrow::fs::IsS3Initialized(), "the SDK was left alone");
  });
}

TEST_F(AwsCredentialsTest, TakesKeysOfTheCredentialsFile) {
  WriteKeys("default", "FILE");
  InChild([] {
    return ExpectKeys(*AwsCredentialsProvider::Default(), "FILE", "secret/of/FILE",
                      "token/of/FILE");
  });
}

TEST_F(AwsCredentialsTest, TakesKeysOfTheNamedProfile) {
  WriteKeys("work", "WORK");
  InChild([] {
    setenv("AWS_PROFILE", "work", 1);
    return ExpectKeys(*AwsCredentialsProvider::Default(), "WORK", "secret/of/WORK",
                      "token/of/WORK");
  });
}

TEST_F(AwsCredentialsTest, TakesAKeyWithoutASecretForNone) {
  WriteKeys("default", "FILE");
  InChild([] {
    setenv("AWS_ACCESS_KEY_ID", "ENVIRONMENT", 1);
    return ExpectKeys(*AwsCredentialsProvider::Default(), "FILE", "secret/of/FILE",
                      "token/of/FILE");
  });
}

TEST_F(AwsCredentialsTest, TakesKeysOfACommand) {
  WriteTextFile(
      folder_ / "config",
      "[default]\ncredential_process = echo '{\"Version\": 1, \"AccessKeyId\": "
      "\"PROCESS\", \"SecretAccessKey\": \"secret\", \"SessionToken\": \"t\"}'\n");
  InChild([] {
    return ExpectKeys(*AwsCredentialsProvider::Default(), "PROCESS", "secret", "t");
  });
}

TEST_F(AwsCredentialsTest, ReadsKeysAgainThatTheServerRefused) {
  WriteKeys("default", "OLD");
  InChild([this] {
    const auto provider = AwsCredentialsProvider::Default();
    ARROW_ASSIGN_OR_RAISE(const AwsCredentials old, provider->Get());
    WriteKeys("default", "NEW");
    provider->Forget(old);
    ARROW_RETURN_NOT_OK(ExpectKeys(*provider, "NEW", "secret/of/NEW", "token/of/NEW"));
    WriteKeys("default", "NEWER");
    provider->Forget(old);  // by another request, which has failed with the old keys
    return ExpectKeys(*provider, "NEW", "secret/of/NEW", "token/of/NEW");
  });
}

TEST_F(AwsCredentialsTest, SaysWhereItLookedInVain) {
  InChild([this] {
    setenv("AWS_PROFILE", "work", 1);
    const auto provider = AwsCredentialsProvider::Default();
    const arrow::Status status = provider->Get().status();
    ARROW_RETURN_NOT_OK(
        Expect(CodeOf(status) == ErrorCode::kStoreUnavailable, "the code"));
    for (const std::string& part : {std::string("AWS_ACCESS_KEY_ID"), credentials_file(),
                                    std::string("profile work")}) {
      ARROW_RETURN_NOT_OK(Expect(status.message().find(part) != std::string::npos, part));
    }
    return arrow::Status::OK();
  });
}

// Arrow prints a warning at the end of a process that has not shut the SDK down.
TEST_F(AwsCredentialsTest, EndsTheProcessQuietly) {
  WriteKeys("default", "FILE");
  const std::string output = folder_ / "stderr";
  InChild([&] {
    EXPECT_NE(std::freopen(output.c_str(), "w", stderr), nullptr);
    const auto provider = AwsCredentialsProvider::Default();
    ARROW_RETURN_NOT_OK(ExpectKeys(*provider, "FILE", "secret/of/FILE", "token/of/FILE"));
    std::exit(0);  // NOLINT(concurrency-mt-unsafe): what main() returns to
    return arrow::Status::OK();
  });
  std::ifstream printed(output);
  for (std::string line; std::getline(printed, line);) {
    const bool is_of_a_sanitizer = line.starts_with("==");
    EXPECT_TRUE(is_of_a_sanitizer) << line;
  }
}

TEST_F(AwsCredentialsTest, LeavesTheSdkToAProgramThatHasStartedIt) {
  WriteKeys("default", "FILE");
  InChild([] {
    ARROW_RETURN_NOT_OK(arrow::fs::EnsureS3Initialized());
    const auto provider = AwsCredentialsProvider::Default();
    ARROW_RETURN_NOT_OK(ExpectKeys(*provider, "FILE", "secret/of/FILE", "token/of/FILE"));
    ARROW_RETURN_NOT_OK(arrow::fs::EnsureS3Finalized());
    const auto another = AwsCredentialsProvider::Default();
    const arrow::Status status = another->Get().status();
    ARROW_RETURN_NOT_OK(
        Expect(status.message().find("FinalizeS3") != std::string::npos, "it says why"));
    std::exit(0);  // NOLINT(concurrency-mt-unsafe): our statics may not touch the SDK now
    return status;
  });
}

}  // namespace
}  // namespace partita
