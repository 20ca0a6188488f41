#include "partita/store/s3/s3_store.h"

#include <string>
#include <vector>

#include <fmt/core.h>

#include "partita/base/error.h"
#include "partita/store/s3/s3_checksum.h"

#include "support/s3_script.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kPath[] = "s3://bucket/data/f";
constexpr char kCompleted[] = "<CompleteMultipartUploadResult/>";
const PutCondition kIfMissing{.kind = PutCondition::Kind::kIfMissing, .etag = ""};
const PutCondition kIfSame{.kind = PutCondition::Kind::kIfSame, .etag = "\"old\""};

using S3StoreTest = S3ScriptTest;

const std::vector<UploadedPart> kParts = {
    {.etag = "\"e\"", .checksum = Crc32cText("hello")}};
const OpenUpload kUpload{.path = kPath, .id = "u"};

TEST_F(S3StoreTest, LearnsTheRegionOfABucketOnce) {
  const auto store = ScriptedStore(&script_, {});
  script_.Then(Answered(301, {{"x-amz-bucket-region", "eu-west-1"}}));
  script_.Then(Answered(204));
  script_.Then(Answered(204));
  EXPECT_THAT(store->RemoveFile(kPath), IsOk());
  EXPECT_THAT(store->RemoveFile(kPath), IsOk());
  EXPECT_THAT(script_.lines(),
              ElementsAre("DELETE https://bucket.s3.us-east-1.amazonaws.com/data/f",
                          "DELETE https://bucket.s3.eu-west-1.amazonaws.com/data/f",
                          "DELETE https://bucket.s3.eu-west-1.amazonaws.com/data/f"));
  EXPECT_THAT(script_.regions(), ElementsAre("us-east-1", "eu-west-1", "eu-west-1"));
}

TEST_F(S3StoreTest, LearnsTheRegionFromARefusedSignature) {
  script_.Then(Answered(400, {},
                        "<Error><Code>AuthorizationHeaderMalformed</Code>"
                        "<Region>eu-west-1</Region></Error>"));
  script_.Then(Answered(204));
  EXPECT_THAT(store_->RemoveFile(kPath), IsOk());
  EXPECT_THAT(script_.regions(), ElementsAre("us-east-1", "eu-west-1"));
}

// The region becomes part of the name of the host that requests go to.
TEST_F(S3StoreTest, GoesNowhereThatIsNoRegion) {
  const auto store = ScriptedStore(&script_, {});
  script_.Then(Answered(301, {{"x-amz-bucket-region", "evil.example/"}}));
  EXPECT_THAT(store->RemoveFile(kPath),
              FailsWith(ErrorCode::kInvalidConfig,
                        AllOf(HasSubstr("another region"), Not(HasSubstr("evil")))));
}

TEST_F(S3StoreTest, RenewsExpiredKeysOnce) {
  script_.Then(Refused(400, "ExpiredToken"));
  script_.Then(Answered(204));
  EXPECT_THAT(store_->RemoveFile(kPath), IsOk());
  EXPECT_THAT(script_.keys(), ElementsAre("key1", "key2"));
  script_.Then(Refused(400, "ExpiredToken"));
  script_.Then(Refused(400, "ExpiredToken"));
  EXPECT_THAT(store_->RemoveFile(kPath),
              FailsWith(ErrorCode::kStoreUnavailable,
                        AllOf(HasSubstr("expired"), Not(HasSubstr("s3cr3t")),
                              Not(HasSubstr("t0k3n")))));
}

TEST_F(S3StoreTest, APutThatWasCarriedOutUnheardIsFoundByReading) {
  script_.Then(Lost());
  script_.Then(Answered(412));
  script_.Then(Answered(200, {{"etag", "\"new\""}}, "ours"));
  const auto etag = store_->Put(kPath, "ours", kIfMissing);
  ASSERT_THAT(etag, IsOk());
  EXPECT_EQ(*etag, "\"new\"");
}

TEST_F(S3StoreTest, APutThatAnotherHasForestalledIsAConflict) {
  script_.Then(Answered(412));
  EXPECT_THAT(store_->Put(kPath, "ours", kIfMissing),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr(kPath)));
  script_.Then(Lost());
  script_.Then(Answered(412));
  script_.Then(Answered(200, {{"etag", "\"new\""}}, "theirs"));
  EXPECT_THAT(store_->Put(kPath, "ours", kIfSame),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr(kPath)));
}

