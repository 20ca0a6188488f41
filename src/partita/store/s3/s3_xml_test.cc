#include "partita/store/s3/s3_xml.h"

#include <string>
#include <vector>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kListing[] = R"(<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Name>bucket</Name><Prefix>a/</Prefix><KeyCount>3</KeyCount><MaxKeys>1000</MaxKeys>
  <IsTruncated>true</IsTruncated>
  <NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken>
  <Contents>
    <Key>a/x &amp; y.csv</Key><LastModified>2015-10-21T07:28:00.000Z</LastModified>
    <ETag>&quot;70ee1738b6b21e2c8a43f3a5ab0eee71&quot;</ETag><Size>434234</Size>
    <StorageClass>STANDARD</StorageClass>
  </Contents>
  <Contents><Key>a/z</Key><ETag>"e"</ETag><Size>0</Size></Contents>
  <CommonPrefixes><Prefix>a/k=1/</Prefix></CommonPrefixes>
  <CommonPrefixes><Prefix>a/k=2/</Prefix></CommonPrefixes>
</ListBucketResult>)";

TEST(S3XmlTest, ReadsAListing) {
  PARTITA_TEST_ASSIGN(const S3Listing listing, ParseListing(kListing));
  ASSERT_EQ(listing.objects.size(), 2);
  EXPECT_EQ(listing.objects[0].key, "a/x & y.csv");
  EXPECT_EQ(listing.objects[0].bytes, 434234);
  EXPECT_EQ(listing.objects[0].etag, "\"70ee1738b6b21e2c8a43f3a5ab0eee71\"");
  EXPECT_EQ(listing.objects[0].modified, std::chrono::seconds(1445412480));
  EXPECT_EQ(listing.objects[1].key, "a/z");
  EXPECT_EQ(listing.objects[1].modified, std::chrono::seconds(0));
  EXPECT_THAT(listing.prefixes, ElementsAre("a/k=1/", "a/k=2/"));
  EXPECT_TRUE(listing.is_truncated);
  EXPECT_EQ(listing.next_token, "1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=");
}

TEST(S3XmlTest, ReadsAnEmptyListing) {
  PARTITA_TEST_ASSIGN(
      const S3Listing listing,
      ParseListing(
          "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"));
  EXPECT_THAT(listing.objects, IsEmpty());
  EXPECT_THAT(listing.prefixes, IsEmpty());
  EXPECT_FALSE(listing.is_truncated);
}

// A server that does not obey encoding-type=url sends keys as they are, and says so by saying nothing.
TEST(S3XmlTest, DecodesKeysWhereTheServerSaysThatItHasEncodedThem) {
  const std::string contents =
      "<Contents><Key>a%20b+c%2B</Key><Size>1</Size></Contents>"
      "<CommonPrefixes><Prefix>p%3D1/</Prefix></CommonPrefixes></ListBucketResult>";
  PARTITA_TEST_ASSIGN(
      const S3Listing encoded,
      ParseListing("<ListBucketResult><EncodingType>url</EncodingType>" + contents));
  EXPECT_EQ(encoded.objects[0].key, "a b c+");
  EXPECT_THAT(encoded.prefixes, ElementsAre("p=1/"));
  PARTITA_TEST_ASSIGN(const S3Listing raw, ParseListing("<ListBucketResult>" + contents));
  EXPECT_EQ(raw.objects[0].key, "a%20b+c%2B");
  EXPECT_THAT(raw.prefixes, ElementsAre("p%3D1/"));
}

TEST(S3XmlTest, KeepsKeysThatAreBlanksAndLineEnds) {
  PARTITA_TEST_ASSIGN(
      const S3Listing listing,
      ParseListing("<ListBucketResult>\n <Contents>\n <Key> </Key>\n <Size>1</Size>\n "
                   "</Contents>\n<Contents><Key>a&#13;&#10;&#1;b </Key><Size>1</Size>"
                   "</Contents></ListBucketResult>"));
  ASSERT_EQ(listing.objects.size(), 2);
  EXPECT_EQ(listing.objects[0].key, " ");
  EXPECT_EQ(listing.objects[1].key,
            "a\r\n\x01"
            "b ");
}

