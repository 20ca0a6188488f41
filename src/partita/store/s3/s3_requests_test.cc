#include "partita/store/s3/s3_requests.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace partita {
namespace {

using ::testing::Contains;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;

const S3Location kObject{.bucket = "bucket", .key = "data/k=1/Škoda 100%.csv"};
constexpr char kEncodedKey[] = "data/k%3D1/%C5%A0koda%20100%25.csv";
const PutCondition kIfMissing{.kind = PutCondition::Kind::kIfMissing, .etag = ""};

std::string UrlOf(const S3Request& request, const S3Options& options = {},
                  const std::string& region = "us-east-1") {
  return MakeHttpRequest(request, options, region).url;
}

S3Options At(std::string endpoint) {
  S3Options options;
  options.endpoint = std::move(endpoint);
  return options;
}

TEST(S3RequestsTest, PutsTheBucketIntoTheNameOfAmazonsHost) {
  EXPECT_EQ(UrlOf(HeadObjectRequest(kObject), {}, "eu-central-1"),
            std::string("https://bucket.s3.eu-central-1.amazonaws.com/") + kEncodedKey);
  EXPECT_EQ(UrlOf(HeadObjectRequest({.bucket = "b-1", .key = "k"}), {}, "cn-north-1"),
            "https://b-1.s3.cn-north-1.amazonaws.com.cn/k");
}

TEST(S3RequestsTest, PutsBucketsThatFitIntoNoHostNameIntoThePath) {
  for (const std::string bucket : {"my.bucket", "MyBucket", "my_bucket"}) {
    EXPECT_EQ(UrlOf(HeadObjectRequest({.bucket = bucket, .key = "k"})),
              "https://s3.us-east-1.amazonaws.com/" + bucket + "/k");
  }
}

TEST(S3RequestsTest, PutsTheBucketIntoThePathOfAnEndpoint) {
  EXPECT_EQ(UrlOf(HeadObjectRequest(kObject), At("http://127.0.0.1:9000")),
            std::string("http://127.0.0.1:9000/bucket/") + kEncodedKey);
  EXPECT_EQ(UrlOf(HeadObjectRequest(kObject), At("https://host/storage/s3")),
            std::string("https://host/storage/s3/bucket/") + kEncodedKey);
}

TEST(S3RequestsTest, ObeysWhoeverSaysWhereTheBucketGoes) {
  S3Options options = At("https://s3.example.com");
  options.is_path_style = false;
  EXPECT_EQ(UrlOf(HeadObjectRequest({.bucket = "b-1", .key = "k"}), options),
            "https://b-1.s3.example.com/k");
  S3Options amazon;
  amazon.is_path_style = true;
  EXPECT_EQ(UrlOf(HeadObjectRequest({.bucket = "b-1", .key = "k"}), amazon),
            "https://s3.us-east-1.amazonaws.com/b-1/k");
}

TEST(S3RequestsTest, AsksForAListingWithASortedQuery) {
  const S3ListRange range{.prefix = {.bucket = "b-1", .key = "a b/"}, .delimiter = "/"};
  EXPECT_EQ(UrlOf(ListObjectsRequest(range, "t+/="), At("http://h")),
            "http://h/b-1?continuation-token=t%2B%2F%3D&delimiter=%2F&encoding-type=url"
            "&list-type=2&max-keys=1000&prefix=a%20b%2F");
  EXPECT_EQ(
      UrlOf(ListUploadsRequest({.bucket = "b-1", .key = "p"}, "k", "i"), At("http://h")),
      "http://h/b-1?encoding-type=url&key-marker=k&prefix=p&upload-id-marker=i"
      "&uploads=");
}

TEST(S3RequestsTest, AsksForARangeOfTheObjectThatWasSeen) {
  const S3Request request = GetRangeRequest(kObject, {.first = 10, .count = 5}, "\"e\"");
  EXPECT_THAT(request.headers, Contains(Pair("range", "bytes=10-14")));
  EXPECT_THAT(request.headers, Contains(Pair("if-match", "\"e\"")));
}

// A server that knows no ranges sends the whole, which may be larger than memory.
TEST(S3RequestsTest, TakesNoMoreThanTheRange) {
  constexpr int64_t kBytes = int64_t{4} << 20;
  const S3Request request =
      GetRangeRequest(kObject, {.first = 10, .count = kBytes}, "\"e\"");
  EXPECT_EQ(MakeHttpRequest(request, At("http://h"), "us-east-1").max_answer, kBytes);
  const S3Request byte = GetRangeRequest(kObject, {.first = 0, .count = 1}, "\"e\"");
  EXPECT_GE(MakeHttpRequest(byte, At("http://h"), "us-east-1").max_answer, 10'000)
      << "an error document has room";
}

TEST(S3RequestsTest, GivesEveryPutAndPartItsChecksum) {
  const S3Request put = PutStateRequest(kObject, "123456789", kIfMissing, {});
  EXPECT_THAT(put.headers, Contains(Pair("x-amz-checksum-crc32c", "4waSgw==")));
  EXPECT_THAT(put.headers, Contains(Pair("if-none-match", "*")));
  EXPECT_EQ(put.body(), "123456789");
  const S3Request part = UploadPartRequest(kObject, "id", 7, "123456789");
  EXPECT_THAT(part.headers, Contains(Pair("x-amz-checksum-crc32c", "4waSgw==")));
  EXPECT_EQ(UrlOf(part, At("http://h")),
            std::string("http://h/bucket/") + kEncodedKey + "?partNumber=7&uploadId=id");
  EXPECT_THAT(CreateUploadRequest(kObject, {}).headers,
              Contains(Pair("x-amz-checksum-algorithm", "CRC32C")));
}

TEST(S3RequestsTest, PutsOnTheConditionThatIsAskedFor) {
  const S3Request same = PutStateRequest(
      kObject, "", {.kind = PutCondition::Kind::kIfSame, .etag = "\"e\""}, {});
  EXPECT_THAT(same.headers, Contains(Pair("if-match", "\"e\"")));
  EXPECT_THAT(same.headers, Not(Contains(Key("if-none-match"))));
  const S3Request always = PutStateRequest(kObject, "", {}, {});
  EXPECT_THAT(always.headers, Not(Contains(Key("if-match"))));
  EXPECT_THAT(always.headers, Not(Contains(Key("if-none-match"))));
  EXPECT_THAT(CompleteUploadRequest(kObject, "id", {}, kIfMissing).headers,
              Contains(Pair("if-none-match", "*")));
}

S3Options AllAttributes() {
  S3Options options;
  options.encryption = S3Encryption::kSseKms;
  options.kms_key_id = "alias/data";
  options.storage_class = "GLACIER";
  options.tags = {{"team", "data & more"}, {"cost", "7"}};
  options.requester_pays = true;
  return options;
}

TEST(S3RequestsTest, StoresDataAsTheOptionsSay) {
  for (const S3Request& request : {PutDataRequest(kObject, "x", {}, AllAttributes()),
                                   CreateUploadRequest(kObject, AllAttributes())}) {
    EXPECT_THAT(request.headers,
                Contains(Pair("x-amz-server-side-encryption", "aws:kms")));
    EXPECT_THAT(
        request.headers,
        Contains(Pair("x-amz-server-side-encryption-aws-kms-key-id", "alias/data")));
    EXPECT_THAT(request.headers, Contains(Pair("x-amz-storage-class", "GLACIER")));
    EXPECT_THAT(request.headers,
                Contains(Pair("x-amz-tagging", "team=data%20%26%20more&cost=7")));
  }
  S3Options own_keys;
  own_keys.encryption = S3Encryption::kSseS3;
  EXPECT_THAT(PutDataRequest(kObject, "x", {}, own_keys).headers,
              Contains(Pair("x-amz-server-side-encryption", "AES256")));
}

// What commits are decided with must be readable at once.
TEST(S3RequestsTest, EncryptsStateButKeepsItOutOfArchives) {
  const S3Request state = PutStateRequest(kObject, "x", {}, AllAttributes());
  EXPECT_THAT(state.headers, Contains(Pair("x-amz-server-side-encryption", "aws:kms")));
  EXPECT_THAT(state.headers, Not(Contains(Key("x-amz-storage-class"))));
  EXPECT_THAT(state.headers, Not(Contains(Key("x-amz-tagging"))));
}

TEST(S3RequestsTest, OffersToPayWithEveryRequest) {
  for (const S3Request& request :
       {HeadObjectRequest(kObject), ListObjectsRequest({.prefix = kObject}, ""),
        UploadPartRequest(kObject, "id", 1, "x"), DeleteObjectRequest(kObject)}) {
    EXPECT_THAT(MakeHttpRequest(request, AllAttributes(), "us-east-1").headers,
                Contains(Pair("x-amz-request-payer", "requester")));
    EXPECT_THAT(MakeHttpRequest(request, {}, "us-east-1").headers,
                Not(Contains(Key("x-amz-request-payer"))));
  }
}

// Without TLS the signature must cover the bytes.
TEST(S3RequestsTest, LeavesBytesUnsignedOverTlsOnly) {
  const S3Request put = PutDataRequest(kObject, "x", {}, {});
  EXPECT_THAT(MakeHttpRequest(put, {}, "us-east-1").headers,
              Contains(Pair("x-amz-content-sha256", "UNSIGNED-PAYLOAD")));
  EXPECT_THAT(MakeHttpRequest(put, At("http://h"), "us-east-1").headers,
              Not(Contains(Key("x-amz-content-sha256"))));
  const std::vector<std::string> keys = {"k"};
  EXPECT_THAT(
      MakeHttpRequest(DeleteObjectsRequest("bucket", keys), {}, "us-east-1").headers,
      Not(Contains(Key("x-amz-content-sha256"))));
}

TEST(S3RequestsTest, ProvesWhatIsToBeRemoved) {
  const std::vector<std::string> keys = {"a", "b"};
  const S3Request request = DeleteObjectsRequest("bucket", keys);
  EXPECT_EQ(UrlOf(request, At("http://h")), "http://h/bucket?delete=");
  EXPECT_THAT(request.headers, Contains(Key("x-amz-checksum-crc32c")));
  EXPECT_EQ(request.body(), request.document);
  EXPECT_EQ(request.path, "s3://bucket/a");
}

TEST(S3RequestsTest, PacesByBucketAndFirstPartOfTheKey) {
  EXPECT_EQ(PaceKey(HeadObjectRequest(kObject)), "bucket/data");
  EXPECT_EQ(PaceKey(HeadObjectRequest({.bucket = "bucket", .key = "k"})), "bucket/k");
  EXPECT_EQ(PaceKey(ListObjectsRequest({.prefix = kObject}, "")), "bucket/data");
  EXPECT_EQ(PaceKey(ListObjectsRequest({.prefix = {.bucket = "bucket", .key = ""}}, "")),
            "bucket/");
}

}  // namespace
}  // namespace partita