TEST_F(S3StoreTest, APutOnAnObjectThatIsGoneIsAConflict) {
  script_.Then(Refused(404, "NoSuchKey"));
  EXPECT_THAT(store_->Put(kPath, "ours", kIfSame),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr(kPath)));
  script_.Then(Refused(404, "NoSuchBucket"));
  EXPECT_THAT(store_->Put(kPath, "ours", kIfSame), FailsWith(ErrorCode::kNotFound, _));
}

TEST_F(S3StoreTest, APutThatNobodyCanTellOfIsUnknown) {
  for (int i = 0; i < 6; ++i) {
    script_.Then(Lost());  // three times the put, three times the reading
  }
  EXPECT_THAT(store_->Put(kPath, "ours", kIfMissing),
              FailsWith(ErrorCode::kCommitStateUnknown, HasSubstr(kPath)));
}

TEST_F(S3StoreTest, APutThatMayStillArriveIsUnknown) {
  for (int i = 0; i < 3; ++i) {
    script_.Then(Lost());
  }
  script_.Then(Answered(200, {{"etag", "\"old\""}}, "before"));
  EXPECT_THAT(store_->Put(kPath, "ours", kIfSame),
              FailsWith(ErrorCode::kCommitStateUnknown, HasSubstr("so far")));
}

// The same bytes may have been put before: reading would prove nothing.
TEST_F(S3StoreTest, APutWithoutAConditionIsNotLookedFor) {
  for (int i = 0; i < 3; ++i) {
    script_.Then(Lost());
  }
  EXPECT_THAT(store_->Put(kPath, "ours", {}), FailsWith(ErrorCode::kStoreUnavailable, _));
}

TEST_F(S3StoreTest, APutThatMeetsAnotherOneIsTriedAgain) {
  script_.Then(Refused(409, "ConditionalRequestConflict"));
  script_.Then(Answered(200, {{"etag", "\"new\""}}));
  EXPECT_THAT(store_->Put(kPath, "ours", kIfSame), IsOk());
}

TEST_F(S3StoreTest, WithoutConditionsAPutLooksFirst) {
  S3Options options = LocalS3Options();
  options.unsafe_commit = true;
  const auto store = ScriptedStore(&script_, options);
  script_.Then(Answered(200, {{"etag", "\"new\""}}, "theirs"));
  EXPECT_THAT(store->Put(kPath, "ours", kIfSame),
              FailsWith(ErrorCode::kCommitConflict, HasSubstr(kPath)));
  script_.Then(Refused(404, "NoSuchKey"));
  script_.Then(Answered(200, {{"etag", "\"ours\""}}));
  EXPECT_THAT(store->Put(kPath, "ours", kIfMissing), IsOk());
}

// Who takes a lost answer for a refusal cleans up after a commit that took place.
TEST_F(S3StoreTest, APutThatIsNotAnsweredIsLookedForWithoutConditionsToo) {
  S3Options options = LocalS3Options();
  options.unsafe_commit = true;
  const auto store = ScriptedStore(&script_, options);
  const auto lose_a_put = [&] {
    script_.Then(Refused(404, "NoSuchKey"));
    for (int i = 0; i < 3; ++i) {
      script_.Then(Lost());
    }
  };
  lose_a_put();
  script_.Then(Answered(200, {{"etag", "\"ours\""}}, "ours"));
  PARTITA_TEST_ASSIGN(const std::string etag, store->Put(kPath, "ours", kIfMissing));
  EXPECT_EQ(etag, "\"ours\"");
  lose_a_put();
  script_.Then(Refused(404, "NoSuchKey"));
  EXPECT_THAT(store->Put(kPath, "ours", kIfMissing),
              FailsWith(ErrorCode::kCommitStateUnknown, HasSubstr(kPath)));
  for (const std::string& line : script_.lines()) {
    EXPECT_THAT(line, AnyOf(StartsWith("GET "), StartsWith("PUT ")));
  }
}

// Keys that cannot be had any more say nothing about the put before.
TEST_F(S3StoreTest, APutThatCannotBeSentAgainIsLookedFor) {
  script_.Then(Lost());
  script_.Then(Refused(400, "ExpiredToken"));
  script_.Then(Error(ErrorCode::kInvalidConfig, "no keys"));
  script_.Then(Answered(200, {{"etag", "\"new\""}}, "ours"));
  PARTITA_TEST_ASSIGN(const std::string etag, store_->Put(kPath, "ours", kIfMissing));
  EXPECT_EQ(etag, "\"new\"");
}

