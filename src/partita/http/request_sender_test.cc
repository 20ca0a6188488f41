#include "partita/http/request_sender.h"

#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/base/error.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

HttpOutcome Answered(int status, std::vector<HttpField> headers = {}) {
  HttpOutcome outcome;
  outcome.response.status = status;
  outcome.response.headers = std::move(headers);
  outcome.response.body = "body of " + std::to_string(status);
  return outcome;
}

HttpOutcome Failed(TransportFault fault) { return {fault, {}, "the wire broke"}; }

// What the client and its owner both see.
struct Script {
  std::vector<arrow::Result<HttpOutcome>> steps;  // the last one is repeated
  std::vector<HttpRequest> sent;
  std::function<void()> at_each_request = [] {};
  std::mutex mutex;
};

class ScriptedClient : public HttpClient {
 public:
  explicit ScriptedClient(Script* script) : script_(script) {}

  arrow::Result<HttpOutcome> Send(const HttpRequest& request,
                                  const std::stop_token& /*stop*/) override {
    const std::lock_guard lock(script_->mutex);
    script_->at_each_request();
    const size_t step = std::min(script_->sent.size(), script_->steps.size() - 1);
    script_->sent.push_back(request);
    return script_->steps[step];
  }

 private:
  Script* const script_;
};

// As a store judges: 503 asks for fewer requests, other 5xx are failures of the server.
AnswerKind JudgeByStatus(const HttpResponse& response) {
  if (response.status == 503) {
    return AnswerKind::kThrottled;
  }
  return response.status >= 500 ? AnswerKind::kRetry : AnswerKind::kFinal;
}

class RequestSenderTest : public ::testing::Test {
 protected:
  RequestSenderTest() {
    policy_.base_delay = std::chrono::milliseconds(0);
    policy_.max_delay = std::chrono::milliseconds(0);
  }

  arrow::Result<Answer> Send(std::vector<arrow::Result<HttpOutcome>> steps) {
    script_.steps = std::move(steps);
    sender_ = std::make_unique<RequestSender>(std::make_unique<ScriptedClient>(&script_),
                                              policy_, stop_.get_token());
    return sender_->Send(RequestClass::kPut, "bucket", make_, judge_);
  }

  size_t num_sent() const { return script_.sent.size(); }

  RetryPolicy policy_;
  Script script_;
  std::stop_source stop_;
  RequestSender::Judge judge_ = JudgeByStatus;
  RequestSender::MakeRequest make_ = [] {
    HttpRequest request;
    request.method = "PUT";
    request.url = "https://host/bucket/key?partNumber=1&uploadId=u";
    request.body = "0123456789";
    return arrow::Result<HttpRequest>(request);
  };
  std::unique_ptr<RequestSender> sender_;
};

TEST_F(RequestSenderTest, BringsAFinalAnswerAfterOneAttempt) {
  for (const int status : {200, 204, 304, 403, 404, 412}) {
    script_.sent.clear();
    PARTITA_TEST_ASSIGN(const Answer answer, Send({Answered(status)}));
    EXPECT_EQ(answer.response.status, status);
    EXPECT_FALSE(answer.may_have_acted);
    EXPECT_EQ(num_sent(), 1U);
  }
}

TEST_F(RequestSenderTest, TriesAgainAfterEveryKindOfFailure) {
  PARTITA_TEST_ASSIGN(
      const Answer answer,
      Send({Failed(TransportFault::kNotSent), Failed(TransportFault::kNoAnswer),
            Failed(TransportFault::kTruncated), Answered(500), Answered(503),
            Answered(200)}));
  EXPECT_EQ(answer.response.status, 200);
  EXPECT_EQ(num_sent(), 6U);
}

TEST_F(RequestSenderTest, SaysWhetherAnEarlierAttemptMayHaveBeenCarriedOut) {
  const std::vector<std::pair<HttpOutcome, bool>> cases = {
      {Failed(TransportFault::kNotSent), false},
      {Failed(TransportFault::kNoAnswer), true},
      {Failed(TransportFault::kTruncated), true},
      {Answered(500), true},
      {Answered(503), false}};
  for (const auto& first : cases) {
    script_.sent.clear();
    PARTITA_TEST_ASSIGN(const Answer answer, Send({first.first, Answered(412)}));
    EXPECT_EQ(answer.response.status, 412);
    EXPECT_EQ(answer.may_have_acted, first.second)
        << static_cast<int>(first.first.fault) << " " << first.first.response.status;
  }
}

TEST_F(RequestSenderTest, DoesNotForgetAnAttemptThatMayHaveBeenCarriedOut) {
  PARTITA_TEST_ASSIGN(const Answer answer,
                      Send({Failed(TransportFault::kNoAnswer), Answered(503),
                            Failed(TransportFault::kNotSent), Answered(412)}));
  EXPECT_TRUE(answer.may_have_acted);
}

