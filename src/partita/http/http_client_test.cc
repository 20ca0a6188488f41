#include "partita/http/http_client.h"

#include <algorithm>
#include <map>
#include <memory>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/http/sha256.h"

#include "support/loopback_server.h"
#include "support/status_matchers.h"
#include "support/temp_folder.h"

namespace partita {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

using Then = LoopbackAnswer::Then;

constexpr char kSecret[] = "very/secret+key";

std::unique_ptr<HttpClient> Client(const HttpClient::Options& options = {}) {
  arrow::Result<std::unique_ptr<HttpClient>> client = HttpClient::Make(options);
  EXPECT_THAT(client, IsOk());
  return std::move(client).ValueOrDie();
}

HttpRequest Request(const std::string& method, const std::string& url) {
  HttpRequest request;
  request.method = method;
  request.url = url;
  return request;
}

HttpOutcome Send(HttpClient& client, const HttpRequest& request) {
  arrow::Result<HttpOutcome> outcome = client.Send(request, std::stop_token());
  EXPECT_THAT(outcome, IsOk());
  return outcome.ok() ? *outcome : HttpOutcome{TransportFault::kNotSent, {}, "an error"};
}

HttpResponse Answer(HttpClient& client, const HttpRequest& request) {
  HttpOutcome outcome = Send(client, request);
  EXPECT_EQ(outcome.fault, TransportFault::kNone) << outcome.problem;
  return outcome.response;
}

TEST(HttpClientTest, BringsStatusHeadersAndBody) {
  const std::string body("a\0b\r\n\r\nc", 8);
  LoopbackServer server(
      {{HttpBytes(206, body, {{"ETag", "\"x\""}, {"X-Amz-Meta-Model", "  Model 3 "}})}});
  const HttpResponse response =
      Answer(*Client(), Request("GET", server.url() + "/bucket/key"));
  EXPECT_EQ(response.status, 206);
  EXPECT_EQ(response.body, body);
  EXPECT_THAT(response.headers, UnorderedElementsAre(Pair("etag", "\"x\""),
                                                     Pair("x-amz-meta-model", "Model 3"),
                                                     Pair("content-length", "8")));
  EXPECT_EQ(response.Header("etag"), "\"x\"");
}

TEST(HttpClientTest, SendsMethodTargetHeadersAndBody) {
  LoopbackServer server;
  const auto client = Client();
  const std::string target = "/bucket/Make%3DTESLA/a%20b?list-type=2&prefix=";
  for (const char* method : {"GET", "HEAD", "PUT", "POST", "DELETE"}) {
    HttpRequest request = Request(method, server.url() + target);
    request.headers = {{"x-amz-meta-a", "b c"}, {"If-None-Match", "*"}, {"x-empty", ""}};
    EXPECT_EQ(Answer(*client, request).status, 200);
    const LoopbackRequest received = server.requests().back();
    EXPECT_EQ(received.method, method);
    EXPECT_EQ(received.target, target);
    EXPECT_THAT(received.headers, Contains(Pair("x-amz-meta-a", "b c"))) << method;
    EXPECT_THAT(received.headers, Contains(Pair("if-none-match", "*"))) << method;
    EXPECT_THAT(received.headers, Contains(Pair("x-empty", ""))) << method;
    EXPECT_THAT(received.headers, Not(Contains(Key("content-type")))) << method;
  }
}

TEST(HttpClientTest, SendsBodiesOfAnySizeWithoutWaitingForContinue) {
  LoopbackServer server;
  const auto client = Client();
  for (const char* method : {"PUT", "POST", "DELETE"}) {
    for (const size_t size : {size_t{0}, size_t{1}, size_t{65536}, size_t{3000000}}) {
      std::string body(size, 'x');
      for (size_t i = 0; i < size; ++i) {
        body[i] = static_cast<char>(i * 31);
      }
      HttpRequest request = Request(method, server.url() + "/key");
      request.body = body;
      EXPECT_EQ(Answer(*client, request).status, 200);
      const LoopbackRequest received = server.requests().back();
      EXPECT_EQ(received.method, method);
      EXPECT_TRUE(received.body == body) << method << " " << size;
      EXPECT_THAT(received.headers, Not(Contains(Key("expect"))))
          << method << " " << size;
      EXPECT_THAT(received.headers, Not(Contains(Key("transfer-encoding"))));
    }
  }
}

TEST(HttpClientTest, BringsTheLengthOfAnObjectWithoutItsBytes) {
  LoopbackServer server(
      {{"HTTP/1.1 200 OK\r\nContent-Length: 5000000000000\r\n\r\n"}, {HttpBytes(204)}});
  const auto client = Client();
  const HttpResponse response = Answer(*client, Request("HEAD", server.url() + "/key"));
  EXPECT_EQ(response.Header("content-length"), "5000000000000");
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(Answer(*client, Request("DELETE", server.url() + "/key")).status, 204);
  EXPECT_EQ(server.num_connections(), 1);
}

TEST(HttpClientTest, KeepsTheConnectionForTheNextRequest) {
  LoopbackServer server([](const LoopbackRequest& request) {
    return LoopbackAnswer{HttpBytes(200, request.method == "HEAD" ? "" : request.target)};
  });
  const auto client = Client();
  for (int i = 0; i < 5; ++i) {
    for (const char* method : {"GET", "PUT", "HEAD", "POST", "DELETE"}) {
      Answer(*client, Request(method, server.url() + "/key"));
    }
  }
  EXPECT_THAT(server.requests(), SizeIs(25));
  EXPECT_EQ(server.num_connections(), 1);
}

TEST(HttpClientTest, ServesManyThreadsEachOverAConnectionOfItsOwn) {
  LoopbackServer server([](const LoopbackRequest& request) {
    return LoopbackAnswer{HttpBytes(200, request.body)};
  });
  const auto client = Client();
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const std::string body = std::to_string(t) + "/" + std::to_string(i);
        HttpRequest request = Request("PUT", server.url() + "/key");
        request.body = body;
        EXPECT_EQ(Answer(*client, request).body, body);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_THAT(server.requests(), SizeIs(100));
  EXPECT_LE(server.num_connections(), kThreads);
}

TEST(HttpClientTest, TakesABadStatusForAnAnswerAndFollowsNoRedirect) {
  LoopbackServer server({{HttpBytes(503, "slow down", {{"Retry-After", "1"}})},
                         {HttpBytes(307, "", {{"Location", "/elsewhere"}})}});
  const auto client = Client();
  const HttpResponse throttled = Answer(*client, Request("GET", server.url() + "/"));
  EXPECT_EQ(throttled.status, 503);
  EXPECT_EQ(throttled.body, "slow down");
  EXPECT_EQ(throttled.Header("retry-after"), "1");
  EXPECT_EQ(Answer(*client, Request("GET", server.url() + "/")).status, 307);
  EXPECT_THAT(server.requests(), SizeIs(2));
}

TEST(HttpClientTest, LetsNoHeaderOfAnInterimAnswerThrough) {
  LoopbackServer server({{"HTTP/1.1 103 Early Hints\r\nETag: wrong\r\n\r\n" +
                          HttpBytes(200, "body", {{"ETag", "right"}})}});
  const HttpResponse response = Answer(*Client(), Request("GET", server.url() + "/"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "body");
  EXPECT_THAT(response.headers,
              UnorderedElementsAre(Pair("etag", "right"), Pair("content-length", "4")));
}

TEST(HttpClientTest, LeavesDotsAndSlashesOfAPathAlone) {
  LoopbackServer server;
  Answer(*Client(), Request("GET", server.url() + "/b/a/../c/./d//e%2Ff"));
  EXPECT_EQ(server.requests().back().target, "/b/a/../c/./d//e%2Ff");
}

TEST(HttpClientTest, TellsAnAnswerThatEndsAnywhereBeforeItsEndFromAWholeOne) {
  const std::string whole = HttpBytes(200, "0123456789", {{"ETag", "\"x\""}});
  const size_t status_line_end = whole.find("\r\n") + 2;
  const auto client = Client();
  for (const char* method : {"GET", "PUT"}) {
    for (size_t cut = 0; cut < whole.size(); ++cut) {
      LoopbackServer server({{whole.substr(0, cut), Then::kClose}});
      const HttpOutcome outcome = Send(*client, Request(method, server.url() + "/key"));
      EXPECT_EQ(outcome.fault, cut < status_line_end ? TransportFault::kNoAnswer
                                                     : TransportFault::kTruncated)
          << method << " cut to " << cut << " bytes: " << outcome.problem;
      EXPECT_NE(outcome.problem, "");
    }
  }
}

TEST(HttpClientTest, TellsAChunkedAnswerThatEndsEarlyFromAWholeOne) {
  const std::string whole =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n";
  const size_t body_begin = whole.find("4\r\n");
  LoopbackServer good({{whole}});
  EXPECT_EQ(Answer(*Client(), Request("GET", good.url() + "/")).body, "body");
  for (size_t cut = body_begin; cut < whole.size() - 4; ++cut) {
    LoopbackServer server({{whole.substr(0, cut), Then::kClose}});
    EXPECT_EQ(Send(*Client(), Request("GET", server.url() + "/")).fault,
              TransportFault::kTruncated)
        << cut;
  }
}

TEST(HttpClientTest, KnowsThatARequestWithoutAnAnswerMayHaveBeenCarriedOut) {
  for (const Then then : {Then::kClose, Then::kReset}) {
    for (const char* method : {"GET", "PUT", "POST", "DELETE", "HEAD"}) {
      LoopbackServer server({{"", then}});
      const HttpOutcome outcome = Send(*Client(), Request(method, server.url() + "/key"));
      EXPECT_EQ(outcome.fault, TransportFault::kNoAnswer) << method;
      EXPECT_NE(outcome.problem, "");
      EXPECT_THAT(server.requests(), SizeIs(1)) << method;
    }
  }
}

// libcurl would send it again by itself and bring the second answer, such as "it exists
// already" about the object that the first sending made.
TEST(HttpClientTest, NeverSendsAChangeTwiceWhenAKeptConnectionEnds) {
  for (const Then then : {Then::kClose, Then::kReset}) {
    for (const char* method : {"PUT", "POST", "DELETE"}) {
      for (const char* body : {"", "body"}) {
        LoopbackServer server({{HttpBytes(200)}, {"", then}, {HttpBytes(412)}});
        const auto client = Client();
        HttpRequest request = Request(method, server.url() + "/key");
        request.body = body;
        EXPECT_EQ(Answer(*client, request).status, 200);
        EXPECT_EQ(Send(*client, request).fault, TransportFault::kNoAnswer) << method;
        EXPECT_THAT(server.requests(), SizeIs(2)) << method;
        EXPECT_EQ(Answer(*client, request).status, 412) << "the client goes on";
      }
    }
  }
}

TEST(HttpClientTest, ReadsAgainWhenAKeptConnectionEnds) {
  LoopbackServer server(
      {{HttpBytes(200, "first")}, {"", Then::kClose}, {HttpBytes(200, "second")}});
  const auto client = Client();
  EXPECT_EQ(Answer(*client, Request("GET", server.url() + "/key")).body, "first");
  EXPECT_EQ(Answer(*client, Request("GET", server.url() + "/key")).body, "second");
}

TEST(HttpClientTest, KnowsThatAServerWasNotReached) {
  int port = 0;
  {
    LoopbackServer gone;
    port = gone.port();
  }
  const HttpOutcome outcome =
      Send(*Client(), Request("PUT", "http://127.0.0.1:" + std::to_string(port) + "/"));
  EXPECT_EQ(outcome.fault, TransportFault::kNotSent);
  EXPECT_THAT(outcome.problem, HasSubstr(std::to_string(port)));
}

TEST(HttpClientTest, KnowsThatNothingWasSentToAServerThatSpeaksNoTls) {
  LoopbackServer server;  // waits for the end of a request's headers, in vain
  HttpClient::Options options;
  options.connect_timeout = std::chrono::milliseconds(1);
  const HttpOutcome outcome =
      Send(*Client(options),
           Request("PUT", "https://127.0.0.1:" + std::to_string(server.port())));
  EXPECT_EQ(outcome.fault, TransportFault::kNotSent);
}

TEST(HttpClientTest, GivesAnAttemptUpWhenNothingMoves) {
  LoopbackServer server({{"", Then::kSilence}});
  HttpClient::Options options;
  options.idle_timeout = std::chrono::milliseconds(1);
  const HttpOutcome outcome =
      Send(*Client(options), Request("PUT", server.url() + "/key"));
  EXPECT_EQ(outcome.fault, TransportFault::kNoAnswer);
  EXPECT_THAT(outcome.problem, HasSubstr("1 ms"));
}

// Memory is set aside for what a request can bring, not for what a server sends.
TEST(HttpClientTest, TakesNoLongerAnswerThanCanHaveBeenAskedFor) {
  LoopbackServer server(
      {{HttpBytes(200, "12345")},
       {HttpBytes(200, "123456")},
       {"HTTP/1.1 200 OK\r\n\r\n123456", Then::kSilence},
       {"HTTP/1.1 200 OK\r\nContent-Length: 5000000000000\r\n\r\n1", Then::kSilence}});
  const auto client = Client();
  HttpRequest request = Request("GET", server.url() + "/key?a=b");
  request.max_answer = 5;
  EXPECT_EQ(Answer(*client, request).body, "12345");
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(client->Send(request, std::stop_token()),
                FailsWith(ErrorCode::kStoreUnavailable,
                          AllOf(HasSubstr("/key: more than 5 bytes"))));
  }
}

TEST(HttpClientTest, EndsWhenStopped) {
  const auto stop = std::make_unique<std::stop_source>();
  LoopbackServer server([&stop](const LoopbackRequest&) {
    stop->request_stop();
    return LoopbackAnswer{"", Then::kSilence};
  });
  const auto client = Client();
  const HttpRequest request = Request("GET", server.url() + "/key");
  EXPECT_THAT(client->Send(request, stop->get_token()),
              FailsWith(ErrorCode::kCancelled, HasSubstr("under way")));
  EXPECT_THAT(client->Send(request, stop->get_token()),
              FailsWith(ErrorCode::kCancelled, HasSubstr("before")));
  EXPECT_THAT(server.requests(), SizeIs(1));
}

TEST(HttpClientTest, RefusesWhatIsNoAddressOfAServer) {
  const auto client = Client();
  for (const char* url :
       {"", "http://", "ftp://127.0.0.1/", "file:///etc/passwd", "http://a b/"}) {
    EXPECT_THAT(client->Send(Request("GET", url), std::stop_token()),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("http://HOST")))
        << url;
  }
}