// The next put on a condition would go out with an empty one.
TEST_F(S3StoreTest, AnObjectWithoutAnEtagIsNoState) {
  script_.Then(Answered(200, {}, "text"));
  EXPECT_THAT(store_->ReadState(kPath),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("ETag")));
  script_.Then(Answered(200));
  EXPECT_THAT(store_->Put(kPath, "ours", {}),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("ETag")));
  // What took place is found by reading, or nobody can say.
  script_.Then(Answered(200));
  script_.Then(Answered(200, {{"etag", "\"new\""}}, "ours"));
  PARTITA_TEST_ASSIGN(const std::string etag, store_->Put(kPath, "ours", kIfMissing));
  EXPECT_EQ(etag, "\"new\"");
  script_.Then(Answered(200));
  script_.Then(Answered(200, {}, "ours"));
  EXPECT_THAT(store_->Put(kPath, "ours", kIfMissing),
              FailsWith(ErrorCode::kCommitStateUnknown, HasSubstr("ETag")));
}

TEST_F(S3StoreTest, TellsAgeByTheServersClockAlone) {
  script_.Then(Answered(200,
                        {{"etag", "\"e\""},
                         {"date", "Wed, 21 Oct 2015 07:29:30 GMT"},
                         {"last-modified", "Wed, 21 Oct 2015 07:28:00 GMT"}},
                        "text"));
  PARTITA_TEST_ASSIGN(const auto state, store_->ReadState(kPath));
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->age, std::chrono::seconds(90));
  EXPECT_EQ(state->text, "text");
  EXPECT_EQ(state->etag, "\"e\"");
  // Who cannot be told to be dead lives.
  script_.Then(Answered(200, {{"etag", "\"e\""}}, "text"));
  PARTITA_TEST_ASSIGN(const auto ageless, store_->ReadState(kPath));
  EXPECT_EQ(ageless->age, std::chrono::seconds(0));
}

TEST_F(S3StoreTest, ReadsDamagedStateAgain) {
  const HttpOutcome damaged =
      Answered(200, {{"x-amz-checksum-crc32c", Crc32cText("hello")}}, "hellO");
  script_.Then(damaged);
  script_.Then(Answered(
      200, {{"etag", "\"e\""}, {"x-amz-checksum-crc32c", Crc32cText("hello")}}, "hello"));
  PARTITA_TEST_ASSIGN(const auto state, store_->ReadState(kPath));
  EXPECT_EQ(state->text, "hello");
  for (int i = 0; i < 3; ++i) {
    script_.Then(damaged);
  }
  EXPECT_THAT(store_->ReadState(kPath),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("checksum")));
}

// A proxy's error page must not pass for a data set that was never written.
TEST_F(S3StoreTest, TakesOnlyAMissingKeyForNoState) {
  script_.Then(Refused(404, "NoSuchKey"));
  PARTITA_TEST_ASSIGN(const auto state, store_->ReadState(kPath));
  EXPECT_FALSE(state.has_value());
  script_.Then(Refused(404, "NoSuchBucket"));
  EXPECT_THAT(store_->ReadState(kPath),
              FailsWith(ErrorCode::kNotFound, HasSubstr("bucket")));
  script_.Then(Answered(404, {}, "<html>Not Found</html>"));
  EXPECT_THAT(store_->ReadState(kPath), FailsWith(ErrorCode::kNotFound, _));
}

TEST_F(S3StoreTest, ACompletionThatFailsWithStatus200IsTriedAgain) {
  script_.Then(Refused(200, "InternalError"));
  script_.Then(Answered(200, {}, "<CompleteMultipartUploadResult>"));
  script_.Then(Answered(200, {}, kCompleted));
  EXPECT_THAT(store_->CompleteUpload(kUpload, kParts), IsOk());
}

TEST_F(S3StoreTest, ACompletionThatIsRefusedWithStatus200Fails) {
  script_.Then(Refused(200, "QuotaExceeded"));
  EXPECT_THAT(store_->CompleteUpload(kUpload, kParts),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("QuotaExceeded")));
}

TEST_F(S3StoreTest, AnUploadWithoutItsPartsIsAsGoodAsGone) {
  for (const char* code : {"InvalidPart", "InvalidPartOrder", "EntityTooSmall"}) {
    script_.Then(Refused(400, code));
    EXPECT_THAT(store_->CompleteUpload(kUpload, kParts),
                FailsWith(ErrorCode::kNotFound, HasSubstr(code)));
  }
}