TEST(S3XmlTest, RefusesWhatIsNoListing) {
  for (const std::string& text :
       {std::string(), std::string("<"), std::string("hello"), std::string("<a/>"),
        std::string("<html><body>Not Found</body></html>"), std::string("<Error/>"),
        std::string("<ListBucketResult><Contents><Key>a</Key></Contents>"
                    "</ListBucketResult>"),
        std::string("<ListBucketResult><Contents><Key>a</Key><Size>-1</Size></Contents>"
                    "</ListBucketResult>"),
        std::string("<ListBucketResult><Contents><Key>a</Key><Size>1e3</Size></Contents>"
                    "</ListBucketResult>"),
        std::string("<ListBucketResult><Contents><Size>1</Size></Contents>"
                    "</ListBucketResult>"),
        std::string("\0\xFF\xFE<?", 5), std::string(100'000, '<')}) {
    EXPECT_THAT(ParseListing(text), FailsWith(ErrorCode::kStoreUnavailable, _))
        << text.substr(0, 100);
  }
}

TEST(S3XmlTest, RefusesAListingThatIsCutOffAnywhere) {
  const std::string listing = kListing;
  for (size_t length = 0; length < listing.size(); ++length) {
    EXPECT_THAT(ParseListing(listing.substr(0, length)),
                FailsWith(ErrorCode::kStoreUnavailable, _))
        << length;
  }
}

TEST(S3XmlTest, TakesNoEntitiesOfAServersOwnMaking) {
  PARTITA_TEST_ASSIGN(
      const S3Listing listing,
      ParseListing("<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
                   "<ListBucketResult><Contents><Key>&f;</Key><Size>1</Size></Contents>"
                   "</ListBucketResult>"));
  EXPECT_EQ(listing.objects[0].key, "&f;");
}

TEST(S3XmlTest, SurvivesTagsInEachOther) {
  std::string text = "<ListBucketResult>";
  for (int i = 0; i < 100'000; ++i) {
    text += "<a>";
  }
  EXPECT_THAT(ParseListing(text), FailsWith(ErrorCode::kStoreUnavailable, _));
}

TEST(S3XmlTest, ReadsAListingOfUploads) {
  PARTITA_TEST_ASSIGN(
      const S3UploadListing listing,
      ParseUploadListing(
          "<ListMultipartUploadsResult><EncodingType>url</EncodingType>"
          "<IsTruncated>true</IsTruncated><NextKeyMarker>b%20c</NextKeyMarker>"
          "<NextUploadIdMarker>two+</NextUploadIdMarker>"
          "<Upload><Key>a%3D1</Key><UploadId>one</UploadId>"
          "<Initiated>2015-10-21T07:28:00.000Z</Initiated></Upload>"
          "<Upload><Key>b+c</Key><UploadId>two+</UploadId></Upload>"
          "</ListMultipartUploadsResult>"));
  ASSERT_EQ(listing.uploads.size(), 2);
  EXPECT_EQ(listing.uploads[0].key, "a=1");
  EXPECT_EQ(listing.uploads[0].id, "one");
  EXPECT_EQ(listing.uploads[0].begun, std::chrono::seconds(1445412480));
  EXPECT_EQ(listing.uploads[1].key, "b c");
  EXPECT_EQ(listing.uploads[1].id, "two+");
  EXPECT_FALSE(listing.uploads[1].begun.has_value());
  EXPECT_TRUE(listing.is_truncated);
  EXPECT_EQ(listing.next_key, "b c");
  EXPECT_EQ(listing.next_id, "two+");
  EXPECT_THAT(ParseUploadListing("<ListMultipartUploadsResult><Upload><Key>a</Key>"
                                 "</Upload></ListMultipartUploadsResult>"),
              FailsWith(ErrorCode::kStoreUnavailable, _));
}

TEST(S3XmlTest, ReadsTheIdOfAnUpload) {
  PARTITA_TEST_ASSIGN(const std::string id,
                      ParseCreatedUpload("<InitiateMultipartUploadResult>"
                                         "<UploadId>VXBsb2Fk_.-</UploadId>"
                                         "</InitiateMultipartUploadResult>"));
  EXPECT_EQ(id, "VXBsb2Fk_.-");
  EXPECT_THAT(ParseCreatedUpload("<InitiateMultipartUploadResult/>"),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("without an id")));
}

TEST(S3XmlTest, TellsACompletedUploadFromAnErrorWithStatus200) {
  EXPECT_TRUE(
      IsCompletedUpload("<?xml version=\"1.0\"?>\n\n  "
                        "<CompleteMultipartUploadResult><ETag>\"e-1\"</ETag>"
                        "</CompleteMultipartUploadResult>"));
  EXPECT_FALSE(IsCompletedUpload("<Error><Code>InternalError</Code></Error>"));
  EXPECT_FALSE(IsCompletedUpload("<CompleteMultipartUploadResult><ETag>"));
  EXPECT_FALSE(IsCompletedUpload(""));
}

TEST(S3XmlTest, ReadsAnError) {
  const auto error = ParseErrorDocument(
      "<Error><Code>AuthorizationHeaderMalformed</Code><Message>wrong region</Message>"
      "<Region>eu-west-1</Region><RequestId>4442587FB7D0A2F9</RequestId></Error>");
  ASSERT_TRUE(error.has_value());
  EXPECT_EQ(error->code, "AuthorizationHeaderMalformed");
  EXPECT_EQ(error->message, "wrong region");
  EXPECT_EQ(error->region, "eu-west-1");
  EXPECT_EQ(error->request_id, "4442587FB7D0A2F9");
  for (const char* text : {"", "<Error/>", "<html/>", "<Error><Code>", "\x01"}) {
    EXPECT_FALSE(ParseErrorDocument(text).has_value()) << text;
  }
}

TEST(S3XmlTest, ReadsWhatWasNotRemoved) {
  PARTITA_TEST_ASSIGN(
      const auto errors,
      ParseDeleteResult(
          "<DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>b &lt;</Key>"
          "<Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>"));
  ASSERT_EQ(errors.size(), 1);
  EXPECT_EQ(errors[0].key, "b <");
  EXPECT_EQ(errors[0].code, "AccessDenied");
  EXPECT_EQ(errors[0].message, "no");
  PARTITA_TEST_ASSIGN(const auto none, ParseDeleteResult("<DeleteResult/>"));
  EXPECT_THAT(none, IsEmpty());
  EXPECT_THAT(ParseDeleteResult("<Error><Code>SlowDown</Code></Error>"),
              FailsWith(ErrorCode::kStoreUnavailable, _));
}

TEST(S3XmlTest, WritesPartsWithTheirChecksums) {
  const std::vector<UploadedPart> parts = {{.etag = "\"e1\"", .checksum = "AAAAAA=="},
                                           {.etag = "\"e2\"", .checksum = ""}};
  EXPECT_EQ(CompleteUploadText(parts),
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            "<Part><PartNumber>1</PartNumber><ETag>&#34;e1&#34;</ETag>"
            "<ChecksumCRC32C>AAAAAA==</ChecksumCRC32C></Part>"
            "<Part><PartNumber>2</PartNumber><ETag>&#34;e2&#34;</ETag></Part>"
            "</CompleteMultipartUpload>");
}

TEST(S3XmlTest, WritesKeysSoThatXmlKeepsThem) {
  const std::vector<std::string> keys = {"a/b=1", "<&>\"'", "\r\n\x01", "Škoda"};
  EXPECT_EQ(DeleteObjectsText(keys),
            "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            "<Quiet>true</Quiet>"
            "<Object><Key>a/b=1</Key></Object>"
            "<Object><Key>&#60;&#38;&#62;&#34;&#39;</Key></Object>"
            "<Object><Key>&#13;&#10;&#1;</Key></Object>"
            "<Object><Key>Škoda</Key></Object></Delete>");
}

}  // namespace
}  // namespace partita