TEST(HttpClientTest, TakesAServerThatSpeaksAnotherProtocolForOneThatGivesNoAnswer) {
  LoopbackServer server({{"SSH-2.0-OpenSSH_9.2\r\n", Then::kClose}});
  EXPECT_EQ(Send(*Client(), Request("PUT", server.url() + "/key")).fault,
            TransportFault::kNoAnswer);
}

TEST(HttpClientTest, RefusesAHeaderThatWouldBeTwo) {
  LoopbackServer server;
  for (const std::string& value : {std::string("a\r\nx-amz-acl: public-read"),
                                   std::string("a\nb"), std::string("a\0b", 3)}) {
    HttpRequest request = Request("PUT", server.url() + "/key");
    request.headers = {{"x-amz-tagging", value}};
    EXPECT_THAT(Client()->Send(request, std::stop_token()),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("x-amz-tagging")));
  }
  EXPECT_THAT(server.requests(), SizeIs(0));
}

TEST(HttpClientTest, RefusesAFileOfCertificatesThatIsNotThere) {
  TempFolder folder;
  HttpClient::Options options;
  options.ca_file = folder / "ca.pem";
  EXPECT_THAT(HttpClient::Make(options),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr(options.ca_file)));
}

HttpRequest SignedRequest(const std::string& url) {
  HttpRequest request = Request("PUT", url);
  request.headers = {{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"},
                     {"x-amz-server-side-encryption-aws-kms-key-id", "key/1"},
                     {"x-amz-server-side-encryption", "aws:kms"}};
  request.body = "body";
  request.signature = AwsSignature{{"ACCESS", kSecret, "token+/="}, "eu-central-1", "s3"};
  return request;
}

// The part of `text` between two others, as a server reads an Authorization header.
std::string Between(const std::string& text, const std::string& begin,
                    const std::string& end) {
  const size_t from = text.find(begin);
  EXPECT_NE(from, std::string::npos) << begin;
  return text.substr(from + begin.size(),
                     text.find(end, from + begin.size()) - from - begin.size());
}

// What a server computes from what has reached it.
std::string ExpectedSignature(const LoopbackRequest& request) {
  const std::map<std::string, std::string>& headers = request.headers;
  const std::string names = Between(headers.at("authorization"), "SignedHeaders=", ",");
  const size_t query = request.target.find('?');
  std::string canonical = request.method + "\n" + request.target.substr(0, query) + "\n" +
                          request.target.substr(query + 1) + "\n";
  std::istringstream split(names);
  for (std::string name; std::getline(split, name, ';');) {
    canonical += name + ":" + headers.at(name) + "\n";
  }
  canonical += "\n" + names + "\n" + headers.at("x-amz-content-sha256");
  const std::string time = headers.at("x-amz-date");
  const std::string scope = time.substr(0, 8) + "/eu-central-1/s3/aws4_request";
  std::string key = std::string("AWS4") + kSecret;
  for (const std::string& part : {time.substr(0, 8), std::string("eu-central-1"),
                                  std::string("s3"), std::string("aws4_request")}) {
    key = HmacSha256(key, part);
  }
  return HexText(HmacSha256(key, "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" +
                                     HexText(Sha256(canonical))));
}

TEST(HttpClientTest, SendsASignatureOfWhatReachesTheServer) {
  LoopbackServer server;
  EXPECT_EQ(
      Answer(*Client(), SignedRequest(server.url() + "/b/Make%3DTESLA?a=1&uploads="))
          .status,
      200);
  const LoopbackRequest received = server.requests().back();
  const std::string& authorization = received.headers.at("authorization");
  EXPECT_EQ(Between(authorization + "\n", "Signature=", "\n"),
            ExpectedSignature(received));
  EXPECT_THAT(authorization, HasSubstr("Credential=ACCESS/"));
  EXPECT_EQ(received.headers.at("x-amz-security-token"), "token+/=");
  EXPECT_EQ(received.headers.at("host"),
            server.url().substr(std::string("http://").size()));
  const std::string names = Between(authorization, "SignedHeaders=", ",");
  for (const auto& field : received.headers) {
    if (field.first.starts_with("x-amz-")) {
      EXPECT_THAT(names, HasSubstr(field.first))
          << "S3 demands that all of them be signed";
    }
    EXPECT_THAT(field.second, Not(HasSubstr(kSecret)));
  }
}

TEST(HttpClientTest, SignsNothingWithoutKeys) {
  LoopbackServer server;
  HttpRequest request = Request("GET", server.url() + "/key");
  request.signature = AwsSignature{{}, "eu-central-1", "s3"};
  Answer(*Client(), request);
  EXPECT_THAT(server.requests().back().headers, Not(Contains(Key("authorization"))));
  EXPECT_THAT(server.requests().back().headers, Not(Contains(Key("x-amz-date"))));
}

TEST(HttpClientTest, NamesNoKeyInWhatWentWrong) {
  LoopbackServer server({{"", Then::kReset}, {"HTTP/1.1 200 OK\r\n", Then::kClose}});
  const auto client = Client();
  for (const std::string& url : {server.url() + "/key", server.url() + "/key",
                                 std::string("http://127.0.0.1:1/")}) {
    const HttpOutcome outcome = Send(*client, SignedRequest(url));
    EXPECT_NE(outcome.fault, TransportFault::kNone);
    EXPECT_THAT(outcome.problem, Not(HasSubstr(kSecret)));
    EXPECT_THAT(outcome.problem, Not(HasSubstr("token+/=")));
    EXPECT_THAT(outcome.problem, Not(HasSubstr("Signature")));
  }
}

}  // namespace
}  // namespace partita
