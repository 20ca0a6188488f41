#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <arrow/result.h>
#include <fmt/core.h>

#include <gtest/gtest.h>

#include "partita/http/aws_credentials.h"
#include "partita/http/http_client.h"
#include "partita/http/request_sender.h"
#include "partita/store/s3/s3_store.h"

namespace partita {

/// \brief An answer of a server.
inline HttpOutcome Answered(int status, std::vector<HttpField> headers = {},
                            std::string body = "") {
  HttpOutcome outcome;
  outcome.response.status = status;
  outcome.response.headers = std::move(headers);
  outcome.response.body = std::move(body);
  return outcome;
}

/// \brief An answer with an error document.
inline HttpOutcome Refused(int status, const std::string& code) {
  return Answered(status, {}, fmt::format("<Error><Code>{}</Code></Error>", code));
}

/// \brief No answer, though the server may have acted.
inline HttpOutcome Lost() {
  HttpOutcome outcome;
  outcome.fault = TransportFault::kNoAnswer;
  outcome.problem = "connection reset";
  return outcome;
}

/// \brief A server that answers what the test has put down, in order, and keeps what it was asked.
class Script {
 public:
  void Then(arrow::Result<HttpOutcome> outcome) {
    outcomes_.push_back(std::move(outcome));
  }

  arrow::Result<HttpOutcome> Next(const HttpRequest& request) {
    lines_.push_back(request.method + " " + request.url);
    bodies_.emplace_back(request.body);
    regions_.push_back(request.signature ? request.signature->region : "");
    keys_.push_back(request.signature ? request.signature->credentials.access_key_id
                                      : "");
    if (outcomes_.empty()) {
      ADD_FAILURE() << "not expected: " << lines_.back();
      return Answered(400);
    }
    arrow::Result<HttpOutcome> outcome = std::move(outcomes_.front());
    outcomes_.pop_front();
    return outcome;
  }

  bool is_over() const { return outcomes_.empty(); }

  const std::vector<std::string>& lines() const { return lines_; }

  const std::vector<std::string>& bodies() const { return bodies_; }

  const std::vector<std::string>& regions() const { return regions_; }

  const std::vector<std::string>& keys() const { return keys_; }

 private:
  std::deque<arrow::Result<HttpOutcome>> outcomes_;
  std::vector<std::string> lines_;
  std::vector<std::string> bodies_;
  std::vector<std::string> regions_;
  std::vector<std::string> keys_;
};

/// \brief Sends nothing anywhere: the script answers. Borrows it.
class ScriptedClient : public HttpClient {
 public:
  explicit ScriptedClient(Script* script) : script_(script) {}

  arrow::Result<HttpOutcome> Send(const HttpRequest& request,
                                  const std::stop_token& /*stop*/) override {
    return script_->Next(request);
  }

 private:
  Script* script_;
};

/// \brief Another key each time one is refused.
class NumberedKeys : public AwsCredentialsProvider {
 public:
  arrow::Result<AwsCredentials> Get() override {
    return AwsCredentials{.access_key_id = "key" + std::to_string(number_),
                          .secret_access_key = "s3cr3t",
                          .session_token = "t0k3n"};
  }

  void Forget(const AwsCredentials& stale) override {
    EXPECT_EQ(stale.access_key_id, "key" + std::to_string(number_));
    ++number_;
  }

 private:
  int number_ = 1;
};

/// \brief A store that speaks to the script, and tries three times without waiting.
inline std::unique_ptr<S3Store> ScriptedStore(Script* script, const S3Options& options) {
  auto sender = std::make_unique<RequestSender>(
      std::make_unique<ScriptedClient>(script),
      RetryPolicy{.max_attempts = 3, .base_delay = std::chrono::milliseconds(0)},
      std::stop_token());
  return std::make_unique<S3Store>(std::make_unique<S3Client>(
      options, std::make_unique<NumberedKeys>(), std::move(sender)));
}

/// \brief A server other than Amazon's, at http://h.
inline S3Options LocalS3Options() {
  S3Options options;
  options.endpoint = "http://h";
  return options;
}

/// \brief A test whose script must be used up.
class S3ScriptTest : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_TRUE(script_.is_over()) << "not asked for"; }

  Script script_;
  std::unique_ptr<S3Store> store_ = ScriptedStore(&script_, LocalS3Options());
};

}  // namespace partita
