// The streams of an S3Store.
#include <memory>
#include <string>

#include <arrow/buffer.h>
#include <arrow/io/interfaces.h>
#include <fmt/core.h>

#include "support/s3_script.h"
#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kPath[] = "s3://bucket/data/f";

class S3StreamTest : public S3ScriptTest {
 protected:
  // An object of these bytes, opened as a listing has shown it.
  std::shared_ptr<arrow::io::RandomAccessFile> Open(int64_t bytes) {
    return store_
        ->OpenSeen(kPath,
                   {.kind = EntryKind::kFile, .bytes = bytes, .version = "\"seen\""})
        .ValueOrDie();
  }

  // Of an object of `size` bytes.
  void ThenRange(int64_t first, const std::string& bytes, int64_t size = 10) {
    const int64_t last = first + std::ssize(bytes) - 1;
    script_.Then(
        Answered(206,
                 {{"content-range", fmt::format("bytes {}-{}/{}", first, last, size)},
                  {"etag", "seen"}},
                 bytes));
  }
};

TEST_F(S3StreamTest, ManySmallReadsAreOneRequest) {
  const auto file = Open(1000);
  std::string bytes(1000, 'x');
  bytes[999] = 'y';
  ThenRange(0, bytes, 1000);
  std::string read;
  for (int i = 0; i < 1000; ++i) {
    PARTITA_TEST_ASSIGN(const auto buffer, file->Read(1));
    read += buffer->ToString();
  }
  EXPECT_EQ(read, bytes);
  EXPECT_EQ(file->Read(1).ValueOrDie()->size(), 0);
}

TEST_F(S3StreamTest, AReadOverTheEndGivesWhatIsThere) {
  const auto file = Open(10);
  ThenRange(8, "89");
  EXPECT_EQ(file->ReadAt(8, 100).ValueOrDie()->ToString(), "89");
  EXPECT_EQ(file->ReadAt(10, 1).ValueOrDie()->size(), 0);
  EXPECT_EQ(file->ReadAt(1000, 1).ValueOrDie()->size(), 0);
}

TEST_F(S3StreamTest, AReplacedOrRemovedObjectIsNamed) {
  const auto file = Open(10);
  script_.Then(Answered(412));
  EXPECT_THAT(
      file->ReadAt(0, 5),
      FailsWith(ErrorCode::kBadInput, AllOf(HasSubstr("replaced"), HasSubstr(kPath))));
  script_.Then(Refused(404, "NoSuchKey"));
  EXPECT_THAT(
      file->ReadAt(0, 5),
      FailsWith(ErrorCode::kBadInput, AllOf(HasSubstr("removed"), HasSubstr(kPath))));
}

TEST_F(S3StreamTest, OtherBytesThanWereAskedForAreAnError) {
  const auto file = Open(10);
  ThenRange(0, "0123");
  EXPECT_THAT(file->ReadAt(0, 5),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr(kPath)));
  ThenRange(1, "12345");
  EXPECT_THAT(file->ReadAt(0, 5),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr(kPath)));
  script_.Then(Answered(200, {}, "0123456789"));  // of a server without ranges
  EXPECT_THAT(file->ReadAt(3, 5),
              FailsWith(ErrorCode::kStoreUnavailable, HasSubstr("status 200")));
  script_.Then(Answered(200, {}, "0123456789"));
  EXPECT_EQ(file->ReadAt(0, 10).ValueOrDie()->ToString(), "0123456789");
}