TEST_F(S3StoreTest, ACompletionThatWasCarriedOutUnheardIsFoundByItsChecksum) {
  const std::string checksum = CompositeCrc32cText(kParts);
  script_.Then(Lost());
  script_.Then(Refused(404, "NoSuchUpload"));
  script_.Then(Answered(200, {{"content-length", "5"},
                              {"etag", "\"e-1\""},
                              {"x-amz-checksum-crc32c", checksum}}));
  EXPECT_THAT(store_->CompleteUpload(kUpload, kParts), IsOk());
}

TEST_F(S3StoreTest, ACompletionIsNotMistakenForAnotherObject) {
  script_.Then(Lost());
  script_.Then(Refused(404, "NoSuchUpload"));
  script_.Then(Answered(200, {{"content-length", "5"},
                              {"etag", "\"e-1\""},
                              {"x-amz-checksum-crc32c", "AAAAAA==-1"}}));
  EXPECT_THAT(store_->CompleteUpload(kUpload, kParts),
              FailsWith(ErrorCode::kNotFound, _));
  // What was answered at once needs no look.
  script_.Then(Refused(404, "NoSuchUpload"));
  EXPECT_THAT(store_->CompleteUpload(kUpload, kParts),
              FailsWith(ErrorCode::kNotFound, _));
}

TEST_F(S3StoreTest, AnUploadThatIsGoneIsAbortedAlready) {
  script_.Then(Refused(404, "NoSuchUpload"));
  EXPECT_THAT(store_->AbortUpload(kUpload), IsOk());
  script_.Then(Refused(403, "AccessDenied"));
  EXPECT_THAT(
      store_->AbortUpload(kUpload),
      FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("s3:AbortMultipartUpload")));
}

TEST_F(S3StoreTest, APartIsWhatTheServerSaysHasArrived) {
  script_.Then(
      Answered(200, {{"etag", "\"p\""}, {"x-amz-checksum-crc32c", Crc32cText("hello")}}));
  PARTITA_TEST_ASSIGN(const UploadedPart part, store_->UploadPart(kUpload, 1, "hello"));
  EXPECT_EQ(part.etag, "\"p\"");
  EXPECT_EQ(part.checksum, Crc32cText("hello"));
  script_.Then(Answered(200, {{"etag", "\"p\""}}));
  PARTITA_TEST_ASSIGN(const UploadedPart bare, store_->UploadPart(kUpload, 1, "hello"));
  EXPECT_EQ(bare.checksum, "");
  script_.Then(
      Answered(200, {{"etag", "\"p\""}, {"x-amz-checksum-crc32c", Crc32cText("hellO")}}));
  EXPECT_THAT(store_->UploadPart(kUpload, 1, "hello"),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("part 1")));
}

TEST_F(S3StoreTest, RemovesAgainOnlyWhatWasLeft) {
  const std::vector<std::string> paths = {"s3://bucket/a", "s3://bucket/b",
                                          "s3://bucket/c"};
  script_.Then(Answered(200, {},
                        "<DeleteResult><Error><Key>b</Key><Code>InternalError</Code>"
                        "</Error><Error><Key>c</Key><Code>NoSuchKey</Code></Error>"
                        "</DeleteResult>"));
  script_.Then(Answered(200, {}, "<DeleteResult/>"));
  EXPECT_THAT(store_->RemoveObjects(paths), IsOk());
  ASSERT_EQ(script_.bodies().size(), 2);
  EXPECT_THAT(script_.bodies()[0],
              AllOf(HasSubstr("<Key>a</Key>"), HasSubstr("<Key>b</Key>")));
  EXPECT_THAT(script_.bodies()[1],
              AllOf(HasSubstr("<Key>b</Key>"), Not(HasSubstr("<Key>a</Key>")),
                    Not(HasSubstr("<Key>c</Key>"))));
}

TEST_F(S3StoreTest, NamesWhatCannotBeRemoved) {
  const std::vector<std::string> paths = {"s3://bucket/a", "s3://bucket/b"};
  script_.Then(Answered(200, {},
                        "<DeleteResult><Error><Key>b</Key><Code>AccessDenied</Code>"
                        "<Message>no</Message></Error></DeleteResult>"));
  EXPECT_THAT(store_->RemoveObjects(paths),
              FailsWith(ErrorCode::kStoreUnavailable,
                        AllOf(HasSubstr("1 of 2"), HasSubstr("s3://bucket/b"),
                              HasSubstr("s3:DeleteObject"))));
}