TEST_F(RequestSenderTest, BringsTheLastAnswerWhenAttemptsAreUsedUp) {
  policy_.max_attempts = 3;
  PARTITA_TEST_ASSIGN(const Answer answer, Send({Failed(TransportFault::kNotSent),
                                                 Answered(502), Answered(500)}));
  EXPECT_EQ(answer.response.status, 500);
  EXPECT_EQ(answer.response.body, "body of 500");
  EXPECT_TRUE(answer.may_have_acted);
  EXPECT_EQ(num_sent(), 3U);
}

TEST_F(RequestSenderTest, DoesNotCallTheLastAttemptAnEarlierOne) {
  policy_.max_attempts = 1;
  PARTITA_TEST_ASSIGN(const Answer answer, Send({Answered(500)}));
  EXPECT_FALSE(answer.may_have_acted);
}

TEST_F(RequestSenderTest, SaysThatTheServerMayHaveActedWhenNoAnswerCame) {
  policy_.max_attempts = 4;
  EXPECT_THAT(Send({Failed(TransportFault::kNotSent), Failed(TransportFault::kNoAnswer),
                    Failed(TransportFault::kNotSent)}),
              FailsWith(ErrorCode::kStoreUnavailable,
                        AllOf(HasSubstr("may have done"), HasSubstr("4 attempts"),
                              HasSubstr("PUT https://host/bucket/key:"),
                              HasSubstr("the wire broke"), Not(HasSubstr("uploadId")))));
  EXPECT_EQ(num_sent(), 4U);
}

TEST_F(RequestSenderTest, SaysThatTheServerWasNeverReached) {
  policy_.max_attempts = 2;
  EXPECT_THAT(Send({Failed(TransportFault::kNotSent)}),
              FailsWith(ErrorCode::kStoreUnavailable,
                        AllOf(HasSubstr("not reached"), Not(HasSubstr("may have")))));
}

TEST_F(RequestSenderTest, HasMorePatienceWithAServerThatAsksForIt) {
  policy_.max_attempts = 2;
  policy_.max_throttled = 3;
  PARTITA_TEST_ASSIGN(const Answer served,
                      Send({Answered(503), Answered(503), Answered(500), Answered(200)}));
  EXPECT_EQ(served.response.status, 200);
  script_.sent.clear();
  PARTITA_TEST_ASSIGN(const Answer refused, Send({Answered(503)}));
  EXPECT_EQ(refused.response.status, 503);
  EXPECT_EQ(num_sent(), 3U);
  EXPECT_FALSE(refused.may_have_acted);
}

// What stands before a server says 503 while it restarts, and does not ask for fewer requests.
TEST_F(RequestSenderTest, HasAsMuchPatienceWhileThereIsNoService) {
  policy_.max_attempts = 2;
  policy_.max_throttled = 4;
  judge_ = [](const HttpResponse& response) {
    return response.status == 503 ? AnswerKind::kRetry : AnswerKind::kFinal;
  };
  PARTITA_TEST_ASSIGN(const Answer answer,
                      Send({Answered(503), Answered(503), Answered(503), Answered(200)}));
  EXPECT_EQ(answer.response.status, 200);
  EXPECT_TRUE(answer.may_have_acted);
  EXPECT_EQ(sender_->counts().throttled, 0);
}

TEST_F(RequestSenderTest, BeginsNoAttemptAfterTheTimeIsOver) {
  policy_.give_up_after = std::chrono::seconds(0);
  PARTITA_TEST_ASSIGN(const Answer answer, Send({Answered(500), Answered(200)}));
  EXPECT_EQ(answer.response.status, 500);
  EXPECT_EQ(num_sent(), 1U);
}

// The time is over before the server wants to be asked again, so nobody waits for that.
TEST_F(RequestSenderTest, WaitsAsLongAsTheServerSays) {
  policy_.max_delay = std::chrono::minutes(20);
  PARTITA_TEST_ASSIGN(const Answer answer,
                      Send({Answered(500, {{"retry-after", "600"}}), Answered(200)}));
  EXPECT_EQ(answer.response.status, 500);
  EXPECT_EQ(num_sent(), 1U);
}

TEST_F(RequestSenderTest, WaitsNoLongerThanItsOwnLimitWhateverTheServerSays) {
  for (const char* value : {"600", "99999999999999999999", "-5", "soon", "",
                            "Fri, 31 Dec 2038 23:59:59 GMT", "9223372036854775807"}) {
    script_.sent.clear();
    PARTITA_TEST_ASSIGN(const Answer answer,
                        Send({Answered(500, {{"retry-after", value}}), Answered(200)}));
    EXPECT_EQ(answer.response.status, 200) << value;
  }
}

