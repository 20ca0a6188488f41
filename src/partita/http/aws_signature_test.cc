#include "partita/http/aws_signature.h"

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "partita/http/sha256.h"

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;

// Keys, time and bucket of the S3 API Reference, "Signature Calculations for the
// Authorization Header": the signatures below are those it prints.
constexpr char kSecret[] = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
constexpr char kEmptyHash[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
// 2013-05-24 00:00:00 UTC
const std::chrono::system_clock::time_point kTime{std::chrono::seconds(1369353600)};

HttpRequest Request(const std::string& method, const std::string& path_and_query) {
  HttpRequest request;
  request.method = method;
  request.url = "https://examplebucket.s3.amazonaws.com" + path_and_query;
  request.signature =
      AwsSignature{{"AKIAIOSFODNN7EXAMPLE", kSecret, ""}, "us-east-1", "s3"};
  return request;
}

std::map<std::string, std::string> Signed(const HttpRequest& request) {
  const arrow::Result<std::vector<HttpField>> headers = SignedHeaders(request, kTime);
  EXPECT_THAT(headers, IsOk());
  std::map<std::string, std::string> by_name;
  for (const HttpField& field : headers.ValueOr({})) {
    EXPECT_TRUE(by_name.emplace(field).second) << "twice: " << field.first;
  }
  return by_name;
}

std::string Authorization(const HttpRequest& request) {
  return Signed(request)["authorization"];
}

TEST(AwsSignatureTest, SignsARangeAsTheReferencePrintsIt) {
  HttpRequest request = Request("GET", "/test.txt");
  request.headers = {{"Range", "bytes=0-9"}};
  EXPECT_EQ(Authorization(request),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/"
            "aws4_request, SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(AwsSignatureTest, SignsAPutAsTheReferencePrintsIt) {
  HttpRequest request = Request("PUT", "/test%24file.text");
  request.headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                     {"x-amz-storage-class", "REDUCED_REDUNDANCY"}};
  request.body = "Welcome to Amazon S3.";
  EXPECT_THAT(
      Authorization(request),
      EndsWith("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
}

TEST(AwsSignatureTest, SignsAQueryWithoutAValueAsTheReferencePrintsIt) {
  EXPECT_THAT(
      Authorization(Request("GET", "/?lifecycle=")),
      EndsWith("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
}

TEST(AwsSignatureTest, SignsAListingAsTheReferencePrintsIt) {
  EXPECT_THAT(
      Authorization(Request("GET", "/?max-keys=2&prefix=J")),
      EndsWith("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

TEST(AwsSignatureTest, SortsHeadersByNameAlsoWhereOneNameBeginsAnother) {
  HttpRequest request = Request("PUT", "/test.txt");
  request.headers = {{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"},
                     {"x-amz-server-side-encryption-aws-kms-key-id", "key/1"},
                     {"x-amz-server-side-encryption", "aws:kms"}};
  request.signature->credentials.session_token = "token+/=";
  const std::string authorization = Authorization(request);
  EXPECT_THAT(authorization,
              HasSubstr("x-amz-security-token;x-amz-server-side-encryption;"
                        "x-amz-server-side-encryption-aws-kms-key-id,"));
  // Computed with Python's hmac by the definition.
  EXPECT_THAT(
      authorization,
      EndsWith("b7153f5a55f118550c3cd5ca50d77436caaf5b5c31a2ab23c1441d8aaca7553b"));
}

TEST(AwsSignatureTest, SendsTimeTokenHostAndTheHashOfTheBody) {
  HttpRequest request = Request("GET", "/test.txt");
  request.signature->credentials.session_token = "token+/=";
  std::map<std::string, std::string> headers = Signed(request);
  EXPECT_EQ(headers["x-amz-date"], "20130524T000000Z");
  EXPECT_EQ(headers["x-amz-security-token"], "token+/=");
  EXPECT_EQ(headers["host"], "examplebucket.s3.amazonaws.com");
  EXPECT_EQ(headers["x-amz-content-sha256"], kEmptyHash);
}

TEST(AwsSignatureTest, KeepsTheHashThatTheRequestStates) {
  HttpRequest request = Request("PUT", "/test.txt");
  request.headers = {{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"}};
  request.body = "body";
  EXPECT_EQ(Signed(request)["x-amz-content-sha256"], "UNSIGNED-PAYLOAD");
}

TEST(AwsSignatureTest, NamesNoTokenForKeysThatHaveNone) {
  EXPECT_THAT(Signed(Request("GET", "/")), Not(Contains(Key("x-amz-security-token"))));
}

TEST(AwsSignatureTest, NeverSendsTheSecret) {
  for (const auto& field : Signed(Request("GET", "/test.txt"))) {
    EXPECT_THAT(field.second, Not(HasSubstr(kSecret)));
  }
}

TEST(AwsSignatureTest, SignsPortsThatAreNotTheSchemesOwn) {
  HttpRequest request = Request("GET", "/");
  request.url = "http://127.0.0.1:9000/bucket";
  EXPECT_EQ(Signed(request)["host"], "127.0.0.1:9000");
  request.url = "https://example.com:443/bucket";
  EXPECT_EQ(Signed(request)["host"], "example.com");
  request.url = "http://example.com:80?list-type=2";
  EXPECT_EQ(Signed(request)["host"], "example.com");
  request.url = "https://[::1]:9000/bucket";
  EXPECT_EQ(Signed(request)["host"], "[::1]:9000");
}

TEST(AwsSignatureTest, CollapsesBlanksInWhatItSigns) {
  HttpRequest plain = Request("GET", "/");
  plain.headers = {{"x-amz-meta-a", "b c"}};
  HttpRequest spaced = Request("GET", "/");
  spaced.headers = {{"X-Amz-Meta-A", "  b \t c "}};
  EXPECT_EQ(Authorization(plain), Authorization(spaced));
}

TEST(AwsSignatureTest, RefusesAUrlWithoutAHostOrWithAUserName) {
  for (const char* url :
       {"", "host/key", "https://", "https:///key", "http://a:b@host/"}) {
    HttpRequest request = Request("GET", "/");
    request.url = url;
    EXPECT_THAT(SignedHeaders(request, kTime),
                FailsWith(ErrorCode::kInvalidConfig, HasSubstr("SCHEME://HOST")))
        << url;
  }
}

TEST(AwsSignatureTest, HashesAsTheStandardsSay) {
  EXPECT_EQ(HexText(Sha256("")), kEmptyHash);
  EXPECT_EQ(HexText(Sha256("abc")),  // FIPS 180-2, appendix B.1
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HexText(HmacSha256("Jefe", "what do ya want for nothing?")),  // RFC 4231, 4.3
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace partita
