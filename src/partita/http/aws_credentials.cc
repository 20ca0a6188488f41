#include "partita/http/aws_credentials.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "partita/base/error.h"
#include "partita/base/system.h"
#include "partita/http/aws_sdk.h"

namespace partita {
namespace {

// The SDK replaces keys five seconds before they expire, and does not say when that will be:
// kept for less, none is used after it has expired.
constexpr std::chrono::seconds kKeptFor{3};

class AnonymousCredentials : public AwsCredentialsProvider {
 public:
  arrow::Result<AwsCredentials> Get() override { return AwsCredentials{}; }

  void Forget(const AwsCredentials& /*stale*/) override {}
};

AwsCredentials OfEnvironment() {
  return {Environment("AWS_ACCESS_KEY_ID"), Environment("AWS_SECRET_ACCESS_KEY"),
          Environment("AWS_SESSION_TOKEN")};
}

std::string Or(const std::string& text, const std::string& instead) {
  return text.empty() ? instead : text;
}

arrow::Status NothingFound() {
  return Error(
      ErrorCode::kStoreUnavailable,
      "no AWS credentials are found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
      "log in with the AWS command line. Looked in the environment, for a web identity, "
      "SSO, a container's and an instance's role, and in {} for the profile {}",
      Or(Environment("AWS_SHARED_CREDENTIALS_FILE"), "~/.aws/credentials"),
      Or(Environment("AWS_DEFAULT_PROFILE"), Or(Environment("AWS_PROFILE"), "default")));
}

class DefaultCredentials : public AwsCredentialsProvider {
 public:
  arrow::Result<AwsCredentials> Get() override {
    AwsCredentials credentials = OfEnvironment();
    if (!credentials.access_key_id.empty() && !credentials.secret_access_key.empty()) {
      return credentials;
    }
    // The lock is held while the chain is asked: others want its answer too.
    const std::lock_guard lock(mutex_);
    const auto now = SteadyNow();
    if (kept_.has_value() && now - kept_since_ < kKeptFor) {
      return *kept_;
    }
    ARROW_ASSIGN_OR_RAISE(credentials, AwsSdk::Instance().Credentials());
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
      return NothingFound();
    }
    kept_ = credentials;
    kept_since_ = now;
    return credentials;
  }

  void Forget(const AwsCredentials& stale) override {
    const std::lock_guard lock(mutex_);
    // Many requests find out at once; what replaced the keys since is not stale.
    if (kept_.has_value() && kept_->access_key_id == stale.access_key_id) {
      kept_.reset();
      AwsSdk::Instance().Renew();
    }
  }

 private:
  std::mutex mutex_;
  std::optional<AwsCredentials> kept_;
  std::chrono::steady_clock::time_point kept_since_;
};

}  // namespace

std::unique_ptr<AwsCredentialsProvider> AwsCredentialsProvider::Default() {
  return std::make_unique<DefaultCredentials>();
}

std::unique_ptr<AwsCredentialsProvider> AwsCredentialsProvider::Anonymous() {
  return std::make_unique<AnonymousCredentials>();
}

}  // namespace partita