TEST_F(RequestSenderTest, MakesTheRequestAnewForEachAttempt) {
  int made = 0;
  make_ = [&made] {
    HttpRequest request;
    request.url = std::to_string(++made);
    return arrow::Result<HttpRequest>(request);
  };
  EXPECT_THAT(Send({Answered(500), Failed(TransportFault::kNoAnswer), Answered(200)}),
              IsOk());
  std::vector<std::string> urls;
  for (const HttpRequest& request : script_.sent) {
    urls.push_back(request.url);
  }
  EXPECT_THAT(urls, ElementsAre("1", "2", "3"));
}

TEST_F(RequestSenderTest, EndsWithTheErrorOfWhoMakesTheRequest) {
  make_ = [] {
    return arrow::Result<HttpRequest>(Error(ErrorCode::kInvalidConfig, "no keys"));
  };
  EXPECT_THAT(Send({Answered(200)}), FailsWith(ErrorCode::kInvalidConfig, "no keys"));
  EXPECT_EQ(num_sent(), 0U);
}

TEST_F(RequestSenderTest, DoesNotTryAgainWhatTheClientRefuses) {
  EXPECT_THAT(Send({Error(ErrorCode::kInvalidConfig, "not a URL"), Answered(200)}),
              FailsWith(ErrorCode::kInvalidConfig, "not a URL"));
  EXPECT_EQ(num_sent(), 1U);
}

// Keys that cannot be had any more say nothing about what the server did before.
TEST_F(RequestSenderTest, AnErrorAfterAnAttemptThatMayHaveBeenCarriedOutSaysSo) {
  EXPECT_THAT(
      Send({Failed(TransportFault::kNoAnswer),
            Error(ErrorCode::kInvalidConfig, "not to be trusted")}),
      FailsWith(ErrorCode::kStoreUnavailable,
                AllOf(HasSubstr("may have done"), HasSubstr("not to be trusted"))));
  script_.sent.clear();
  make_ = [this]() -> arrow::Result<HttpRequest> {
    if (num_sent() > 0) {
      return Error(ErrorCode::kInvalidConfig, "no keys");
    }
    return HttpRequest{};
  };
  EXPECT_THAT(Send({Answered(500)}),
              FailsWith(ErrorCode::kStoreUnavailable,
                        AllOf(HasSubstr("may have done"), HasSubstr("no keys"))));
  script_.sent.clear();
  EXPECT_THAT(Send({Failed(TransportFault::kNotSent)}),
              FailsWith(ErrorCode::kInvalidConfig, "no keys"));
}

TEST_F(RequestSenderTest, SendsNothingOnceStopped) {
  stop_.request_stop();
  EXPECT_THAT(Send({Answered(200)}),
              FailsWith(ErrorCode::kCancelled, HasSubstr("stopped")));
  EXPECT_EQ(num_sent(), 0U);
}

TEST_F(RequestSenderTest, DoesNotTryAgainOnceStopped) {
  script_.at_each_request = [this] { stop_.request_stop(); };
  policy_.base_delay = policy_.max_delay = std::chrono::minutes(4);
  EXPECT_THAT(Send({Answered(500), Answered(200)}),
              FailsWith(ErrorCode::kCancelled, "stopped before a request was sent"));
  EXPECT_EQ(num_sent(), 1U);
}

TEST_F(RequestSenderTest, CountsWhatItSendsByClass) {
  PARTITA_TEST_ASSIGN(const Answer answer,
                      Send({Failed(TransportFault::kNotSent), Answered(500),
                            Answered(503), Answered(200)}));
  ASSERT_EQ(answer.response.status, 200);
  ASSERT_THAT(sender_->Send(RequestClass::kList, "another", make_, JudgeByStatus),
              IsOk());
  const RequestCounts counts = sender_->counts();
  // get, head, put, post, list, delete
  EXPECT_THAT(counts.requests, ElementsAre(0, 0, 4, 0, 1, 0));
  EXPECT_EQ(counts.retries, 3);
  EXPECT_EQ(counts.throttled, 1);
  EXPECT_EQ(counts.bytes_sent, 4 * 10) << "the first attempt reached nobody";
  EXPECT_EQ(counts.bytes_received, 4 * 11) << "\"body of 200\" and its like";
}

TEST_F(RequestSenderTest, ServesManyThreads) {
  ASSERT_THAT(Send({Answered(500), Answered(200)}), IsOk());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < 50; ++i) {
        EXPECT_THAT(sender_->Send(RequestClass::kGet, "bucket", make_, JudgeByStatus),
                    IsOk());
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(sender_->counts().requests[static_cast<size_t>(RequestClass::kGet)], 200);
}

}  // namespace
}  // namespace partita