// Gateways and caches pass conditions over: rows of two objects are none.
TEST_F(S3StreamTest, AReplacedObjectIsNoticedWhereConditionsArePassedOver) {
  const auto file = Open(10);
  script_.Then(
      Answered(206, {{"content-range", "bytes 0-4/10"}, {"etag", "\"other\""}}, "01234"));
  EXPECT_THAT(
      file->ReadAt(0, 5),
      FailsWith(ErrorCode::kBadInput, AllOf(HasSubstr("replaced"), HasSubstr(kPath))));
  ThenRange(0, "01234", 11);
  EXPECT_THAT(file->ReadAt(0, 5), FailsWith(ErrorCode::kBadInput, HasSubstr("replaced")));
  script_.Then(Answered(200, {{"etag", "\"other\""}}, "0123456789"));
  EXPECT_THAT(file->ReadAt(0, 10),
              FailsWith(ErrorCode::kBadInput, HasSubstr("replaced")));
  script_.Then(
      Answered(206, {{"content-range", "bytes 0-4/*"}, {"etag", "W/\"seen\""}}, "01234"));
  EXPECT_EQ(file->ReadAt(0, 5).ValueOrDie()->ToString(), "01234");
}

TEST_F(S3StreamTest, ASmallFileIsOnePut) {
  script_.Then(Answered(404));
  script_.Then(Answered(200, {{"etag", "\"e\""}}));
  PARTITA_TEST_ASSIGN(const auto file, store_->Create(kPath, {}));
  EXPECT_THAT(file->Write("hel", 3), IsOk());
  EXPECT_THAT(file->Write("lo", 2), IsOk());
  EXPECT_EQ(file->Tell().ValueOrDie(), 5);
  EXPECT_THAT(file->Close(), IsOk());
  EXPECT_THAT(script_.lines(), ElementsAre(StartsWith("HEAD"), StartsWith("PUT")));
  EXPECT_EQ(script_.bodies()[1], "hello");
}

TEST_F(S3StreamTest, AFileThatSomebodyElseHasMadeMeanwhileStays) {
  script_.Then(Answered(404));
  script_.Then(Answered(412));
  PARTITA_TEST_ASSIGN(const auto file, store_->Create(kPath, {}));
  EXPECT_THAT(file->Close(), FailsWith(ErrorCode::kAlreadyExists, HasSubstr(kPath)));
  EXPECT_TRUE(file->closed());
  EXPECT_THAT(file->Close(), IsOk());
}

TEST_F(S3StreamTest, ALargeFileGoesInPartsThatAreGivenUpWithoutAClose) {
  script_.Then(Answered(404));
  script_.Then(Answered(200, {},
                        "<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                        "</InitiateMultipartUploadResult>"));
  script_.Then(Answered(200, {{"etag", "\"1\""}}));
  script_.Then(Answered(204));
  {
    PARTITA_TEST_ASSIGN(const auto file, store_->Create(kPath, {}));
    const std::string more_than_a_part((size_t{8} << 20) + 1, 'x');
    EXPECT_THAT(file->Write(more_than_a_part), IsOk());
  }
  EXPECT_THAT(script_.lines(),
              ElementsAre(StartsWith("HEAD"), "POST http://h/bucket/data/f?uploads=",
                          "PUT http://h/bucket/data/f?partNumber=1&uploadId=u",
                          "DELETE http://h/bucket/data/f?uploadId=u"));
}

TEST_F(S3StreamTest, ALargeFileIsCompletedWhereNothingIs) {
  script_.Then(Answered(404));
  script_.Then(Answered(200, {},
                        "<InitiateMultipartUploadResult><UploadId>u</UploadId>"
                        "</InitiateMultipartUploadResult>"));
  script_.Then(Answered(200, {{"etag", "\"1\""}}));
  script_.Then(Answered(200, {{"etag", "\"2\""}}));
  script_.Then(Answered(200, {}, "<CompleteMultipartUploadResult/>"));
  PARTITA_TEST_ASSIGN(const auto file, store_->Create(kPath, {}));
  EXPECT_THAT(file->Write(std::string((size_t{8} << 20) + 1, 'x')), IsOk());
  EXPECT_THAT(file->Close(), IsOk());
  ASSERT_EQ(script_.bodies().size(), 5);
  EXPECT_EQ(script_.bodies()[3], "x");
  EXPECT_THAT(script_.bodies()[4], AllOf(HasSubstr("<PartNumber>1</PartNumber>"),
                                         HasSubstr("<PartNumber>2</PartNumber>")));
}

}  // namespace
}  // namespace partita