TEST_F(S3StoreTest, RemovesAThousandARequestOfOneBucket) {
  std::vector<std::string> paths;
  for (int i = 0; i < 1001; ++i) {
    paths.push_back("s3://bucket/" + std::to_string(i));
  }
  paths.push_back("s3://other/x");
  for (int i = 0; i < 3; ++i) {
    script_.Then(Answered(200, {}, "<DeleteResult/>"));
  }
  EXPECT_THAT(store_->RemoveObjects(paths), IsOk());
  EXPECT_THAT(script_.lines(),
              ElementsAre("POST http://h/bucket?delete=", "POST http://h/bucket?delete=",
                          "POST http://h/other?delete="));
  EXPECT_THAT(store_->RemoveObjects({}), IsOk());
}

HttpOutcome Page(const std::string& inside) {
  return Answered(200, {}, "<ListBucketResult>" + inside + "</ListBucketResult>");
}

std::string Object(const std::string& key, int bytes = 1) {
  return fmt::format(
      "<Contents><Key>{}</Key><ETag>\"e\"</ETag><Size>{}</Size></Contents>", key, bytes);
}

TEST_F(S3StoreTest, ListsPageByPage) {
  script_.Then(Page(Object("d/a") +
                    "<IsTruncated>true</IsTruncated>"
                    "<NextContinuationToken>t 1</NextContinuationToken>"));
  script_.Then(Page(Object("d/b")));
  std::vector<std::string> paths;
  EXPECT_THAT(store_->VisitObjects(
                  "s3://bucket/d/",
                  [&](const ObjectInfo& object) { paths.push_back(object.path); }),
              IsOk());
  EXPECT_THAT(paths, ElementsAre("s3://bucket/d/a", "s3://bucket/d/b"));
  EXPECT_THAT(script_.lines()[1], HasSubstr("continuation-token=t%201&"));
}

TEST_F(S3StoreTest, EndsAListingThatDoesNot) {
  const auto ignore = [](const ObjectInfo&) {};
  const std::string same =
      "<IsTruncated>true</IsTruncated>"
      "<NextContinuationToken>t</NextContinuationToken>";
  script_.Then(Page("<IsTruncated>true</IsTruncated>"));
  EXPECT_THAT(store_->VisitObjects("s3://bucket/d/", ignore),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("how it goes on")));
  script_.Then(Page(same));
  script_.Then(Page(same));
  EXPECT_THAT(store_->VisitObjects("s3://bucket/d/", ignore),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("how it goes on")));
}

// Whoever removes what a listing shows must not be shown somebody else's.
TEST_F(S3StoreTest, BelievesNoListingOfOtherKeys) {
  script_.Then(Page(Object("d/a") + Object("other/b")));
  int num_objects = 0;
  EXPECT_THAT(
      store_->VisitObjects("s3://bucket/d/", [&](const ObjectInfo&) { ++num_objects; }),
      FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("not asked for")));
  EXPECT_EQ(num_objects, 0);
}

TEST_F(S3StoreTest, PassesOverMarkersOfFolders) {
  const std::string page = Object("d/", 0) + Object("d/a") + Object("d/k=1_$folder$", 0) +
                           Object("d/real_$folder$", 7) +
                           "<CommonPrefixes><Prefix>d//</Prefix></CommonPrefixes>"
                           "<CommonPrefixes><Prefix>d/k=1/</Prefix></CommonPrefixes>";
  script_.Then(Page(page));
  PARTITA_TEST_ASSIGN(const auto entries, store_->List("s3://bucket/d"));
  std::vector<std::string> names;
  for (const Entry& entry : entries) {
    names.push_back(entry.name);
  }
  EXPECT_THAT(names, ElementsAre("a", "k=1", "real_$folder$"));
  // Whoever replaces a data set removes those of EMR too.
  script_.Then(Page(Object("d/", 0) + Object("d/k=1/", 0) + Object("d/k=1_$folder$", 0)));
  std::vector<std::string> paths;
  EXPECT_THAT(store_->VisitObjects(
                  "s3://bucket/d/",
                  [&](const ObjectInfo& object) { paths.push_back(object.path); }),
              IsOk());
  EXPECT_THAT(paths, ElementsAre("s3://bucket/d/k=1_$folder$"));
}

