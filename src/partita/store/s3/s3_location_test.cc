#include "partita/store/s3/s3_location.h"

#include <string>

#include "support/status_matchers.h"

namespace partita {
namespace {

using ::testing::HasSubstr;

TEST(S3LocationTest, SplitsEveryPathThatItMakes) {
  for (const char* key : {"", "a", "a/b=1/c", "a//b", "/", "a/", "./..", " %20+"}) {
    const S3Location where{.bucket = "bucket", .key = key};
    const S3Location split = SplitS3Path(where.path());
    EXPECT_EQ(split.bucket, "bucket") << key;
    EXPECT_EQ(split.key, key);
  }
}

TEST(S3LocationTest, ReadsWhatUsersWrite) {
  PARTITA_TEST_ASSIGN(const S3Location where, ParseS3Path("S3A://bucket/a/b/"));
  EXPECT_EQ(where.path(), "s3://bucket/a/b");
  PARTITA_TEST_ASSIGN(const S3Location root, ParseS3Path("s3://bucket/"));
  EXPECT_EQ(root.path(), "s3://bucket");
}

TEST(S3LocationTest, RefusesWhatServersUnderstandInDifferentWays) {
  for (const char* path : {"s3://bucket/a//b", "s3://bucket/a//", "s3://bucket/./a",
                           "s3://bucket/a/..", "s3://bucket//a"}) {
    EXPECT_THAT(ParseS3Path(path), FailsWith(ErrorCode::kInvalidConfig, HasSubstr(path)));
  }
  EXPECT_THAT(ParseS3Path("s3://bucket/" + std::string(1025, 'k')),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("1,024 bytes")));
  EXPECT_THAT(ParseS3Path("s3://"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("no bucket")));
  EXPECT_THAT(ParseS3Path("s3://b ad/k"),
              FailsWith(ErrorCode::kInvalidConfig, HasSubstr("b ad")));
}

}  // namespace
}  // namespace partita