TEST_F(S3StoreTest, AFolderWithNothingButItsMarkerIsThere) {
  script_.Then(Answered(404));
  script_.Then(Page(Object("d/", 0)));
  PARTITA_TEST_ASSIGN(const EntryInfo info, store_->Stat("s3://bucket/d"));
  EXPECT_EQ(info.kind, EntryKind::kFolder);
  script_.Then(Page(Object("d/", 0)));
  PARTITA_TEST_ASSIGN(const auto entries, store_->List("s3://bucket/d"));
  EXPECT_THAT(entries, IsEmpty());
}

TEST_F(S3StoreTest, SaysWhyALookIsRefused) {
  script_.Then(Answered(403));
  script_.Then(Refused(403, "SignatureDoesNotMatch"));
  EXPECT_THAT(store_->Stat(kPath), FailsWith(ErrorCode::kStoreUnavailable,
                                             HasSubstr("AWS_SECRET_ACCESS_KEY")));
}

TEST_F(S3StoreTest, LooksAgainWithKeysThatAreGood) {
  script_.Then(Answered(400));
  script_.Then(Refused(400, "ExpiredToken"));
  script_.Then(Answered(206, {}, "x"));
  script_.Then(Answered(200, {{"content-length", "7"}, {"etag", "\"e\""}}));
  PARTITA_TEST_ASSIGN(const EntryInfo info, store_->Stat(kPath));
  EXPECT_EQ(info.bytes, 7);
  EXPECT_EQ(info.version, "\"e\"");
}

HttpOutcome Uploads(const std::string& inside) {
  return Answered(
      200, {}, "<ListMultipartUploadsResult>" + inside + "</ListMultipartUploadsResult>");
}

std::string Upload(const std::string& key) {
  return fmt::format("<Upload><Key>{}</Key><UploadId>id of {}</UploadId></Upload>", key,
                     key);
}

// MinIO knows no prefixes: it is asked for all, and what is not wanted is left out here.
TEST_F(S3StoreTest, FindsUploadsOnServersThatKnowNoPrefixes) {
  script_.Then(Uploads(Upload("other/x") + Upload("d/a") +
                       "<IsTruncated>true</IsTruncated>"
                       "<NextKeyMarker>d/a</NextKeyMarker>"
                       "<NextUploadIdMarker>id of d/a</NextUploadIdMarker>"));
  script_.Then(Uploads(Upload("d/b")));
  std::vector<std::string> found;
  EXPECT_THAT(store_->VisitUploads("s3://bucket/d/",
                                   [&](const OpenUpload& upload) {
                                     found.push_back(upload.path + " " + upload.id);
                                   }),
              IsOk());
  EXPECT_THAT(found,
              ElementsAre("s3://bucket/d/a id of d/a", "s3://bucket/d/b id of d/b"));
  EXPECT_THAT(script_.lines(),
              ElementsAre("GET http://h/bucket?encoding-type=url&uploads=",
                          "GET http://h/bucket?encoding-type=url&key-marker=d%2Fa"
                          "&upload-id-marker=id%20of%20d%2Fa&uploads="));
}

TEST_F(S3StoreTest, AsksAmazonForUploadsOfAPrefix) {
  const auto store = ScriptedStore(&script_, {});
  script_.Then(Uploads(""));
  EXPECT_THAT(store->VisitUploads("s3://bucket/d/", [](const OpenUpload&) {}), IsOk());
  EXPECT_THAT(script_.lines(), ElementsAre(HasSubstr("prefix=d%2F")));
}

TEST_F(S3StoreTest, CountsWhatItHasAsked) {
  EXPECT_FALSE(store_->requests().has_value());
  script_.Then(Refused(500, "InternalError"));
  script_.Then(Answered(200, {{"etag", "\"e\""}}));
  script_.Then(Answered(204));
  EXPECT_THAT(store_->Put(kPath, "hello", {}), IsOk());
  EXPECT_THAT(store_->RemoveFile(kPath), IsOk());
  const auto requests = store_->requests();
  ASSERT_TRUE(requests.has_value());
  EXPECT_EQ(requests->num_puts, 2);
  EXPECT_EQ(requests->num_deletes, 1);
  EXPECT_EQ(requests->num_gets, 0);
  EXPECT_EQ(requests->num_retries, 1);
  EXPECT_EQ(requests->num_throttled, 0);
  EXPECT_EQ(requests->bytes_sent, 10);
}

}  // namespace
}  // namespace partita
